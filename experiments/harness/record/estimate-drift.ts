// How planes of a stack are moved against each other: a shift and a change of scale, from patches found again in the next plane.
import type { Luma } from '../../../src/slide/raster.js';

/** Where a point of one plane lies in another: moved by `right` and `down` at the centre, and by `scale` times its distance from it. */
export type Drift = { readonly right: number; readonly down: number; readonly scale: number };

export const noDrift: Drift = { right: 0, down: 0, scale: 0 };

/** Pixels a patch may have moved from one plane to the next. */
const reach = 8;
const patchSide = 96;
const patchStep = 112;
/** Standard deviation, in grey levels, below which a patch shows too little to be found again. */
const leastTexture = 8;
/** Patches this many pixels off the fit are left out of it. */
const outlier = 1.5;

/** How a point at x, y has moved, in pixels. */
export function driftAt({ right, down, scale }: Drift, { width, height }: Luma, x: number, y: number) {
  return { x: right + scale * (x - width / 2), y: down + scale * (y - height / 2) };
}

/** The drift of every plane against the one in the middle, added up from plane to plane, since neighbours are blurred alike. */
export function driftsOf(planes: readonly Luma[]): Drift[] {
  const smooth = planes.map(smoothed);
  const steps = smooth.slice(1).map((next, plane) => driftBetween(smooth[plane], next));
  const middle = Math.floor(planes.length / 2);
  return planes.map((_, plane) => {
    const sign = plane < middle ? -1 : 1;
    const [from, to] = plane < middle ? [plane, middle] : [middle, plane];
    return steps.slice(from, to).reduce(
      (sum, step) => ({
        right: sum.right + sign * step.right,
        down: sum.down + sign * step.down,
        scale: sum.scale + sign * step.scale,
      }),
      noDrift,
    );
  });
}

type Found = { readonly x: number; readonly y: number; readonly right: number; readonly down: number };

function driftBetween(a: Luma, b: Luma): Drift {
  let found: Found[] = [];
  for (let y = reach; y + patchSide + reach <= a.height; y += patchStep) {
    for (let x = reach; x + patchSide + reach <= a.width; x += patchStep) {
      if (textureOf(a, x, y) < leastTexture) continue;
      const { right, down } = bestMatch(a, b, x, y);
      const centre = patchSide / 2;
      found.push({ x: x + centre - a.width / 2, y: y + centre - a.height / 2, right, down });
    }
  }
  let drift = {
    right: median(found.map((each) => each.right)),
    down: median(found.map((each) => each.down)),
    scale: 0,
  };
  for (let round = 0; round < 4; round++) {
    const kept = found.filter(({ x, y, right, down }) => {
      return (
        Math.hypot(right - drift.right - drift.scale * x, down - drift.down - drift.scale * y) < outlier * (4 - round)
      );
    });
    drift = leastSquares(kept);
    if (round === 3) found = kept;
  }
  return drift;
}

/** The drift whose squared distances from what was found sum to the least. */
function leastSquares(found: readonly Found[]): Drift {
  const mean = (of: (each: Found) => number) =>
    found.reduce((sum, each) => sum + of(each), 0) / Math.max(1, found.length);
  const [x, y, right, down] = [mean((f) => f.x), mean((f) => f.y), mean((f) => f.right), mean((f) => f.down)];
  let product = 0;
  let square = 0;
  for (const each of found) {
    product += (each.x - x) * (each.right - right) + (each.y - y) * (each.down - down);
    square += (each.x - x) ** 2 + (each.y - y) ** 2;
  }
  const scale = square === 0 ? 0 : product / square;
  return { right: right - scale * x, down: down - scale * y, scale };
}

/** The whole-pixel move of least mean difference, refined by a parabola each way. */
function bestMatch(a: Luma, b: Luma, x: number, y: number): { right: number; down: number } {
  const costs = new Float64Array((2 * reach + 1) ** 2);
  const width = 2 * reach + 1;
  let best = 0;
  for (let down = -reach, i = 0; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++, i++) {
      costs[i] = differenceOf(a, b, x, y, right, down);
      if (costs[i] < costs[best]) best = i;
    }
  }
  const [column, row] = [best % width, Math.floor(best / width)];
  const refine = (at: number, step: number, place: number) => {
    if (place === 0 || place === width - 1) return 0;
    const [before, here, after] = [costs[at - step], costs[at], costs[at + step]];
    return (before - after) / (2 * (before - 2 * here + after) || 1);
  };
  return { right: column - reach + refine(best, 1, column), down: row - reach + refine(best, width, row) };
}

/** Sum of |difference|, less that of the means: planes differ in light. Every second pixel each way. */
function differenceOf(a: Luma, b: Luma, x: number, y: number, right: number, down: number): number {
  let sum = 0;
  for (let j = 0; j < patchSide; j += 2) {
    let from = (y + j) * a.width + x;
    let to = (y + j + down) * b.width + x + right;
    for (let i = 0; i < patchSide; i += 2, from += 2, to += 2) sum += Math.abs(a.data[from] - b.data[to]);
  }
  return sum;
}

function textureOf({ data, width }: Luma, x: number, y: number): number {
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < patchSide; j += 2) {
    for (let i = 0; i < patchSide; i += 2) {
      const value = data[(y + j) * width + x + i];
      sum += value;
      squares += value * value;
    }
  }
  const count = (patchSide / 2) ** 2;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** The mean of 5 x 5 pixels: what is in focus in one plane alone would be found nowhere. */
function smoothed({ width, height, data }: Luma): Luma {
  const rows = new Float32Array(data.length);
  const mean = new Uint8Array(data.length);
  for (let i = 2; i < data.length - 2; i++) rows[i] = data[i - 2] + data[i - 1] + data[i] + data[i + 1] + data[i + 2];
  for (let i = 2 * width; i < data.length - 2 * width; i++) {
    mean[i] = (rows[i - 2 * width] + rows[i - width] + rows[i] + rows[i + width] + rows[i + 2 * width]) / 25;
  }
  return { width, height, data: mean };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
