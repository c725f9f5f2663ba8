// Sum of squared differences of pixels two apart, along rows. Brenner et al., "An automated microscope for cytologic research",
// J. Histochem. Cytochem. 24 (1976).
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';

/** See FocusMeasure. */
export function brenner({ data, width }: Luma, part: Rect, subsample: number): number {
  const right = part.x + part.width - 2;
  let total = 0;
  for (let y = part.y; y < part.y + part.height; y += subsample) {
    const row = y * width;
    for (let i = row + part.x; i < row + right; i += subsample) {
      const difference = data[i + 2] - data[i];
      total += difference * difference;
    }
  }
  return total * subsample * subsample;
}
