import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { blockDifference, differenceScale, differencesPlainly } from '../../src/focus/block-difference.js';
import { blockDifferenceByKernel } from '../../src/focus/kernels/run-kernels.js';
import type { Luma } from '../../src/slide/raster.js';

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 40 }),
    beside: fc.nat(9),
    seed: fc.nat(10_000),
    contrast: fc.constantFrom(0, 3, 255),
  })
  .map(({ width, height, beside, seed, contrast }) => {
    const random = seeded(seed);
    const data = Uint8Array.from({ length: (width + beside) * (height + beside) }, () => (contrast + 1) * random());
    return { luma: { width: width + beside, height: height + beside, data } satisfies Luma, shown: { width, height } };
  });

describe('focus of blocks by pixels', () => {
  it('should always be the same by the kernel and without', () => {
    fc.assert(
      fc.property(pictures, fc.constantFrom(8, 16), ({ luma, shown }, side) => {
        const plain = differencesPlainly(luma, shown, side);
        const kernel = blockDifferenceByKernel(luma, shown, side);
        expect(kernel?.differences).toEqual(Uint32Array.from(plain.differences));
        expect(kernel?.pixels).toEqual(Uint32Array.from(plain.pixels));
      }),
    );
  });

  it('should always be what its definition says, pixel by pixel', () => {
    fc.assert(
      fc.property(pictures, ({ luma, shown }) => {
        const { width, height } = shown;
        const clamp = (at: number, length: number) => Math.max(0, Math.min(length - 1, at));
        const pixel = (x: number, y: number) => luma.data[clamp(y, height) * luma.width + clamp(x, width)];
        const weights = [1, 4, 6, 4, 1];
        const smooth = (x: number, y: number) => {
          let sum = 16;
          for (let dy = -2; dy <= 2; dy++) {
            for (let dx = -2; dx <= 2; dx++) sum += weights[dy + 2] * weights[dx + 2] * pixel(x + dx, y + dy);
          }
          return Math.floor(sum / 32);
        };
        const measured = blockDifference(luma, shown, 8);
        const expected = new Float64Array(measured.scores.length);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            let box = 0;
            for (let dy = -2; dy <= 2; dy++) {
              for (let dx = -2; dx <= 2; dx++) box += smooth(clamp(x + dx, width), clamp(y + dy, height));
            }
            expected[(y >> 3) * measured.columns + (x >> 3)] += Math.abs(25 * smooth(x, y) - box) / differenceScale;
          }
        }
        for (const [block, score] of measured.scores.entries()) expect(score).toBeCloseTo(expected[block], 2);
      }),
      { numRuns: 30 },
    );
  });

  it('should measure samples of 16 bits as those of 8, in their own unit', () => {
    const random = seeded(7);
    const data = Uint8Array.from({ length: 64 * 64 }, () => 256 * random());
    const narrow = blockDifference({ width: 64, height: 64, data }, { width: 64, height: 64 }, 16);
    const wide = blockDifference(
      { width: 64, height: 64, data: Uint16Array.from(data, (value) => 257 * value) },
      { width: 64, height: 64 },
      16,
    );
    for (const [block, score] of narrow.scores.entries()) {
      expect(wide.scores[block] / 257).toBeCloseTo(score, -1);
      expect(wide.luma[block] / 257).toBeCloseTo(narrow.luma[block], 1);
    }
  });

  it('should reward noise less than a structure of the same contrast', () => {
    const random = seeded(3);
    const noise = Uint8Array.from({ length: 32 * 32 }, () => (random() < 0.5 ? 100 : 140));
    const structure = Uint8Array.from({ length: 32 * 32 }, (_, i) => (((i % 32) >> 2) % 2 === 0 ? 100 : 140));
    const focus = (data: Uint8Array) => blockDifference({ width: 32, height: 32, data }, { width: 32, height: 32 }, 16);
    expect(Math.min(...focus(structure).scores)).toBeGreaterThan(1.5 * Math.max(...focus(noise).scores));
  });
});
