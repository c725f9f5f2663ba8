// The law of damaged CZI files: with bytes of headers and directories changed, or cut off anywhere, they are read or refused.
import { rm, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { decodeTile } from '../../src/codecs/codec.js';
import { isSlideError } from '../../src/errors.js';
import { openSlide } from '../../src/slide-source/open-slide.js';

/** Holds over damaged copies of `original`, one after the other at `path`, which is gone in the end. */
export async function readsDamagedCziOrRefuses(original: Buffer, path: string, numRuns: number): Promise<void> {
  const ranges = headersOf(original);
  const position = fc
    .constantFrom(...ranges)
    .chain(([from, to]) => fc.integer({ min: from, max: Math.min(to, original.length) - 4 }));
  const number = fc.oneof(
    fc.constantFrom(0, 1, -1, 2, 255, 256, 65_535, 2 ** 31 - 1, -(2 ** 31)),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  );
  const change = fc.tuple(position, fc.oneof(number, fc.nat(255)), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = Buffer.from(original);
      for (const [at, value, wide] of changes) {
        if (wide) bytes.writeInt32LE(value, at);
        else bytes[at] = value & 255;
      }
      await writeFile(path, bytes);
      await readsOrRefuses(path);
    }),
    { numRuns },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(original.length - 1), async (end) => {
      await writeFile(path, original.subarray(0, end + 1));
      await readsOrRefuses(path);
    }),
    { numRuns: numRuns / 5 },
  );
  await rm(path);
}

/** Opens and reads a tile of each level and all pictures: ends well or with a SlideError. */
async function readsOrRefuses(path: string): Promise<void> {
  try {
    const source = await openSlide(path, { tileSize: 64 });
    try {
      for (const { level, grid } of source.info.levels) {
        const tile = await source.readTile({ level, plane: 0, row: grid.rows - 1, column: 0 });
        if (tile) await decodeTile(tile);
      }
      for (const image of source.info.associatedImages) await source.readAssociatedImage(image);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!isSlideError(error)) throw error;
  }
}

/** Bytes of headers and directories: everything but pixels. */
function headersOf(file: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at + 32 <= file.length; ) {
    const [allocated, used] = [file.readBigInt64LE(at + 16), file.readBigInt64LE(at + 24)].map(Number);
    const pixels = file.toString('latin1', at, at + 14) === 'ZISRAWSUBBLOCK';
    ranges.push([at, at + 32 + Math.min(used, pixels ? 300 : 4000)]);
    at += 32 + allocated;
  }
  return ranges;
}
