// Pixel measures as WebAssembly kernels (assembly/): exactly the numbers of the plain TypeScript, in a tenth of its time.
import type { Rect } from '../../slide/geometry.js';
import type { Luma } from '../../slide/raster.js';
import { growTo, loadKernels } from '../../wasm/load-kernels.js';
import { varianceOverMean } from '../normalized-variance.js';
import { kernelsModule } from './kernels.wasm.js';

/** Pixels at an address, their row length, and the part of them: left, top, width, height. */
type Kernel = (pixels: number, width: number, left: number, top: number, across: number, down: number) => number;

type Exports = {
  readonly memory: WebAssembly.Memory;
  /** `columns` is the address of room for a row of sums. */
  readonly boxDifference: (...args: [...Parameters<Kernel>, columns: number]) => number;
  readonly laplacian: Kernel;
  readonly tenengrad: Kernel;
  readonly brenner: Kernel;
  readonly sumOfSamples: Kernel;
  readonly sumOfSquares: Kernel;
};

/** Wider parts could overflow the sums of a row, which have 32 bits. */
const widest = 2048;
/** Pixels of the kernels' memory that are beside the picture's may be loaded, never used. */
const margin = 64;

/** What kernels hold: one picture and a row of sums; grown to the largest that was met. */
const loaded = loadKernels<Exports>(kernelsModule);

/** Whether kernels take this part: of 8-bit samples, and not too wide. */
export function kernelsTake({ data }: Luma, { width, height }: Rect): boolean {
  return loaded !== undefined && data instanceof Uint8Array && width <= widest && width > 0 && height > 0;
}

/** A measure of every pixel of a part. */
export type KernelMeasure = (luma: Luma, part: Rect) => number;

/** See the measures of the same names; `kernelsTake` must hold. */
export const kernels = {
  'box-difference': (luma, part) =>
    run(luma, part, ({ boxDifference }, ...args) => boxDifference(...args, afterPicture(luma, part)) / 25),
  laplacian: (luma, part) => run(luma, part, ({ laplacian }, ...args) => laplacian(...args)),
  tenengrad: (luma, part) => run(luma, part, ({ tenengrad }, ...args) => tenengrad(...args)),
  brenner: (luma, part) => run(luma, part, ({ brenner }, ...args) => brenner(...args)),
  'normalized-variance': (luma, part) =>
    run(luma, part, ({ sumOfSamples, sumOfSquares }, ...args) =>
      varianceOverMean(part.width * part.height, sumOfSamples(...args), sumOfSquares(...args)),
    ),
} as const satisfies Record<string, KernelMeasure>;

/** Lays the rows of the part into the kernels' memory, and calls. */
function run(
  { data, width }: Luma,
  part: Rect,
  call: (exports: Exports, ...args: Parameters<Kernel>) => number,
): number {
  const exports = loaded as Exports;
  const { memory } = exports;
  const rows = data.subarray(part.y * width, (part.y + part.height) * width);
  growTo(memory, 2 * margin + rows.length + 2 * part.width);
  new Uint8Array(memory.buffer).set(rows, margin);
  return call(exports, margin, width, part.x, 0, part.width, part.height);
}

function afterPicture({ width }: Luma, part: Rect): number {
  return 2 * margin + part.height * width;
}
