import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import { blockFocus, type ZigzagBand } from '../../src/jpeg/block-focus.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { colourOf, type JpegHeader, parseJpegHeader } from '../../src/jpeg/header.js';
import { itWith } from '../fixtures/with-programs.js';
import { samplesOfComponent } from './reference-idct.js';
import { cjpeg, libjpeg, mozjpeg, texture, turbo } from './sample-streams.js';
import { stacks } from './stream-arbitrary.js';

const bands = fc
  .tuple(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1, max: 63 }))
  .map(([a, b]): ZigzagBand => ({ first: Math.min(a, b), last: Math.max(a, b) }));

describe('blockFocus', () => {
  it('should always be what a pass over all coefficients gives, for any band and extent', () => {
    fc.assert(
      fc.property(
        stacks(1),
        bands,
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 99 }),
        ({ tiles: [{ bytes, tables }] }, band, width, height) => {
          const header = parseJpegHeader(bytes, tables);
          const focus = blockFocus(bytes, header, band, { width, height });
          const slow = slowFocus(bytes, header, band, Math.min(width, header.width), Math.min(height, header.height));
          expect(focus).toMatchObject({
            columns: slow.columns,
            rows: slow.rows,
            total: slow.scores.reduce((sum, score) => sum + score, 0),
          });
          expect([...focus.scores]).toEqual(slow.scores);
          for (const [cell, mean] of slow.luma.entries()) expect(Math.abs(focus.luma[cell] - mean)).toBeLessThan(0.01);
        },
      ),
    );
  });

  it('should measure optimised tables, large coefficients and long codes the same way', async () => {
    for (const bytes of [
      await mozjpeg(texture(120, 90, 3, 8, 1), 100, '4:2:0'),
      turbo(texture(120, 90, 3, 9, 1), 100, '444'),
      await mozjpeg(texture(256, 256, 3, 8, 0.2), 75, '4:4:4'),
    ]) {
      const header = parseJpegHeader(bytes);
      for (const band of Object.values(coefficientMeasures)) {
        expect([...blockFocus(bytes, header, band).scores]).toEqual(
          slowFocus(bytes, header, band, header.width, header.height).scores,
        );
      }
    }
  });

  it('should be higher for a sharper tile, and in each of its cells', () => {
    const sharp = texture(256, 256, 1, 6, 0.6);
    const blurred = { ...sharp, data: sharp.data.map((_, i) => boxMean(sharp.data, 256, i)) };
    const encode = (pixels: typeof sharp) => turbo(pixels, 80, 'grey');
    for (const band of Object.values(coefficientMeasures)) {
      const [a, b] = [sharp, blurred].map(encode).map((bytes) => blockFocus(bytes, parseJpegHeader(bytes), band));
      expect(a.total).toBeGreaterThan(1.2 * b.total);
      expect(a.scores.every((score, cell) => score > b.scores[cell])).toBe(true);
    }
  });

  itWith(libjpeg, 'should measure RGB streams on green', () => {
    const pixels = texture(64, 64, 3, 4);
    const green = { ...pixels, channels: 1 as const, data: pixels.data.filter((_, i) => i % 3 === 1) };
    const rgb = cjpeg(pixels, { quality: 80, sampling: 'rgb' });
    const grey = cjpeg(green, { quality: 80, sampling: 'grey' });
    expect(colourOf(parseJpegHeader(rgb))).toBe('rgb');
    expect(blockFocus(rgb, parseJpegHeader(rgb), coefficientMeasures['dct-mid'])).toEqual(
      blockFocus(grey, parseJpegHeader(grey), coefficientMeasures['dct-mid']),
    );
  });

  it('should give the same again after larger and smaller tiles', () => {
    const streams = [30, 400, 60].map((size) => turbo(texture(size, size, 3, size, 1), 95, '444'));
    const measure = (bytes: Uint8Array) => blockFocus(bytes, parseJpegHeader(bytes), coefficientMeasures['dct-low']);
    const first = streams.map(measure);
    expect(streams.toReversed().map(measure).toReversed()).toEqual(first);
  });

  it('should refuse damaged scans, and never loop on them', () => {
    const whole = turbo(texture(80, 64, 3, 5), 85, '420');
    const header = parseJpegHeader(whole);
    const outcome = (bytes: Uint8Array) => {
      try {
        return blockFocus(bytes, parseJpegHeader(bytes), coefficientMeasures['dct-mid']).total;
      } catch (error) {
        return isSlideError(error, 'damaged') ? 'damaged' : error;
      }
    };
    for (let length = header.scanStart; length < whole.length; length++)
      expect(outcome(whole.subarray(0, length))).toBe('damaged');
    const prefix = whole.subarray(0, header.scanStart);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), (bytes) => {
        const result = outcome(Uint8Array.of(...prefix, ...bytes, 0xff, 0xd9));
        expect(typeof result === 'number' || result === 'damaged').toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('should refuse bands beyond the zigzag', () => {
    const bytes = turbo(texture(8, 8, 1, 5), 85, 'grey');
    for (const [first, last] of [
      [0, 5],
      [5, 64],
      [9, 8],
      [Number.NaN, 5],
    ]) {
      expect(() => blockFocus(bytes, parseJpegHeader(bytes), { first, last })).toThrow(/band within 1 to 63/);
    }
  });
});

/** From all coefficients and the pixels of the reference transform. */
function slowFocus(bytes: Uint8Array, header: JpegHeader, { first, last }: ZigzagBand, width: number, height: number) {
  const component = colourOf(header) === 'rgb' ? 1 : 0;
  const coefficients = decodeCoefficients(bytes, header);
  const samples = samplesOfComponent(coefficients, header, component);
  const columns = Math.ceil(width / 16);
  const rows = Math.ceil(height / 16);
  const scores = Array<number>(columns * rows).fill(0);
  const sums = Array<number>(columns * rows).fill(0);
  const counts = Array<number>(columns * rows).fill(0);
  const { h, v, quantTable } = header.components[component];
  const before = header.components.slice(0, component).reduce((sum, other) => sum + other.h * other.v, 0);
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      const mcu = Math.floor(y / (8 * v)) * header.mcuColumns + Math.floor(x / (8 * h));
      const block = mcu * header.blocksPerMcu + before + ((y / 8) % v) * h + ((x / 8) % h);
      const cell = (y >> 4) * columns + (x >> 4);
      for (let k = first; k <= last; k++) scores[cell] += Math.abs(coefficients[64 * block + k]) * quantTable[k];
      counts[cell] += 64;
      for (let i = 0; i < 64; i++) sums[cell] += samples.data[(y + (i >> 3)) * samples.width + x + (i & 7)];
    }
  }
  return { columns, rows, scores, luma: sums.map((sum, cell) => sum / counts[cell]) };
}

function boxMean(data: Uint8Array, width: number, at: number): number {
  let sum = 0;
  for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) sum += data[at + dy * width + dx] ?? data[at];
  return sum / 25;
}
