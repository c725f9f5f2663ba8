// Sum of the absolute Laplacian, 3x3 with four neighbours. Subbarao, Choi & Nikzad, "Focusing techniques", Optical Engineering 32
// (1993), take its square; the absolute value follows noise and highlights less, and is what coarse levels are surveyed with.
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';

/** See FocusMeasure. */
export function laplacian({ data, width }: Luma, part: Rect, subsample: number): number {
  const right = part.x + part.width - 1;
  const bottom = part.y + part.height - 1;
  let total = 0;
  for (let y = part.y + 1; y < bottom; y += subsample) {
    const row = y * width;
    for (let i = row + part.x + 1; i < row + right; i += subsample) {
      const response = 4 * data[i] - data[i - 1] - data[i + 1] - data[i - width] - data[i + width];
      total += Math.abs(response);
    }
  }
  return total * subsample * subsample;
}
