import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StackSpec, type WrittenStack, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { patch } from '../../experiments/harness/fixtures/tiff-bytes.js';
import { openFile } from '../../src/bytes/file-reader.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { isSlideError, SlideError } from '../../src/errors.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { openTiff } from '../../src/tiff/tiff-file.js';
import { looksLikeTiff } from '../../src/tiff/tiff-magic.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const tiny = { width: 70, height: 40, planes: 2, depth: () => 0 } as const;
const variants = [
  { name: 'classic', big: false, bigEndian: false },
  { name: 'classic, big-endian', big: false, bigEndian: true },
  { name: 'BigTIFF', big: true, bigEndian: false },
  { name: 'BigTIFF, big-endian', big: true, bigEndian: true },
] as const;

const stacks = new Map<string, Promise<WrittenStack>>();

/** A stack of each kind, written once. */
function stackOf(name: string, spec: Partial<StackSpec> = {}): Promise<WrittenStack> {
  const known = stacks.get(name) ?? writeStack(folder.folder(name), { ...tiny, ...spec });
  stacks.set(name, known);
  return known;
}

/** Opens a file of these bytes and decodes every tile: what was decoded, or the error. */
async function readAll(bytes: Uint8Array): Promise<unknown> {
  const path = folder.at('damaged.ome.tif');
  await writeFile(path, bytes);
  try {
    const source = await openSlide(path);
    try {
      const { levels, planes } = source.info;
      const decoded: unknown[] = [];
      for (const { level, grid } of levels) {
        for (const { plane } of planes) {
          for (let i = 0; i < grid.columns * grid.rows; i++) {
            const address = { level, plane, row: Math.floor(i / grid.columns), column: i % grid.columns };
            const tile = await source.readTile(address);
            if (tile) decoded.push((await decodeTile(tile)).data);
          }
        }
      }
      return decoded;
    } finally {
      await source.close();
    }
  } catch (error) {
    return error;
  }
}

describe.each(variants)('a $name file', ({ name, big, bigEndian }) => {
  it('should always be opened with its directories in order', async () => {
    const { path, tiffs, levels } = await stackOf(name, { big, bigEndian });
    const reader = await openFile(path);
    expect(looksLikeTiff(await reader.read(0, 8))).toBe(true);
    const tiff = await openTiff(reader);
    expect(tiff.directories.map(({ offset }) => offset)).toEqual(tiffs[0].directories.map(({ offset }) => offset));
    for (const [i, directory] of tiff.directories.entries()) {
      const coarser = await tiff.subDirectories(directory);
      const places = tiffs[0].directories[i];
      expect(coarser.map(({ offset }) => offset)).toEqual(places.children.map(({ offset }) => offset));
      expect(Array.from(directory.chunks.offsets)).toEqual(places.chunkOffsets);
      expect(Array.from(directory.chunks.byteCounts)).toEqual(places.chunkLengths);
      expect(coarser.map(({ reduced }) => reduced)).toEqual(levels.slice(1).map(() => true));
    }
    await reader.close();
  });

  it('should never be half read: cut anywhere, it is refused or whole', async () => {
    const { tiffs } = await stackOf(name, { big, bigEndian });
    const { bytes } = tiffs[0];
    const whole = await readAll(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        const outcome = await readAll(bytes.subarray(0, length));
        if (outcome instanceof Error) {
          expect(isSlideError(outcome, 'damaged', 'unsupported')).toBe(true);
          expect((outcome as SlideError).place.file).toBe(folder.at('damaged.ome.tif'));
        } else expect(outcome).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('should never bring zflat down, whichever bytes of its directories are damaged', async () => {
    const { tiffs } = await stackOf(name, { big, bigEndian });
    const { bytes, directories } = tiffs[0];
    // The table of each directory, and the header.
    const tables = [
      { from: 0, to: big ? 16 : 8 },
      ...directories
        .flatMap((place) => [place, ...place.children])
        .map(({ offset, nextAt }) => ({ from: offset, to: nextAt + (big ? 8 : 4) })),
    ];
    const place = fc.constantFrom(...tables).chain(({ from, to }) => fc.integer({ min: from, max: to - 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 }), async (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const outcome = await readAll(damaged);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SlideError);
      }),
      { numRuns: 120 },
    );
  });
});

describe('openTiff', () => {
  /** The bytes of the classic stack, changed. */
  async function changed(change: (stack: WrittenStack['tiffs'][number]) => void): Promise<unknown> {
    const { tiffs } = await stackOf('classic');
    const copy = { ...tiffs[0], bytes: Buffer.from(tiffs[0].bytes) };
    change(copy);
    return readAll(copy.bytes);
  }

  it('should never parse more directories than there can be images: a chain of small ones is refused', async () => {
    const [count, entries] = [100_000, 9];
    const length = 2 + 12 * entries + 4;
    const bytes = Buffer.alloc(8 + count * length);
    bytes.write('II*\0', 'latin1');
    bytes.writeUInt32LE(8, 4);
    const fields = [256, 257, 258, 259, 262, 273, 277, 278, 279];
    for (let i = 0, at = 8; i < count; i++) {
      at = bytes.writeUInt16LE(entries, at);
      for (const tag of fields) {
        at = bytes.writeUInt16LE(tag, at);
        at = bytes.writeUInt16LE(4, at);
        at = bytes.writeUInt32LE(1, at);
        at = bytes.writeUInt32LE(tag === 258 ? 8 : tag === 273 || tag === 279 ? 16 : tag < 258 ? 4 : 1, at);
      }
      at = bytes.writeUInt32LE(i + 1 < count ? at + 4 : 0, at);
    }
    const outcome = await readAll(bytes);
    expect(outcome).toMatchObject({ code: 'damaged', problem: expect.stringMatching(/has \d+ directories or more/) });
  });

  it('should always find a chain that returns to where it was', async () => {
    const outcome = await changed((tiff) => patch(tiff, tiff.directories[1].nextAt, tiff.directories[0].offset, 4));
    expect(outcome).toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/chain of directories returns to byte/),
    });
    const itself = await changed((tiff) => patch(tiff, tiff.directories[0].nextAt, tiff.directories[0].offset, 4));
    expect(itself).toMatchObject({ code: 'damaged', message: expect.stringMatching(/returns to/) });
  });

  it('should never follow SubIFDs that point at their own directory as levels', async () => {
    const outcome = await changed((tiff) => {
      const [{ offset, valuesAt }] = tiff.directories;
      patch(tiff, valuesAt.get(330) as number, offset, 4);
    });
    // The first of them is no coarser level; what else there is can be read.
    expect(Array.isArray(outcome) || isSlideError(outcome, 'damaged')).toBe(true);
  });

  it('should always say where a directory lies that can not be there', async () => {
    const outcome = await changed((tiff) => patch(tiff, 4, 0x7fff_fff0, 4));
    expect(outcome).toMatchObject({ code: 'damaged', message: expect.stringMatching(/directory at byte 2147483632/) });
  });

  it('should always refuse tiles larger than any can be, of whichever level', async () => {
    for (const level of [0, 1]) {
      const outcome = await changed((tiff) => {
        const { valuesAt } = tiff.directories[level];
        const at = valuesAt.get(322) as number;
        patch(tiff, at - 6, 4, 2); // a number of 32 bits
        patch(tiff, at, 2 ** 20, 4);
      });
      expect(outcome).toMatchObject({
        code: 'damaged',
        message: expect.stringMatching(/tiles of 1048576 x \d+ pixels/),
      });
    }
  });

  it('should always refuse a file with no directory at all', async () => {
    const outcome = await changed((tiff) => patch(tiff, 4, 0, 4));
    expect(outcome).toMatchObject({ code: 'damaged', message: expect.stringMatching(/no image/) });
  });

  it('should never take other files for TIFF', () => {
    for (const head of ['', 'II', 'GIF89a', 'MM*\0', 'II\0*', '\xff\xd8\xff\xe0', 'IIII']) {
      expect(looksLikeTiff(Buffer.from(head, 'latin1'))).toBe(false);
    }
  });
});
