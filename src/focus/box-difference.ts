// Sum of |image - 5x5 box blur|: the energy that a small blur takes away. A high-pass of the family in Pertuz, Puig & Garcia,
// "Analysis of focus measure operators for shape-from-focus", Pattern Recognition 46 (2013).
//
// The difference is signed. The blog that first described flattening by this measure took it on unsigned bytes, where -1 wraps
// to 255: that counts the sign of noise instead of its size, and chose another plane on half of all cytology tiles.
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';

const radius = 2;
const boxArea = 25;

/** See FocusMeasure. */
export function boxDifference(luma: Luma, part: Rect, subsample: number): number {
  return subsample === 1 ? everyPixel(luma, part) : someWindows(luma, part, subsample);
}

// Two running sums make the blur cost four additions a pixel, whatever its size: column[x] holds the sum of the five samples
// above and below row y, and `box` the sum of five columns around x.
//
//         x-2   x   x+2
//   y-2    .  . . .  .
//    y     .  . P .  .     |25 P - box| is 25 times the difference from the mean
//   y+2    .  . . .  .
function everyPixel({ data, width }: Luma, { x: left, y: top, width: across, height: down }: Rect): number {
  if (across < 5 || down < 5) return 0;
  const column = new Int32Array(across);
  for (let y = 0; y < 4; y++) {
    const row = (top + y) * width + left;
    for (let x = 0; x < across; x++) column[x] += data[row + x];
  }
  const stop = across - radius;
  let total = 0;
  for (let y = radius; y < down - radius; y++) {
    const centre = (top + y) * width + left;
    const entering = centre + radius * width;
    const leaving = centre - (radius + 1) * width;
    // The first row has nothing to take away: the sums start four rows deep.
    if (y === radius) for (let x = 0; x < across; x++) column[x] += data[entering + x];
    else for (let x = 0; x < across; x++) column[x] += data[entering + x] - data[leaving + x];
    let box = column[0] + column[1] + column[2] + column[3];
    let row = 0;
    for (let x = radius; x < stop; x++) {
      box += column[x + 2];
      // Math.abs compiles to no branch; on noise, a conditional takes twice the time.
      row += Math.abs(boxArea * data[centre + x] - box);
      box -= column[x - 2];
    }
    total += row;
  }
  return total / boxArea;
}

/** With gaps between the windows, running sums would visit pixels that no window needs. */
function someWindows({ data, width }: Luma, part: Rect, subsample: number): number {
  const right = part.x + part.width - radius;
  const bottom = part.y + part.height - radius;
  let total = 0;
  for (let y = part.y + radius; y < bottom; y += subsample) {
    for (let x = part.x + radius; x < right; x += subsample) {
      let box = 0;
      for (let row = y - radius; row <= y + radius; row++) {
        const at = row * width + x;
        box += data[at - 2] + data[at - 1] + data[at] + data[at + 1] + data[at + 2];
      }
      total += Math.abs(boxArea * data[y * width + x] - box);
    }
  }
  return (total / boxArea) * subsample * subsample;
}
