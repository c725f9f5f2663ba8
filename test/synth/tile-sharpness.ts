// Sum of |luma - its 5x5 box blur|, signed arithmetic, inside the border: the plain way to ask how sharp a tile is.
import { lumaOf, type Raster } from '../../src/slide/raster.js';

/** Mean over the pixels at least two away from the border, in grey values. */
export function tileSharpness(raster: Raster): number {
  const { width, height, data } = lumaOf(raster);
  let sum = 0;
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      let box = 0;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) box += data[(y + dy) * width + x + dx];
      }
      sum += Math.abs(data[y * width + x] - box / 25);
    }
  }
  return sum / ((width - 4) * (height - 4));
}
