// Focus of every block of a picture: the sum of |P - mean of the 5x5 around P| after a Gaussian of one pixel (the binomial 1 4 6 4 1 down
// and across). Pixels of noise are mostly smoothed away, and what is left is as wide as what the eye sees: experiments/eye. At an edge,
// the picture goes on as its last pixels. Numbers are whole, with three bits behind the point, as the kernel has them
// (kernels/assembly/block-difference.ts).
import type { Luma } from '../slide/raster.js';
import { blockDifferenceByKernel } from './kernels/run-kernels.js';

/** By block, row-major. */
export type BlockDifferences = {
  readonly columns: number;
  readonly rows: number;
  /** In grey levels. */
  readonly scores: Float32Array;
  /** Mean pixel. */
  readonly luma: Float32Array;
};

/** What sums of differences are divided by: 25 pixels of 8 parts. */
export const differenceScale = 200;

/** Measures the blocks of a picture's top left part; `side` is 8 or 16. */
export function blockDifference(
  luma: Luma,
  shown: { readonly width: number; readonly height: number },
  side: number,
): BlockDifferences {
  const columns = Math.ceil(shown.width / side);
  const rows = Math.ceil(shown.height / side);
  const sums = blockDifferenceByKernel(luma, shown, side) ?? differencesPlainly(luma, shown, side);
  const scores = Float32Array.from(sums.differences, (sum) => sum / differenceScale);
  const means = Float32Array.from(sums.pixels, (sum, block) => {
    const width = Math.min(side, shown.width - side * (block % columns));
    const height = Math.min(side, shown.height - side * Math.floor(block / columns));
    return sum / (width * height);
  });
  return { columns, rows, scores, luma: means };
}

/** Sums by block of differences, `differenceScale` to a grey level, and of pixels. */
export type BlockSums = { readonly differences: ArrayLike<number>; readonly pixels: ArrayLike<number> };

/** Without WebAssembly, and for samples of 16 bits. */
export function differencesPlainly(
  { data, width: stride }: Luma,
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): BlockSums {
  const columns = Math.ceil(width / side);
  const count = columns * Math.ceil(height / side);
  const differences = new Float64Array(count);
  const pixels = new Float64Array(count);
  const smooth = smoothed(data, stride, width, height);
  const sums = new Float64Array(width);
  const line = (y: number) => Math.max(0, Math.min(height - 1, y)) * width;
  for (let y = -2; y <= 2; y++) for (let x = 0; x < width; x++) sums[x] += smooth[line(y) + x];
  for (let y = 0; y < height; y++) {
    const first = Math.floor(y / side) * columns;
    for (let x = 0; x < width; x++) {
      let box = 0;
      for (let i = x - 2; i <= x + 2; i++) box += sums[Math.max(0, Math.min(width - 1, i))];
      const block = first + Math.floor(x / side);
      differences[block] += Math.abs(25 * smooth[y * width + x] - box);
      pixels[block] += data[y * stride + x];
    }
    const [enters, leaves] = [line(y + 3), line(y - 2)];
    for (let x = 0; x < width; x++) sums[x] += smooth[enters + x] - smooth[leaves + x];
  }
  return { differences, pixels };
}

/** Eight times the picture smoothed, rounded. */
function smoothed(data: Luma['data'], stride: number, width: number, height: number): Float64Array {
  const smooth = new Float64Array(width * height);
  const weighted = new Float64Array(width);
  const weigh = (a: number, b: number, c: number, d: number, e: number) => a + e + 4 * (b + d) + 6 * c;
  for (let y = 0; y < height; y++) {
    const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((k) => Math.max(0, Math.min(height - 1, y + k)) * stride);
    for (let x = 0; x < width; x++)
      weighted[x] = weigh(data[a + x], data[b + x], data[c + x], data[d + x], data[e + x]);
    const at = (x: number) => weighted[Math.max(0, Math.min(width - 1, x))];
    for (let x = 0; x < width; x++) {
      smooth[y * width + x] = Math.floor((weigh(at(x - 2), at(x - 1), at(x), at(x + 1), at(x + 2)) + 16) / 32);
    }
  }
  return smooth;
}
