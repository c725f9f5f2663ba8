// The slide as a faint grey ground for colours: its own brightness, stretched and kept light; light specimen on dark ground is turned
// round, so that colours always lie on light.
import type { Size } from '../../slide/geometry.js';
import { lumaOf, type Raster } from '../../slide/raster.js';

/** Grey of the strongest parts of the specimen; the ground is white. */
const darkestGrey = 116;
/** Share of pixels that may be clipped at each end of the stretch. */
const clipped = 0.005;
/** Brightness must spread by this part of its highest value to be stretched to the full: noise of empty glass stays faint. */
const leastSpread = 0.15;

/** Steps between greys: too fine to see under the colours, and the picture compresses to half. */
const greyStep = 6;

/** Grey values (0 to 255) of a picture of the given size, row-major; white where there is no thumbnail. */
export function faintThumbnail(thumbnail: Raster | undefined, size: Size): Uint8Array {
  const greys = new Uint8Array(size.width * size.height).fill(255);
  if (!thumbnail) return greys;
  const luma = lumaOf(thumbnail);
  const resized = resize(luma.data, luma, size);
  // A sample of the pixels is enough to find the ends.
  const step = Math.ceil(resized.length / 65536);
  const sample = resized.filter((_, i) => i % step === 0).sort();
  const low = sample[Math.floor(clipped * (sample.length - 1))];
  const high = sample[Math.ceil((1 - clipped) * (sample.length - 1))];
  const spread = Math.max(high - low, leastSpread * high, 1);
  const darkGround = isDarkGround(sample, high);
  for (let i = 0; i < greys.length; i++) {
    const shade = Math.min(1, Math.max(0, darkGround ? (resized[i] - low) / spread : (high - resized[i]) / spread));
    greys[i] = 255 - greyStep * Math.round(((255 - darkestGrey) * shade) / greyStep);
  }
  return greys;
}

/** Whether most of the slide is nearly black: light specimen on dark ground, as in fluorescence. Dense tissue is not that dark. */
function isDarkGround(sorted: Float32Array, high: number): boolean {
  return sorted[sorted.length >> 1] < high / 4;
}

/** Enlarges or reduces with a triangle filter, one direction after the other. The larger of the two pictures bounds its memory. */
function resize(data: ArrayLike<number>, from: Size, to: Size): Float32Array {
  const across = triangleWeights(from.width, to.width);
  const down = triangleWeights(from.height, to.height);
  const narrow = new Float32Array(to.width * from.height);
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < to.width; x++) {
      narrow[y * to.width + x] = weighted(data, y * from.width, 1, across[x]);
    }
  }
  const resized = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      resized[y * to.width + x] = weighted(narrow, x, to.width, down[y]);
    }
  }
  return resized;
}

type Weights = { readonly first: number; readonly weights: Float64Array };

function triangleWeights(from: number, to: number): Weights[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function weighted(data: ArrayLike<number>, start: number, stride: number, { first, weights }: Weights): number {
  let sum = 0;
  for (let k = 0, at = start + first * stride; k < weights.length; k++, at += stride) sum += data[at] * weights[k];
  return sum;
}
