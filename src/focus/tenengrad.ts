// Sum of the squared Sobel gradient. Tenenbaum, "Accommodation in computer vision" (Stanford, 1970); Krotkov, "Focusing", IJCV 1
// (1987).
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';

/** See FocusMeasure. */
export function tenengrad({ data, width }: Luma, part: Rect, subsample: number): number {
  const right = part.x + part.width - 1;
  const bottom = part.y + part.height - 1;
  let total = 0;
  for (let y = part.y + 1; y < bottom; y += subsample) {
    const row = y * width;
    for (let i = row + part.x + 1; i < row + right; i += subsample) {
      const above = i - width;
      const below = i + width;
      const rising = data[below + 1] - data[above - 1];
      const falling = data[below - 1] - data[above + 1];
      const across = rising - falling + 2 * (data[i + 1] - data[i - 1]);
      const down = rising + falling + 2 * (data[below] - data[above]);
      total += across * across + down * down;
    }
  }
  return total * subsample * subsample;
}
