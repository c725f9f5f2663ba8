// How much two blocks of different planes step where they meet, against the same place in the planes themselves.
import { blockSize } from '../../../src/slide/depth-map.js';
import type { Luma } from '../../../src/slide/raster.js';

export type SeamSteps = {
  /** Edges of blocks, 16 pixels long, with another plane on either side. */
  readonly edges: number;
  /** Mean of |difference| from pixel to pixel across them: in the result, and in the two planes it shows there. */
  readonly result: number;
  readonly planes: number;
  /** In the result one block away to either side, where that is no plane change: what its own sharp blocks step by. */
  readonly beside: number;
  /** In the picture with everything in focus; undefined where nobody has it. */
  readonly truth: number | undefined;
  /** Share of edges where the result steps by 4 grey levels more than either plane: what an eye may find. */
  readonly rough: number;
  /** The roughest of them. */
  readonly worst: readonly Seam[];
};

/** `excess`: grey levels by which the step in the result is above that of either plane. */
export type Seam = { readonly x: number; readonly y: number; readonly across: boolean; readonly excess: number };

/** Excess of a step that may be seen, in grey levels. */
const visible = 4;
const worstKept = 6;

export function relativeExcess({ result, planes }: SeamSteps): number {
  return planes === 0 ? 0 : result / planes - 1;
}

/**
 * Looks at every edge between blocks whose planes differ and for which `wanted` (with the place of its first pixel) holds; `blocks` is
 * row-major, `columns` a row.
 */
export function seamSteps(
  result: Luma,
  planes: readonly Luma[],
  blocks: ArrayLike<number>,
  columns: number,
  truth: Luma | undefined,
  wanted: (x: number, y: number, across: boolean) => boolean = () => true,
): SeamSteps {
  const { width, height } = result;
  const totals = { edges: 0, result: 0, planes: 0, truth: 0, rough: 0, beside: 0, besideEdges: 0 };
  const seams: Seam[] = [];
  const stepAt = ({ data }: Luma, x: number, y: number, across: boolean) => {
    const along = across ? width : 1;
    const back = across ? 1 : width;
    let sum = 0;
    for (let i = 0, at = y * width + x; i < blockSize; i++, at += along) sum += Math.abs(data[at] - data[at - back]);
    return sum / blockSize;
  };
  const planeAt = (x: number, y: number) => blocks[Math.floor(y / blockSize) * columns + Math.floor(x / blockSize)];
  const look = (x: number, y: number, across: boolean, before: number, after: number) => {
    const [own, first, second] = [result, planes[before], planes[after]].map((luma) => stepAt(luma, x, y, across));
    for (const offset of [-blockSize, blockSize]) {
      const [there, down] = across ? [x + offset, y] : [x, y + offset];
      if ((across ? there : down) < blockSize || there + blockSize > width || down + blockSize > height) continue;
      const behind = across ? planeAt(there - blockSize, down) : planeAt(there, down - blockSize);
      if (behind !== planeAt(there, down)) continue;
      totals.beside += stepAt(result, there, down, across);
      totals.besideEdges++;
    }
    if (truth) totals.truth += stepAt(truth, x, y, across);
    const excess = own - Math.max(first, second);
    totals.edges++;
    totals.result += own;
    totals.planes += (first + second) / 2;
    if (excess > visible) totals.rough++;
    seams.push({ x, y, across, excess });
  };
  const rows = Math.floor(height / blockSize);
  const whole = Math.floor(width / blockSize);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < whole; column++) {
      const [x, y] = [blockSize * column, blockSize * row];
      const plane = blocks[row * columns + column];
      const left = blocks[row * columns + column - 1];
      const above = blocks[(row - 1) * columns + column];
      if (column > 0 && left !== plane && wanted(x, y, true)) look(x, y, true, left, plane);
      if (row > 0 && above !== plane && wanted(x, y, false)) look(x, y, false, above, plane);
    }
  }
  const mean = (sum: number) => (totals.edges === 0 ? 0 : sum / totals.edges);
  return {
    edges: totals.edges,
    result: mean(totals.result),
    planes: mean(totals.planes),
    beside: totals.besideEdges === 0 ? 0 : totals.beside / totals.besideEdges,
    truth: truth && mean(totals.truth),
    rough: mean(totals.rough),
    worst: seams.sort((a, b) => b.excess - a.excess).slice(0, worstKept),
  };
}

/** The picture that shows each block of the plane named for it: what quilting gives, but for chroma. */
export function composeLuma(planes: readonly Luma[], blocks: ArrayLike<number>, columns: number): Luma {
  const [{ width, height }] = planes;
  const data = new Uint8Array(width * height);
  const lastRow = Math.ceil(blocks.length / columns) - 1;
  for (let y = 0; y < height; y++) {
    const row = Math.min(lastRow, Math.floor(y / blockSize)) * columns;
    for (let x = 0; x < width; x += blockSize) {
      const plane = planes[blocks[row + Math.min(columns - 1, x / blockSize)]];
      const from = y * width + x;
      data.set(plane.data.subarray(from, y * width + Math.min(x + blockSize, width)), from);
    }
  }
  return { width, height, data };
}

/** The picture moved by whole pixels to the right and down; what comes in from outside is the edge again. */
export function shiftedLuma({ width, height, data }: Luma, right: number, down: number): Luma {
  const moved = new Uint8Array(width * height);
  const clamp = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  for (let y = 0; y < height; y++) {
    const from = clamp(y - down, height) * width;
    for (let x = 0; x < width; x++) moved[y * width + x] = data[from + clamp(x - right, width)];
  }
  return { width, height, data: moved };
}
