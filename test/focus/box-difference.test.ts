import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { boxDifference } from '../../src/focus/box-difference.js';
import type { Rect } from '../../src/slide/geometry.js';
import type { Luma } from '../../src/slide/raster.js';
import { arbitraryLuma } from '../arbitraries/raster.js';
import { textureLuma, whole } from '../laws/focus-measure-laws.js';

/** Sum of |P - mean of the 5 x 5 around P| over the pixels whose 5 x 5 lies inside, as the words say it. */
function byDefinition(luma: Luma, part: Rect, difference: (pixel: number, mean: number) => number): number {
  let total = 0;
  for (let y = part.y + 2; y < part.y + part.height - 2; y++) {
    for (let x = part.x + 2; x < part.x + part.width - 2; x++) {
      let sum = 0;
      for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) sum += luma.data[(y + j) * luma.width + x + i];
      total += difference(luma.data[y * luma.width + x], sum / 25);
    }
  }
  return total;
}

const signed = (pixel: number, mean: number) => Math.abs(pixel - mean);
/** What the blog computed: bytes, whose difference wraps around below 0. */
const onBytes = (pixel: number, mean: number) => (pixel - Math.round(mean)) & 255;

describe('boxDifference', () => {
  it('should always be exactly what its definition says', () => {
    fc.assert(
      fc.property(arbitraryLuma(30), (luma) => {
        // In units of 1/25 both are whole numbers.
        expect(Math.round(25 * boxDifference(luma, whole(luma), 1))).toBe(
          Math.round(25 * byDefinition(luma, whole(luma), signed)),
        );
      }),
    );
  });

  it('should always sum every n-th window of its definition', () => {
    fc.assert(
      fc.property(arbitraryLuma(30), fc.constantFrom(2, 4, 8), (luma, subsample) => {
        let total = 0;
        for (let y = 2; y < luma.height - 2; y += subsample) {
          for (let x = 2; x < luma.width - 2; x += subsample)
            total += byDefinition(luma, { x: x - 2, y: y - 2, width: 5, height: 5 }, signed);
        }
        const expected = total * subsample ** 2;
        expect(Math.abs(boxDifference(luma, whole(luma), subsample) - expected)).toBeLessThanOrEqual(1e-9 * expected);
      }),
    );
  });

  it('should never overflow on white of 16 bits', () => {
    const checkered = {
      width: 64,
      height: 64,
      data: Uint16Array.from({ length: 4096 }, (_, i) => 65_535 * ((i + (i >> 6)) & 1)),
    };
    expect(boxDifference(checkered, whole(checkered), 1)).toBeCloseTo(
      byDefinition(checkered, whole(checkered), signed),
      3,
    );
  });

  it('should never wrap around as on unsigned bytes, which counts the sign of noise and chooses the blurred plane', () => {
    const random = seeded(11);
    const side = 64;
    // In focus: a small cell on clean glass. Out of focus: the cell is gone, and the sensor's noise of one step is everywhere.
    const texture = textureLuma(side, side, 2).data;
    const inCell = (i: number) => i % side >= 24 && i % side < 40 && i >= 24 * side && i < 40 * side;
    const focused = {
      width: side,
      height: side,
      data: Uint8Array.from(texture, (value, i) => (inCell(i) ? value : 200)),
    };
    const blurred = { width: side, height: side, data: Uint8Array.from(texture, () => 200 - Math.round(random())) };
    const part = whole(focused);
    expect(boxDifference(focused, part, 1)).toBeGreaterThan(5 * boxDifference(blurred, part, 1));
    expect(byDefinition(focused, part, onBytes)).toBeLessThan(byDefinition(blurred, part, onBytes));
  });
});
