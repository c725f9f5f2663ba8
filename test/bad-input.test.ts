// Files that are damaged, absurd or not what they seem: each is refused with a message that says where and what to do, nothing is
// left behind, and nothing large is allocated on their word.
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import {
  depthByTile,
  type StackSpec,
  type WrittenStack,
  writeStack,
} from '../experiments/harness/fixtures/ome-stack.js';
import { grey, rgb, sharpPicture } from '../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../experiments/harness/fixtures/plane-files.js';
import { patch, type TiffBytes } from '../experiments/harness/fixtures/tiff-bytes.js';
import { verifySlide } from '../src/api/verify-slide.js';
import type { SlideError } from '../src/errors.js';
import { flattenSlide } from '../src/flatten-slide.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { namesIn, openFiles, refusalOf } from './fixtures/left-behind.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';

const folder = temporaryFolder();
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;
let count = 0;

/** Flattens into a folder of its own, which must stay empty; answers the refusal. */
async function refused(input: string | readonly string[], options = {}): Promise<SlideError> {
  const out = folder.folder(`out-${count++}`);
  const refusal = await refusalOf(flattenSlide(input, join(out, 'flat.ome.tif'), { method: 'exhaustive', ...options }));
  expect(namesIn(out)).toEqual([]);
  expect(folder.scratch()).toEqual([]);
  // What libvips has under way, nobody can stop: it ends soon.
  await vi.waitFor(() => expect(openFiles().filter((path) => path.startsWith(folder.at()))).toEqual([]), {
    timeout: 20_000,
  });
  return refusal;
}

async function written(spec: Partial<StackSpec> = {}): Promise<WrittenStack> {
  return writeStack(folder.folder(`in-${count++}`), { ...small, ...spec });
}

/** A stack whose first file was changed. */
async function changed(
  spec: Partial<StackSpec>,
  change: (tiff: TiffBytes, stack: WrittenStack) => void,
): Promise<WrittenStack> {
  const stack = await written(spec);
  const [tiff] = stack.tiffs;
  change(tiff, stack);
  await writeFile(tiff.path, tiff.bytes);
  return stack;
}

/** Where the offset or the length of a chunk stands in the directory of a plane at a level. */
function chunkEntry(
  { directories }: TiffBytes,
  plane: number,
  level: number,
  tile: number,
  tag: 'offset' | 'length',
): number {
  const place = level === 0 ? directories[plane] : directories[plane].children[level - 1];
  return (place.valuesAt.get(tag === 'offset' ? 324 : 325) as number) + 4 * tile;
}

describe('a file that is not what it seems', () => {
  it('should always be refused when empty', async () => {
    const path = folder.at('empty.ome.tif');
    await writeFile(path, '');
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path },
      problem: expect.stringMatching(/empty/),
      hint: expect.any(String),
    });
  });

  it('should always be refused when it is missing, or a folder without pictures', async () => {
    const path = folder.at('nowhere.ome.tif');
    expect(await refused(path)).toMatchObject({ code: 'unreadable', place: { file: path }, hint: expect.any(String) });
    const empty = folder.folder('empty-folder');
    expect(await refused(empty)).toMatchObject({
      code: 'unreadable',
      place: { file: empty },
      hint: expect.any(String),
    });
  });

  it('should always be refused when it is no picture', async () => {
    for (const content of ['just text', '\0\0\0\0\0\0\0\0', 'II*', '%PDF-1.7', '{"schema":"zflat.depth-map/1"}']) {
      const path = folder.at('other.ome.tif');
      await writeFile(path, content);
      expect(await refused(path)).toMatchObject({
        code: expect.stringMatching(/unsupported|damaged/),
        place: { file: path },
        hint: expect.any(String),
      });
    }
  });

  it('should always be refused when one of several planes is no picture', async () => {
    const { folder: input } = await writePlanes(folder.at('one-bad'), small, (z) => `z${z}.png`, saveWithSharp);
    await writeFile(join(input, 'z1.png'), 'no picture');
    expect(await refused(input)).toMatchObject({ code: 'unsupported', place: { file: join(input, 'z1.png') } });
  });
});

describe('a file that was cut short', () => {
  const parts: Record<string, (tiff: TiffBytes) => number> = {
    'in its header': () => 6,
    'in a directory': ({ directories }) => directories[2].offset + 7,
    'in tile data': ({ directories }) => directories[2].chunkOffsets[1] + 5,
  };

  it.each(Object.entries(parts))('should always be refused %s', async (_, cut) => {
    const { path, tiffs } = await written();
    await writeFile(path, tiffs[0].bytes.subarray(0, cut(tiffs[0])));
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path },
      hint: expect.stringMatching(/copy/),
    });
  });

  it('should always be refused in the strips of a plane', async () => {
    for (const codec of ['raw', 'lzw'] as const) {
      const { path, tiffs } = await written({ tile: undefined, pyramid: 'none', storage: { codec } });
      const [tiff] = tiffs;
      // Directories first, then the strips of the last plane: moved to the end, and cut.
      const last = tiff.directories[2];
      const moved = Buffer.concat([
        tiff.bytes,
        tiff.bytes.subarray(last.chunkOffsets[1], last.chunkOffsets[1] + last.chunkLengths[1]),
      ]);
      const whole = { ...tiff, bytes: moved };
      patch(whole, (last.valuesAt.get(273) as number) + 4, tiff.bytes.length, 4);
      await writeFile(path, moved.subarray(0, -3));
      expect(await refused(path)).toMatchObject({
        code: 'damaged',
        place: { file: path, plane: 2 },
        hint: expect.stringMatching(/copy/),
      });
    }
  });

  it('should always be refused in a picture that is a plane', async () => {
    for (const extension of ['png', 'jpg', 'tif']) {
      const { folder: input, files } = await writePlanes(
        folder.at(`cut-${extension}`),
        small,
        (z) => `z${z}.${extension}`,
        saveWithSharp,
      );
      const whole = await readFile(files[1]);
      await writeFile(files[1], whole.subarray(0, Math.floor(whole.length / 2)));
      const refusal = await refused(input);
      expect(refusal).toMatchObject({ code: 'damaged', place: { file: files[1] } });
      expect(refusal.hint).toMatch(/copy/);
    }
  });
});

describe('a directory that contradicts the file', () => {
  it('should always be refused with the place of a tile that lies beyond the end', async () => {
    const { path } = await changed({}, (tiff) => patch(tiff, chunkEntry(tiff, 1, 0, 4, 'offset'), 0x7000_0000, 4));
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 1, row: 1, column: 1 },
      problem: expect.stringMatching(/past the end/),
      hint: expect.stringMatching(/copy/),
    });
  });

  it('should always be refused with the place of a coarser tile that reaches beyond the end', async () => {
    const { path } = await changed({}, (tiff) => patch(tiff, chunkEntry(tiff, 2, 1, 1, 'length'), 0x7000_0000, 4));
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 1, plane: 2, row: 0, column: 1 },
    });
  });

  it('should always be refused when it lists fewer tiles than there are', async () => {
    const { path } = await changed({}, (tiff) => {
      // The count of TileOffsets.
      patch(tiff, (tiff.directories[0].entryAt.get(324) as number) + 4, 3, 4);
    });
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 0 },
      problem: expect.stringMatching(/needs 6 offsets.*lists 3/),
    });
  });

  it('should always be refused where the metadata and the directory differ in size', async () => {
    const { path } = await changed({}, (tiff) => patch(tiff, tiff.directories[0].valuesAt.get(256) as number, 140, 4));
    expect(await refused(path)).toMatchObject({
      code: 'contradictory',
      place: { file: path, plane: 0 },
      problem: expect.stringMatching(/150 x 90.*140 x 90/),
    });
  });

  it('should always be refused where the metadata names a directory that there is not', async () => {
    const { path } = await changed({}, (tiff) => {
      const at = tiff.bytes.indexOf('FirstZ="2" FirstC="0" FirstT="0" IFD="2"');
      tiff.bytes.write('FirstZ="2" FirstC="0" FirstT="0" IFD="9"', at);
    });
    expect(await refused(path)).toMatchObject({
      code: 'contradictory',
      place: { file: path, plane: 2 },
      problem: expect.stringMatching(/directory 9.*has 3/),
    });
  });
});

describe('absurd sizes', () => {
  const sizes = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

  /** What the process has allocated outside the heap while `call` ran, in bytes, at most. */
  async function allocated(call: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 1);
    await call();
    clearInterval(watch);
    return Math.max(most, process.memoryUsage().arrayBuffers) - before;
  }

  it('should always be refused in tiles', async () => {
    for (const size of sizes) {
      const { path } = await changed({}, (tiff) => {
        for (const tag of [256, 257]) patch(tiff, tiff.directories[0].valuesAt.get(tag) as number, size, 4);
        const text = tiff.bytes.indexOf('SizeX="150" SizeY="90"');
        tiff.bytes.write(`SizeX="${size}"`.padEnd(22), text);
      });
      let refusal: SlideError | undefined;
      expect(await allocated(async () => (refusal = await refused(path)))).toBeLessThan(50e6);
      expect(refusal).toMatchObject({ code: 'contradictory', place: { file: path } });
    }
  });

  it('should always be refused in strips', async () => {
    for (const rows of [48, 2 ** 32 - 1]) {
      const { path } = await changed({ tile: undefined, pyramid: 'none', files: 'a-plane-each' }, (tiff) => {
        const [{ valuesAt }] = tiff.directories;
        for (const tag of [256, 257]) patch(tiff, valuesAt.get(tag) as number, 2 ** 31, 4);
        patch(tiff, valuesAt.get(278) as number, rows, 4);
        // No OME-XML that would contradict it.
        tiff.bytes.fill(' ', valuesAt.get(270) as number, tiff.bytes.indexOf(0, valuesAt.get(270)));
      });
      let refusal: SlideError | undefined;
      expect(await allocated(async () => (refusal = await refused(path)))).toBeLessThan(50e6);
      expect(refusal).toMatchObject({ code: 'damaged', place: { file: path }, hint: expect.any(String) });
    }
  });

  it('should always be refused in a picture whose header alone is large', async () => {
    const input = folder.folder('huge-png');
    const sizes = [
      { side: 2 ** 31 - 1, code: 'unsupported' },
      { side: 60_000, code: 'damaged' },
    ] as const;
    for (const { side, code } of sizes) {
      for (const z of [0, 1]) await writeFile(join(input, `z${z}.png`), emptyPng(side, side));
      let refusal: SlideError | undefined;
      expect(await allocated(async () => (refusal = await refused(input)))).toBeLessThan(50e6);
      expect(refusal).toMatchObject({
        code,
        place: { file: join(input, 'z0.png'), plane: 0 },
        hint: expect.any(String),
      });
    }
  });

  it('should always be refused with a billion tiles', async () => {
    // 2^30 tiles of 64 pixels; and tiles of one pixel.
    for (const [side, tile] of [
      [2 ** 21, 64],
      [2 ** 15, 1],
    ]) {
      const { path } = await changed({}, (tiff) => {
        const [{ valuesAt, entryAt }] = tiff.directories;
        for (const tag of [256, 257]) patch(tiff, valuesAt.get(tag) as number, side, 4);
        for (const tag of [322, 323]) patch(tiff, valuesAt.get(tag) as number, tile, 2);
        for (const tag of [324, 325]) patch(tiff, (entryAt.get(tag) as number) + 4, 2 ** 30, 4);
        tiff.bytes.write(
          `SizeX="${side}" SizeY="${side}"`.slice(0, 22).padEnd(22),
          tiff.bytes.indexOf('SizeX="150" SizeY="90"'),
        );
      });
      let refusal: SlideError | undefined;
      expect(await allocated(async () => (refusal = await refused(path)))).toBeLessThan(50e6);
      expect(refusal).toMatchObject({ code: 'damaged', place: { file: path } });
    }
  });

  it('should always be refused in OME-XML with a billion planes', async () => {
    const { path } = await changed({}, (tiff) => {
      const at = tiff.bytes.indexOf('SizeZ="3" SizeC="3"');
      tiff.bytes.write('SizeZ="999999999"', at);
      tiff.bytes.fill(' ', at + 17, at + 19);
    });
    let refusal: SlideError | undefined;
    expect(await allocated(async () => (refusal = await refused(path)))).toBeLessThan(50e6);
    expect(refusal).toMatchObject({ code: 'contradictory', place: { file: path } });
  });
});

describe('tiles', () => {
  it('should always be named when they are no JPEG, at level 0', async () => {
    const { path } = await changed({ storage: { codec: 'jpeg' } }, ({ bytes, directories }) => {
      bytes.fill(0x55, directories[1].chunkOffsets[4], directories[1].chunkOffsets[4] + 40);
    });
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 1, row: 1, column: 1 },
      problem: expect.stringMatching(/JPEG/),
    });
  });

  it('should always be named when they are no JPEG, in the tables that lengths are compared by', async () => {
    const { path } = await changed({ storage: { codec: 'jpeg' } }, ({ bytes, directories }) => {
      bytes.fill(0x55, directories[1].chunkOffsets[0], directories[1].chunkOffsets[0] + 40);
    });
    expect(await refused(path, { method: 'adaptive' })).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 1, row: 0, column: 0 },
    });
  });

  it('should always be named when they can not be decoded for a coarser tile', async () => {
    for (const codec of ['jpeg', 'deflate'] as const) {
      const { path } = await changed({ storage: { codec } }, ({ bytes, directories }) => {
        const [, coarsest] = directories[0].children;
        bytes.fill(0x55, coarsest.chunkOffsets[0], coarsest.chunkOffsets[0] + 40);
      });
      expect(await refused(path)).toMatchObject({
        code: 'damaged',
        place: { file: path, level: 2, plane: 0, row: 0, column: 0 },
      });
    }
  });

  it('should always be named when they are copied unseen, and can not be decoded for the thumbnail', async () => {
    const { path } = await changed(
      { depth: () => 0, planes: 1, pyramid: 'none', storage: { codec: 'deflate' } },
      ({ bytes, directories }) => {
        bytes.fill(0x55, directories[0].chunkOffsets[3], directories[0].chunkOffsets[3] + 40);
      },
    );
    expect(await refused(path, { method: 'adaptive' })).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 0, row: 1, column: 0 },
    });
  });

  it('should always be named when they are of another size than the grid, or another sampling', async () => {
    const other = await writeStack(folder.folder('other-size'), {
      ...small,
      tile: { width: 32, height: 32 },
      storage: { codec: 'jpeg' },
    });
    const [chunk] = other.stored({ z: 0, c: 0, t: 0 }, 0).chunks;
    const { path } = await changed({ storage: { codec: 'jpeg' } }, ({ bytes, directories }) => {
      bytes.set(chunk, directories[2].chunkOffsets[1]);
    });
    expect(await refused(path)).toMatchObject({
      code: 'contradictory',
      place: { file: path, level: 0, plane: 2, row: 0, column: 1 },
      problem: expect.stringMatching(/64 x 64.*32 x 32/),
    });
  });

  it('should always do without those of length 0: another plane is chosen, or the place stays blank', async () => {
    const { path, spec } = await changed({}, (tiff) => {
      patch(tiff, chunkEntry(tiff, 0, 0, 0, 'length'), 0, 4);
      for (const plane of [0, 1, 2]) patch(tiff, chunkEntry(tiff, plane, 0, 5, 'length'), 0, 4);
    });
    expect(spec.depth(0, 0)).toBe(0);
    const flat = join(folder.folder('gaps'), 'flat.ome.tif');
    const { report, map } = await flattenSlide(path, flat, { method: 'exhaustive' });
    expect(map.planes[0]).not.toBe(0);
    expect(report.output?.tilesEncoded).toMatchObject({ 'tile missing in the source': 1 });
    expect(await verifySlide(path, flat)).toMatchObject({ verified: true });
    const source = await openSlide(path);
    expect(source.hasTile({ level: 0, plane: 0, row: 0, column: 0 })).toBe(false);
    expect(await source.readTile({ level: 0, plane: 0, row: 0, column: 0 })).toBeUndefined();
    await source.close();
  });
});

describe('a set of files', () => {
  it('should always be refused by name when a file of it is missing', async () => {
    for (const files of ['a-plane-each', 'companion'] as const) {
      const stack = await written({ files });
      await rm(stack.files[1]);
      expect(await refused(stack.path)).toMatchObject({
        code: 'damaged',
        place: { file: stack.path, plane: 1 },
        problem: expect.stringContaining(basename(stack.files[1])),
        hint: expect.stringContaining(basename(stack.files[1])),
      });
    }
  });

  it('should always be refused when its metadata names a plane nowhere', async () => {
    const { path } = await changed({}, (tiff) => {
      const at = tiff.bytes.indexOf('<TiffData FirstZ="1"');
      tiff.bytes.fill(' ', at, tiff.bytes.indexOf('<TiffData FirstZ="2"'));
    });
    expect(await refused(path)).toMatchObject({
      code: 'contradictory',
      place: { file: path, plane: 1 },
      hint: expect.stringMatching(/SizeZ is 3/),
    });
  });

  it('should always be refused when a file of it is empty, by the name of that file', async () => {
    const stack = await written({ files: 'a-plane-each' });
    await writeFile(stack.files[2], '');
    expect(await refused(stack.path)).toMatchObject({ code: 'damaged', place: { file: stack.files[2] } });
  });
});

describe('planes that do not fit together', () => {
  const differences: Record<string, { spec: Partial<StackSpec>; problem: RegExp }> = {
    size: { spec: { width: 140 }, problem: /size: 140 x 90 instead of 150 x 90 pixels/ },
    'tile grid': {
      spec: { tile: { width: 32, height: 64 } },
      problem: /tile grid: tiles of 32 x 64 instead of 64 x 64/,
    },
    'colour and grey': { spec: { pixel: grey('uint8') }, problem: /pixel type: 1 x uint8 instead of 3 x uint8/ },
  };

  it.each(Object.entries(differences))(
    'should always be refused in a list of files: %s',
    async (_, { spec, problem }) => {
      const one = await written({ planes: 1, depth: () => 0, name: 'z1' });
      const two = await written({ planes: 1, depth: () => 0, name: 'z2', ...spec });
      const input = folder.folder(`differ-${count++}`);
      const files = [join(input, 'z1.tif'), join(input, 'z2.tif')];
      await copyFile(one.path, files[0]);
      await copyFile(two.path, files[1]);
      expect(await refused(files)).toMatchObject({
        code: 'mismatch',
        place: { file: files[1], plane: 1, level: 0 },
        problem: expect.stringMatching(problem),
        hint: expect.any(String),
      });
    },
  );

  it('should always be refused in one file', async () => {
    const { path } = await changed({ pixel: grey('uint8') }, (tiff) => {
      // The third plane says that its samples are signed.
      patch(tiff, tiff.directories[2].valuesAt.get(339) as number, 2, 2);
    });
    expect(await refused(path)).toMatchObject({
      code: 'mismatch',
      place: { file: path, plane: 2 },
      problem: expect.stringMatching(/pixel type: 1 x int8 instead of 1 x uint8/),
    });
  });

  it('should always be refused in pictures', async () => {
    const input = folder.folder('pictures');
    await saveWithSharp(sharpPicture({ width: 80, height: 60 }, rgb, 1), join(input, 'z1.png'));
    await saveWithSharp(sharpPicture({ width: 80, height: 61 }, rgb, 1), join(input, 'z2.png'));
    expect(await refused(input)).toMatchObject({
      code: 'mismatch',
      place: { file: join(input, 'z2.png'), plane: 1 },
      problem: expect.stringMatching(/80 x 61 instead of 80 x 60/),
    });
  });
});

describe('what zflat does not read', () => {
  const kinds: Record<string, { tag: number; value: number; problem: RegExp }> = {
    'another codec': { tag: 259, value: 50002, problem: /JPEG XL/ },
    'an unknown codec': { tag: 259, value: 12345, problem: /code 12345/ },
    'samples in planes of their own': { tag: 284, value: 2, problem: /separate images/ },
    'an unknown photometric': { tag: 262, value: 5, problem: /photometric 5/ },
    'an unknown predictor': { tag: 317, value: 3, problem: /predictor 3/ },
  };

  it.each(Object.entries(kinds))(
    'should always be refused with the reason and what can be done: %s',
    async (_, { tag, value, problem }) => {
      const { path } = await changed({ storage: { codec: 'deflate', predictor: 2 } }, (tiff) => {
        for (const { valuesAt } of tiff.directories) patch(tiff, valuesAt.get(tag) as number, value, 2);
      });
      expect(await refused(path)).toMatchObject({
        code: 'unsupported',
        place: { file: path },
        problem: expect.stringMatching(problem),
        hint: expect.any(String),
      });
    },
  );

  it('should always be refused with the reason: samples of 32 bits', async () => {
    const { path } = await changed({ pixel: grey('uint16') }, (tiff) => {
      for (const { valuesAt } of tiff.directories) patch(tiff, valuesAt.get(258) as number, 32, 2);
    });
    expect(await refused(path)).toMatchObject({ code: 'unsupported', problem: expect.stringMatching(/32 bits/) });
  });
});

/** A PNG whose header says it is of this size, with hardly any pixels. */
function emptyPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The checksum of PNG chunks. */
function crc(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb8_8320 : 0);
  }
  return ~value >>> 0;
}
