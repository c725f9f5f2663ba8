// What the eye sees of a stack in its flattened picture: how much of the focus of the sharpest plane each block of 32 pixels keeps. Noise
// is not rewarded: luma is smoothed first, and blocks count whose focus varies over the planes by more than noise does.
import type { Luma } from '../../../src/slide/raster.js';

/** Pixels of a block's side: what is seen as one place. */
export const eyeBlock = 32;
const sigma = 1;
/** Content varies over planes by more than this share of its least focus, so many times the noise, and so much a pixel. */
const leastContrast = 0.35;
const leastNoises = 6;
const leastPerPixel = 0.1;

export type EyeReference = {
  readonly columns: number;
  readonly rows: number;
  /** By block: the greatest and the least focus of the planes, and whether it counts. */
  readonly best: Float64Array;
  readonly worst: Float64Array;
  readonly content: Uint8Array;
};

export type EyeResult = {
  /** Blocks that count. */
  readonly blocks: number;
  /** Sum of min(F, best F) over the sum of best F. */
  readonly kept: number;
  /** Share of blocks that keep less than half of what lies between the worst and the best plane. */
  readonly lost: number;
  /** Those blocks, by index. */
  readonly lostBlocks: readonly number[];
};

/** Focus of each whole block, row-major: the sum of |luma - its 5x5 box| after a Gaussian of sigma 1. */
export function eyeFocus({ width, height, data }: Luma): Float64Array {
  const smooth = separable(Float32Array.from(data), width, height, gaussian(sigma));
  const box = separable(smooth, width, height, new Float32Array(5).fill(0.2));
  const columns = Math.floor(width / eyeBlock);
  const rows = Math.floor(height / eyeBlock);
  const focus = new Float64Array(columns * rows);
  for (let y = 0; y < rows * eyeBlock; y++) {
    const first = Math.floor(y / eyeBlock) * columns;
    for (let x = 0; x < columns * eyeBlock; x++) {
      focus[first + Math.floor(x / eyeBlock)] += Math.abs(smooth[y * width + x] - box[y * width + x]);
    }
  }
  return focus;
}

/** What the planes hold, from the focus of each. */
export function eyeReference(
  { width, height }: { width: number; height: number },
  planes: readonly Float64Array[],
): EyeReference {
  const columns = Math.floor(width / eyeBlock);
  const rows = Math.floor(height / eyeBlock);
  const best = new Float64Array(columns * rows);
  const worst = new Float64Array(columns * rows);
  for (let block = 0; block < best.length; block++) {
    const values = planes.map((focus) => focus[block]);
    best[block] = Math.max(...values);
    worst[block] = Math.min(...values);
  }
  const noise = noiseBetween(planes, best);
  const content = Uint8Array.from(best, (most, block) => {
    const range = most - worst[block];
    const counts =
      range > leastContrast * worst[block] && range > leastNoises * noise && range > leastPerPixel * eyeBlock ** 2;
    return counts ? 1 : 0;
  });
  return { columns, rows, best, worst, content };
}

/** How much of it a picture with this focus keeps. */
export function eyeResult({ best, worst, content }: EyeReference, focus: Float64Array): EyeResult {
  let kept = 0;
  let held = 0;
  const lostBlocks: number[] = [];
  const blocks = content.reduce((sum, counts) => sum + counts, 0);
  for (let block = 0; block < best.length; block++) {
    if (!content[block]) continue;
    held += best[block];
    kept += Math.min(focus[block], best[block]);
    if (focus[block] - worst[block] < (best[block] - worst[block]) / 2) lostBlocks.push(block);
  }
  return { blocks, kept: kept / held, lost: lostBlocks.length / blocks, lostBlocks };
}

/** Standard deviation of a block's focus from plane to plane where nothing changes: over the quarter of blocks with the lowest best. */
function noiseBetween(planes: readonly Float64Array[], best: Float64Array): number {
  const order = Array.from(best.keys()).sort((a, b) => best[a] - best[b]);
  const bends: number[] = [];
  for (const block of order.slice(0, Math.max(1, order.length >> 2))) {
    for (let z = 1; z + 1 < planes.length; z++) {
      bends.push(Math.abs(planes[z - 1][block] - 2 * planes[z][block] + planes[z + 1][block]));
    }
  }
  if (bends.length === 0) return 0;
  bends.sort((a, b) => a - b);
  return (1.4826 * bends[bends.length >> 1]) / Math.sqrt(6);
}

/** A kernel of odd length applied along rows, then along columns; beyond an edge it is as at the edge. */
function separable(from: Float32Array, width: number, height: number, kernel: Float32Array): Float32Array {
  const reach = kernel.length >> 1;
  const across = new Float32Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        sum += kernel[k + reach] * from[y * width + Math.min(width - 1, Math.max(0, x + k))];
      }
      across[y * width + x] = sum;
    }
  }
  const down = new Float32Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let k = -reach; k <= reach; k++) {
      const weight = kernel[k + reach];
      const line = Math.min(height - 1, Math.max(0, y + k)) * width;
      for (let x = 0; x < width; x++) down[y * width + x] += weight * across[line + x];
    }
  }
  return down;
}

function gaussian(sigma: number): Float32Array {
  const reach = Math.ceil(4 * sigma);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}
