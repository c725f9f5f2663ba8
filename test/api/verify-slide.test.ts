import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthByTile, type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { verifySlide } from '../../src/api/verify-slide.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { isSlideError } from '../../src/errors.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import type { OpenOptions } from '../../src/slide-source/open-options.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { tilesOf } from '../fixtures/tiles-of-file.js';

const folder = temporaryFolder();
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;
type Made = { input: string; flat: string; options: OpenOptions };

const kinds: Record<string, () => Promise<Made>> = {
  'JPEG, whole streams': () => flattened('whole', { storage: { codec: 'jpeg' } }),
  'JPEG, shared tables': () => flattened('shared', { storage: { codec: 'jpeg', sharedTables: true }, depth: () => 1 }),
  deflate: () => flattened('deflate', { storage: { codec: 'deflate', predictor: 2 } }),
  'planes without tiles': async () => {
    const { folder: input } = await writePlanes(folder.at('retiled'), small, (z) => `z${z}.png`, saveWithSharp);
    return flattenedOf(input, folder.at('retiled.ome.tif'), { tileSize: 64 });
  },
};
const known = new Map<string, Promise<Made>>();

/** A flattened slide of each kind, made once. */
function madeOf(name: string): Promise<Made> {
  const made = known.get(name) ?? kinds[name]();
  known.set(name, made);
  return made;
}

async function flattened(name: string, spec: Partial<StackSpec>, options: OpenOptions = {}): Promise<Made> {
  const { path } = await writeStack(folder.folder(name), { ...small, ...spec });
  return flattenedOf(path, folder.at(`${name}.ome.tif`), options);
}

async function flattenedOf(input: string, flat: string, options: OpenOptions): Promise<Made> {
  await flattenSlide(input, flat, { ...options, method: 'exhaustive' });
  return { input, flat, options };
}

/** The samples of every tile. */
async function samplesOf(path: string): Promise<unknown[]> {
  const source = await openSlide(path);
  try {
    const samples: unknown[] = [];
    for (const { level, grid } of source.info.levels) {
      for (let i = 0; i < grid.columns * grid.rows; i++) {
        const tile = await source.readTile({
          level,
          plane: 0,
          row: Math.floor(i / grid.columns),
          column: i % grid.columns,
        });
        samples.push(
          tile &&
            (await decodeTile(tile).then(
              ({ data }) => data,
              () => 'damaged',
            )),
        );
      }
    }
    return samples;
  } finally {
    await source.close();
  }
}

/** Verifies a copy of a flattened slide after `change`. */
async function verifyChanged({ input, flat }: Made, change: (bytes: Buffer) => void) {
  const bytes = readFileSync(flat);
  change(bytes);
  const copy = folder.at('changed.ome.tif');
  writeFileSync(copy, bytes);
  // As options come from the file itself.
  return verifySlide(input, copy);
}

describe.each(Object.keys(kinds))('verifying %s', (kind) => {
  it('should always pass on what flatten wrote, told no more than the two files', async () => {
    const { input, flat } = await madeOf(kind);
    const report = await verifySlide(input, flat);
    expect(report).toMatchObject({ schema: 'zflat.verify/1', verified: true, failures: 0, problems: [] });
    expect(report.tiles).toBe((await tilesOf(flat)).length);
    expect(report.planes.reduce((sum, count) => sum + count, 0)).toBe(6);
  });

  it('should never pass with a flipped byte, wherever in its tiles', async () => {
    const made = await madeOf(kind);
    const tiles = await tilesOf(made.flat);
    const original = await samplesOf(made.flat);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tiles),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async ({ offset, length }, at, mask) => {
          const report = await verifyChanged(made, (bytes) => {
            bytes[offset + (at % length)] ^= mask;
          });
          // Bits that only fill up the last byte of a deflate stream may change where zflat encoded it: no pixel does.
          if (report.verified) {
            expect(await samplesOf(folder.at('changed.ome.tif'))).toEqual(original);
            expect(kind).not.toMatch(/JPEG/);
          } else expect([report.failures > 0, report.problems.length > 0]).toEqual([true, true]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('should never pass with two tiles of a level swapped', async () => {
    const made = await madeOf(kind);
    const [first, second] = (await tilesOf(made.flat)).filter(({ level }) => level === 0);
    const report = await verifyChanged(made, (bytes) => {
      // BigTIFF: offsets and lengths are runs of 64-bit numbers, found by the first two.
      for (const [a, b] of [
        [first.offset, second.offset],
        [first.length, second.length],
      ]) {
        const run = Buffer.alloc(16);
        run.writeBigUInt64LE(BigInt(a), 0);
        run.writeBigUInt64LE(BigInt(b), 8);
        const at = bytes.lastIndexOf(run);
        expect(at).toBeGreaterThan(0);
        bytes.writeBigUInt64LE(BigInt(b), at);
        bytes.writeBigUInt64LE(BigInt(a), at + 8);
      }
    });
    expect(report.verified).toBe(false);
    expect(report.problems[0]).toMatch(
      /^level 0, row 0, column 0: (the tile differs|MCU \d+ .* has not the coefficients)/,
    );
  });

  it('should never pass against another slide', async () => {
    const { flat, options } = await madeOf(kind);
    const storage =
      kind === 'deflate'
        ? ({ codec: 'deflate', predictor: 2 } as const)
        : ({ codec: 'jpeg', sharedTables: kind === 'JPEG, shared tables' } as const);
    const { path } = await writeStack(folder.folder(`other-${kind}`), { ...small, seed: 5, storage });
    const report = await verifySlide(path, flat, options);
    expect(report.verified).toBe(false);
    expect(report.failures).toBeGreaterThan(0);
  });

  it('should always refuse a file that was cut short', async () => {
    const { input, flat } = await madeOf(kind);
    const bytes = readFileSync(flat);
    for (const share of [0.1, 0.5, 0.99]) {
      const copy = folder.at('short.ome.tif');
      writeFileSync(copy, bytes.subarray(0, Math.floor(share * bytes.length)));
      const refused = await verifySlide(input, copy).catch((error: unknown) => error);
      expect(isSlideError(refused, 'damaged')).toBe(true);
      expect((refused as Error).message).toContain(copy);
    }
  });
});

describe('verifySlide', () => {
  it('should always name the plane that a tile was taken from instead', async () => {
    const spec = { ...small, storage: { codec: 'raw' } } as const;
    const { path, stored } = await writeStack(folder.folder('raw'), spec);
    const made = await flattenedOf(path, folder.at('raw.ome.tif'), {});
    const [{ offset, length }] = await tilesOf(made.flat);
    const report = await verifyChanged(made, (bytes) => {
      const other = stored({ z: 2, c: 0, t: 0 }, 0).chunks[0];
      expect(other).toHaveLength(length);
      bytes.set(other, offset);
    });
    expect(report.problems).toEqual([
      expect.stringMatching(/level 0, row 0, column 0.*it is that of plane 2, the map names plane 0/),
    ]);
    expect(report.failures).toBe(1);
  });

  it('should never pass with a flipped byte that no decoder looks at, in a tile that was quilted', async () => {
    const made = await madeOf('JPEG, whole streams');
    const quilted = (await tilesOf(made.flat)).filter(({ level }) => level === 2);
    for (const { offset } of quilted) {
      const report = await verifyChanged(made, (bytes) => {
        // JFIF's marker becomes that of another application segment.
        expect([bytes[offset + 2], bytes[offset + 3]]).toEqual([0xff, 0xe0]);
        bytes[offset + 3] ^= 1;
      });
      expect(report).toMatchObject({ verified: false, failures: 1 });
    }
  });

  it('should always open the source as it was flattened: channel by number or name, timepoint, size of tiles', async () => {
    const spec = {
      ...small,
      pixel: grey('uint8'),
      channels: 2,
      timepoints: 2,
      channelNames: ['DAPI', 'FITC'],
    } as const;
    for (const options of [{ channel: 1 }, { channel: 'FITC' }, { timepoint: 1 }, { channel: 'FITC', timepoint: 1 }]) {
      const { input, flat } = await flattened(`as ${JSON.stringify(options)}`, spec, options);
      expect(await verifySlide(input, flat)).toMatchObject({ verified: true });
      expect(await verifySlide(input, flat, { channel: 0, timepoint: 0 })).toMatchObject({ verified: false });
    }
  });

  it('should always number planes as they were when it was flattened, whatever their heights say', async () => {
    const { input, flat } = await flattened('downwards', { ...small, positionsUm: [4, 2, 0] }, { zStepUm: 2 });
    expect(await verifySlide(input, flat)).toMatchObject({ verified: true });
  });

  it('should always verify a slide cut from a coarser level', async () => {
    const { path } = await writeStack(folder.folder('coarse'), { ...small, storage: { codec: 'jpeg' } });
    const flat = folder.at('coarse.ome.tif');
    await flattenSlide(path, flat, { method: 'exhaustive', level: 1 });
    expect(await verifySlide(path, flat)).toMatchObject({ verified: true });
  });

  it('should always refuse what zflat did not flatten, and a source of another shape', async () => {
    const { input, flat } = await madeOf('deflate');
    await expect(verifySlide(input, input)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(/no depth map/),
      place: { file: input },
    });
    const { path } = await writeStack(folder.folder('another-shape'), { ...small, planes: 2 });
    await expect(verifySlide(path, flat)).rejects.toMatchObject({ code: 'mismatch', place: { file: path } });
    await expect(verifySlide(input, folder.at('nothing.tif'))).rejects.toMatchObject({ code: 'unreadable' });
    await expect(verifySlide(folder.at('nothing.tif'), flat)).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('should always stop when told to', async () => {
    const { input, flat } = await madeOf('deflate');
    await expect(verifySlide(input, flat, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('should never leave a file open', async () => {
    const { input, flat } = await madeOf('planes without tiles');
    await verifySlide(input, flat);
    expect(folder.scratch()).toEqual([]);
  });
});
