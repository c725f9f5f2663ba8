// Pixel measures as WebAssembly kernels (assembly/): exactly the numbers of the plain TypeScript, in a tenth of its time.
import type { Rect } from '../../slide/geometry.js';
import type { Luma } from '../../slide/raster.js';
import { growTo, loadKernels } from '../../system/load-kernels.js';
import type { PixelMeasure } from '../focus-measure.js';
import { varianceOverMean } from '../normalized-variance.js';
import { kernelsModule } from './kernels.wasm.js';

/** Pixels at an address, their row length, the part of them: left, top, width, height; and the step from one that counts to the next. */
type Kernel = (
  pixels: number,
  width: number,
  left: number,
  top: number,
  across: number,
  down: number,
  step: number,
) => number;

type Exports = {
  readonly memory: WebAssembly.Memory;
  /** `columns` is the address of room for a row of sums. */
  readonly boxDifference: (...args: [...Parameters<Kernel>, columns: number]) => number;
  readonly laplacian: Kernel;
  readonly tenengrad: Kernel;
  readonly brenner: Kernel;
  readonly sumOfSamples: Kernel;
  readonly sumOfSquares: Kernel;
  readonly blockDifference: (
    pixels: number,
    across: number,
    down: number,
    shift: number,
    columns: number,
    scores: number,
    luma: number,
    room: number,
  ) => void;
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

/** See the measures of the same names; `kernelsTake` must hold. */
export const kernels = {
  'box-difference': (luma, part, step) =>
    run(luma, part, step, ({ boxDifference }, ...args) => {
      return (boxDifference(...args, afterPicture(luma, part)) / 25) * step * step;
    }),
  laplacian: (luma, part, step) => run(luma, part, step, ({ laplacian }, ...args) => laplacian(...args) * step * step),
  tenengrad: (luma, part, step) => run(luma, part, step, ({ tenengrad }, ...args) => tenengrad(...args) * step * step),
  brenner: (luma, part, step) => run(luma, part, step, ({ brenner }, ...args) => brenner(...args) * step * step),
  'normalized-variance': (luma, part, step) =>
    run(luma, part, step, ({ sumOfSamples, sumOfSquares }, ...args) => {
      const count = Math.ceil(part.width / step) * Math.ceil(part.height / step);
      return varianceOverMean(count, sumOfSamples(...args), sumOfSquares(...args));
    }),
} as const satisfies Record<string, PixelMeasure>;

/** Lays the rows of the part into the kernels' memory, and calls. */
function run(
  { data, width }: Luma,
  part: Rect,
  step: number,
  call: (exports: Exports, ...args: Parameters<Kernel>) => number,
): number {
  const exports = loaded as Exports;
  const { memory } = exports;
  const rows = data.subarray(part.y * width, (part.y + part.height) * width);
  growTo(memory, 2 * margin + rows.length + 2 * part.width);
  new Uint8Array(memory.buffer).set(rows, margin);
  return call(exports, margin, width, part.x, 0, part.width, part.height, step);
}

function afterPicture({ width }: Luma, part: Rect): number {
  return 2 * margin + part.height * width;
}

/** Rows of 16 bits that the kernel holds beside the picture, and what each has beside its pixels. */
const heldRows = 8;
const besideRow = 24;

/** See blockDifference; undefined where the plain code has to do it. */
export function blockDifferenceByKernel(
  luma: Luma,
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): { readonly differences: Uint32Array; readonly pixels: Uint32Array } | undefined {
  if (!kernelsTake(luma, { x: 0, y: 0, width, height })) return undefined;
  const { memory, blockDifference } = loaded as Exports;
  const columns = Math.ceil(width / side);
  const count = columns * Math.ceil(height / side);
  const scores = margin * Math.ceil((width * height + 2 * margin) / margin);
  const means = scores + 4 * count;
  const room = means + 4 * count;
  growTo(memory, room + 2 * heldRows * (width + besideRow));
  const bytes = new Uint8Array(memory.buffer);
  for (let y = 0; y < height; y++) {
    bytes.set((luma.data as Uint8Array).subarray(y * luma.width, y * luma.width + width), margin + y * width);
  }
  bytes.fill(0, scores, room);
  blockDifference(margin, width, height, Math.log2(side), columns, scores, means, room);
  const sums = new Uint32Array(memory.buffer, scores, 2 * count);
  return { differences: sums.slice(0, count), pixels: sums.slice(count) };
}
