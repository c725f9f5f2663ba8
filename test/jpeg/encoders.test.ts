// The laws of the entropy core, on streams by every encoder there is.
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { encodeCoefficients } from '../../experiments/harness/fixtures/encode-coefficients.js';
import { isSlideError } from '../../src/errors.js';
import { assembleScan, type McuRun } from '../../src/jpeg/assemble-scan.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { type JpegHeader, parseJpegHeader } from '../../src/jpeg/header.js';
import { indexScan } from '../../src/jpeg/index-scan.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { type QuiltedTile, quiltTile } from '../../src/jpeg/quilt-tile.js';
import { verifyQuilt } from '../../src/jpeg/verify-quilt.js';
import { describeWith } from '../fixtures/with-programs.js';
import { type EncodedStack, encoders } from './encoders.js';
import { expectOwnPixels } from './expect-pixels.js';

const patterns = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 });
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

for (const { name, programs, stacks, decode } of encoders) {
  describeWith(programs, `streams by ${name}`, () => {
    let made: EncodedStack[] = [];
    beforeAll(async () => {
      made = await stacks();
    });

    it('should always come back byte for byte, indexed and spliced from any runs', () => {
      fc.assert(
        fc.property(lengths, (runs) => {
          for (const { what, tiles } of made) {
            for (const bytes of tiles) expect([what, Buffer.compare(respliced(bytes, runs), bytes)]).toEqual([what, 0]);
          }
        }),
        { numRuns: 8 },
      );
    });

    it('should always be quilted to themselves where one plane wins, or all are equal', () => {
      fc.assert(
        fc.property(patterns, (pattern) => {
          for (const { tiles } of made) {
            const [first] = tiles;
            const three = Array.from({ length: 3 }, () => new JpegTile(first));
            const { bytes } = quiltTile(three, choiceOf(three[0].header, pattern)) as QuiltedTile;
            expect(Buffer.compare(bytes, first)).toBe(0);
            const own = tiles.map((tile) => new JpegTile(tile));
            const winner = pattern[0];
            const alone = quiltTile(own, choiceOf(own[0].header, [winner])) as QuiltedTile;
            expect(alone.bytes).toBe(tiles[winner]);
          }
        }),
        { numRuns: 8 },
      );
    });

    it('should always be shown pixel by pixel, MCU by MCU, by the quilt of any map', async () => {
      const shown = await Promise.all(made.map(({ tiles }) => Promise.all(tiles.map(decode))));
      await fc.assert(
        fc.asyncProperty(patterns, async (pattern) => {
          for (const [i, { what, tiles }] of made.entries()) {
            const planes = tiles.map((bytes) => new JpegTile(bytes));
            const choice = choiceOf(planes[0].header, pattern);
            const quilt = quiltTile(planes, choice);
            if (!quilt.quilted) throw new Error(`${what}: ${quilt.reason}`);
            expect(verifyQuilt(new JpegTile(quilt.bytes), planes, choice)).toBeUndefined();
            const wrong = firstForeignPixel(await decode(quilt.bytes), shown[i], choice, planes[0].header);
            expect([what, wrong]).toEqual([what, undefined]);
          }
        }),
        { numRuns: 4 },
      );
    });

    it('should always be read to the coefficients that libjpeg decodes, and written from them', async () => {
      for (const { tiles } of made) {
        for (const bytes of tiles) {
          const header = parseJpegHeader(bytes);
          const coefficients = decodeCoefficients(bytes, header);
          const again = encodeCoefficients(coefficients, header) as Uint8Array;
          const read = decodeCoefficients(again, parseJpegHeader(again));
          expect(read.length).toBe(coefficients.length);
          expect(read.every((value, i) => value === coefficients[i])).toBe(true);
        }
        // libvips gives other inks than a stream of four colours has, and luma that is stored coarser enlarged
        const { components, mcuWidth, mcuHeight } = parseJpegHeader(tiles[0]);
        const [{ h, v }] = components;
        if (components.length < 4 && 8 * h === mcuWidth && 8 * v === mcuHeight) await expectOwnPixels(tiles[0], 1);
        await sharp(tiles[0], { failOn: 'warning' }).raw().toBuffer();
      }
    });

    it('should never be taken for whole when cut off, though the rest still lies behind', () => {
      for (const { tiles } of made) {
        const [bytes, other] = tiles;
        const { scanStart } = parseJpegHeader(bytes);
        const choice = choiceOf(parseJpegHeader(bytes), [0, 1]);
        for (const share of [0, 0.3, 0.6, 0.9, 1]) {
          const end = scanStart + Math.floor(share * (bytes.length - 1 - scanStart));
          const cut = bytes.subarray(0, end);
          for (const read of [indexScan, decodeCoefficients])
            expect(codeOf(() => read(cut, parseJpegHeader(cut)))).toBe('damaged');
          if (choice.length < 2) continue;
          const quilt = quiltTile([new JpegTile(cut), new JpegTile(other)], choice);
          expect(quilt).toEqual({ quilted: false, reason: 'damaged', tile: 0 });
        }
      }
    });
  });
}

function choiceOf({ mcuColumns, mcuRows }: JpegHeader, pattern: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: mcuColumns * mcuRows }, (_, mcu) => pattern[mcu % pattern.length]);
}

/** The stream put together again from runs of these lengths, over and over. */
function respliced(bytes: Uint8Array, lengths: readonly number[]): Buffer {
  const header = parseJpegHeader(bytes);
  const index = indexScan(bytes, header);
  const runs: McuRun[] = [];
  for (let first = 0, i = 0; first < index.mcus; first += runs[i++].count) {
    runs.push({ source: 0, first, count: Math.min(lengths[i % lengths.length], index.mcus - first) });
  }
  const prefix = bytes.subarray(0, header.scanStart);
  return Buffer.from(assembleScan(prefix, header, [{ header, index }], runs) as Uint8Array);
}

type Samples = { readonly channels: number; readonly data: Uint8Array };

/** Where the first pixel is that is not that of the plane chosen for its MCU. */
function firstForeignPixel(
  result: Samples,
  planes: readonly Samples[],
  choice: Uint8Array,
  { width, height, mcuWidth, mcuHeight, mcuColumns }: JpegHeader,
): string | undefined {
  const { channels } = result;
  expect(result.data).toHaveLength(width * height * channels);
  for (let i = 0; i < result.data.length; i++) {
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    const plane = choice[Math.floor(y / mcuHeight) * mcuColumns + Math.floor(x / mcuWidth)];
    if (result.data[i] !== planes[plane].data[i]) return `x ${x}, y ${y}`;
  }
  return undefined;
}

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'whole';
  } catch (error) {
    if (!isSlideError(error)) throw error;
    return error.code;
  }
}
