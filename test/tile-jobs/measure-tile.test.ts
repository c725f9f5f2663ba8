import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTileLuma } from '../../src/codecs/codec.js';
import { coefficientMeasures, focusMeasureNames, isCoefficientMeasure } from '../../src/focus/focus-measure.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { blockSize } from '../../src/slide/depth-map.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { Size } from '../../src/slide/geometry.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import { checkMeasurable, measureBlocks, measureParts } from '../../src/tile-jobs/measure-tile.js';
import { type Sampling, texture, turbo } from '../jpeg/sample-streams.js';

const samplings = ['420', '422', '440', '444', 'grey'] as const satisfies readonly Sampling[];
const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);

/** A tile, the part of it that shows the slide, and a measure by coefficients. */
const arbitraryTile = fc
  .record({
    sampling: fc.constantFrom(...samplings),
    quality: fc.constantFrom(40, 80, 95),
    width: fc.integer({ min: 1, max: 6 }).map((blocks) => blocks * blockSize),
    height: fc.integer({ min: 1, max: 6 }).map((blocks) => blocks * blockSize),
    right: fc.nat(15),
    bottom: fc.nat(15),
    seed: fc.integer({ min: 1, max: 1000 }),
    name: fc.constantFrom('dct-mid', 'dct-low'),
  })
  .map(({ sampling, quality, width, height, right, bottom, seed, name }) => {
    const pixels = texture(width, height, sampling === 'grey' ? 1 : 3, seed);
    const tile = tileOf(turbo(pixels, quality, sampling), pixels);
    return { tile, shown: { width: width - right, height: height - bottom }, name: name as 'dct-mid' | 'dct-low' };
  });

function tileOf(bytes: Uint8Array, { width, height, channels }: Size & { channels: 1 | 3 }): EncodedTile {
  const encoding = {
    width,
    height,
    channels,
    sample: 'uint8',
    codec: 'jpeg',
    photometric: channels === 1 ? 'black-is-zero' : 'ycbcr',
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  } as const;
  return { bytes, encoding };
}

describe('a tile whose directory tells of more pixels than its stream', () => {
  it('should always be refused before there is memory for them', async () => {
    const pixels = texture(32, 32, 3, 1);
    const stored = turbo(pixels, 80, '420');
    const side = 65_520; // four gigabytes of luminance
    const tile = tileOf(stored, { width: side, height: side, channels: 3 });
    const before = process.memoryUsage().arrayBuffers;
    await expect(
      measureParts(tile, [{ x: 0, y: 0, width: 32, height: 32 }], 'box-difference', 1),
    ).rejects.toMatchObject({
      code: 'contradictory',
      message: expect.stringContaining(`expected a JPEG tile of ${side} x ${side} pixels, got 32 x 32`),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((side * side) / 2);
  });
});

/** Sums of |dequantised luma coefficient| of a band by block of 16 pixels, from the decoded coefficients: the slow way. */
function bandSums({ bytes }: EncodedTile, shown: Size, { first, last }: { first: number; last: number }): number[] {
  const header = parseJpegHeader(bytes);
  const coefficients = decodeCoefficients(bytes, header);
  const [{ h, v, quantTable }] = header.components;
  const columns = Math.ceil(shown.width / blockSize);
  const sums = Array<number>(columns * Math.ceil(shown.height / blockSize)).fill(0);
  for (let y = 0; y < shown.height; y += 8) {
    for (let x = 0; x < shown.width; x += 8) {
      const mcu = Math.floor(y / 8 / v) * header.mcuColumns + Math.floor(x / 8 / h);
      const block = mcu * header.blocksPerMcu + ((y / 8) % v) * h + ((x / 8) % h);
      for (let k = first; k <= last; k++) {
        sums[Math.floor(y / blockSize) * columns + Math.floor(x / blockSize)] +=
          Math.abs(coefficients[64 * block + k]) * quantTable[k];
      }
    }
  }
  return sums;
}

describe('measureBlocks', () => {
  it('should always give each block what the coefficients of its luma add up to', () => {
    fc.assert(
      fc.property(arbitraryTile, ({ tile, shown, name }) => {
        const { scores, columns, rows, total } = measureBlocks(tile, shown, coefficientMeasures[name]);
        const expected = bandSums(tile, shown, coefficientMeasures[name]);
        expect([columns, rows]).toEqual([Math.ceil(shown.width / blockSize), Math.ceil(shown.height / blockSize)]);
        expect([...scores]).toEqual(expected);
        expect(total).toBe(sum(expected));
      }),
    );
  });

  it('should always give the mean luma of each block, as a decoder shows it', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTile, async ({ tile, name }) => {
        const { width, height } = tile.encoding;
        // Texture without extremes: where a decoder clips, the mean of what it shows is another.
        const pixels = texture(width, height, tile.encoding.channels, width + height, 0.3);
        const calm = { ...pixels, data: pixels.data.map((value) => 100 + value / 5) };
        const quiet = tileOf(turbo(calm, 90, tile.encoding.channels === 1 ? 'grey' : '444'), calm);
        const { luma, columns } = measureBlocks(quiet, quiet.encoding, coefficientMeasures[name]);
        const decoded = await decodeTileLuma(quiet);
        for (const [block, mean] of luma.entries()) {
          const left = blockSize * (block % columns);
          const top = blockSize * Math.floor(block / columns);
          let total = 0;
          for (let i = 0; i < blockSize ** 2; i++) total += decoded.data[(top + (i >> 4)) * width + left + (i & 15)];
          expect(Math.abs(total / blockSize ** 2 - mean)).toBeLessThan(1);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('measureParts by coefficients', () => {
  it('should always give a part of whole blocks the sum of its blocks, so that parts add up to the tile', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTile, fc.nat(5), fc.nat(5), async ({ tile, shown, name }, across, down) => {
        const x = Math.min(across * blockSize, shown.width);
        const y = Math.min(down * blockSize, shown.height);
        const parts = [
          { x: 0, y: 0, width: x, height: y },
          { x, y: 0, width: shown.width - x, height: y },
          { x: 0, y, width: x, height: shown.height - y },
          { x, y, width: shown.width - x, height: shown.height - y },
        ];
        const answers = await measureParts(tile, parts, name, 1);
        const [whole] = await measureParts(tile, [{ x: 0, y: 0, ...shown }], name, 1);
        for (const [i, { width, height }] of parts.entries()) {
          expect(Number.isNaN(answers[i])).toBe(width === 0 || height === 0);
        }
        expect(sum(answers.filter((answer) => !Number.isNaN(answer)))).toBe(whole);
        expect(whole).toBe(sum(bandSums(tile, shown, coefficientMeasures[name])));
      }),
      { numRuns: 60 },
    );
  });
});

describe('measureParts by pixels', () => {
  it('should always give each tile its own number, however many are measured at one time', async () => {
    const tiles = Array.from({ length: 12 }, (_, seed) => {
      const pixels = texture(16 * (1 + (seed % 4)), 48, 3, seed + 1);
      return tileOf(turbo(pixels, 80, '420'), pixels);
    });
    const measure = (tile: EncodedTile) =>
      measureParts(tile, [{ x: 0, y: 0, width: tile.encoding.width, height: 48 }], 'tenengrad', 1);
    const alone: Float64Array[] = [];
    for (const tile of tiles) alone.push(await measure(tile));
    for (let again = 0; again < 3; again++) expect(await Promise.all(tiles.map(measure))).toEqual(alone);
    expect(new Set(alone.map(([number]) => number)).size).toBe(tiles.length);
  });
});

describe('measures by coefficients', () => {
  const side = 64;
  const bands = Object.entries(coefficientMeasures);
  const measured = (data: Uint8Array, quality: number, band: { first: number; last: number }) => {
    const pixels = { width: side, height: side, channels: 1 as const, data };
    return measureBlocks(tileOf(turbo(pixels, quality, 'grey'), pixels), pixels, band);
  };
  const pictures = fc.record({ seed: fc.integer({ min: 1, max: 5000 }), quality: fc.constantFrom(60, 80, 95) });

  it.each(bands)('%s should always be lower the more a picture is blurred, in every block', (_, band) => {
    fc.assert(
      fc.property(pictures, ({ seed, quality }) => {
        let { data } = texture(side, side, 1, seed, 1);
        let last = Number.POSITIVE_INFINITY;
        let lastScores: ArrayLike<number> = Array((side / blockSize) ** 2).fill(Number.POSITIVE_INFINITY);
        for (const radius of [0, 1, 3]) {
          if (radius > 0) data = boxBlurred(data, side, radius);
          const { total, scores } = measured(data, quality, band);
          expect(total).toBeLessThan(last);
          // What is nearly even already may gain a little where its steps are rounded.
          const risen = Array.from(scores).filter((score, block) => score > 1.1 * lastScores[block] + 100);
          expect(risen).toEqual([]);
          [last, lastScores] = [total, scores];
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(bands)(
    '%s should never change when light is added to every pixel alike, while the mean luma tells',
    (_, band) => {
      fc.assert(
        fc.property(pictures, fc.integer({ min: 1, max: 100 }), ({ seed, quality }, light) => {
          const dark = texture(side, side, 1, seed).data.map((value) => 10 + value / 2);
          const before = measured(dark, quality, band);
          const after = measured(
            dark.map((value) => value + light),
            quality,
            band,
          );
          expect(after.scores).toEqual(before.scores);
          const risen = after.luma.map((mean, block) => mean - before.luma[block] - light);
          // to the nearest step of a DC value, an eighth of its size each
          for (const off of risen) expect(Math.abs(off)).toBeLessThan(2);
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(bands)('%s should be nothing on even ground', (_, band) => {
    fc.assert(
      fc.property(fc.nat(255), (value) => {
        expect(measured(new Uint8Array(side * side).fill(value), 80, band).total).toBe(0);
      }),
    );
  });
});

describe('checkMeasurable', () => {
  const info = (codec: string, retiled?: 'lossy') =>
    ({ encoding: { codec }, retiled, files: ['slide'] }) as unknown as SlideInfo;

  it('should only ever take measures by coefficients for JPEG tiles, whole', () => {
    for (const name of focusMeasureNames) {
      const refused = isCoefficientMeasure(name);
      expect(() => checkMeasurable(info('jpeg'), name, 1)).not.toThrow();
      for (const [slide, subsample] of [
        [info('deflate'), 1],
        [info('jpeg', 'lossy'), 1],
        [info('jpeg'), 2],
      ] as const) {
        const check = () => checkMeasurable(slide, name, subsample);
        if (refused) expect(check).toThrow(expect.objectContaining({ code: 'usage' }));
        else expect(check).not.toThrow();
      }
    }
  });
});

/** The mean of the pixels around each, as many as there are. */
function boxBlurred(data: Uint8Array, width: number, radius: number): Uint8Array {
  const height = data.length / width;
  return data.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    let total = 0;
    let count = 0;
    for (let dy = Math.max(-radius, -y); dy <= Math.min(radius, height - 1 - y); dy++) {
      for (let dx = Math.max(-radius, -x); dx <= Math.min(radius, width - 1 - x); dx++, count++)
        total += data[at + dy * width + dx];
    }
    return Math.round(total / count);
  });
}
