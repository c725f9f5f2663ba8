// Gaussian blur by three box blurs whose borders weigh less, so that any sigma is met exactly in variance: Gwosdek et al.,
// "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011.
import type { DensityImage } from './density-image.js';

/** A box of 2 x radius + 1 ones with `border` (0 to 1, excluded) at each end. */
type Box = { readonly radius: number; readonly border: number };

const passes = 3;

/** Pixels by which a blur spreads an image to each side. */
export function blurMargin(sigma: number): number {
  return sigma === 0 ? 0 : passes * (boxOfVariance(sigma ** 2 / passes).radius + 1);
}

/** The image blurred, and larger by what the blur spreads; clear beyond its border. Sigma in pixels, above 0. */
export function blurDensity(image: DensityImage<Uint16Array>, sigma: number): DensityImage<Uint16Array> {
  const box = boxOfVariance(sigma ** 2 / passes);
  const margin = blurMargin(sigma);
  const radius = image.radius + margin;
  const side = 2 * radius + 1;
  const innerSide = 2 * image.radius + 1;
  const from = new Float32Array(side * side * 3);
  const to = new Float32Array(side * side * 3);
  for (let y = 0; y < innerSide; y++) {
    const row = image.data.subarray(y * innerSide * 3, (y + 1) * innerSide * 3);
    from.set(row, ((y + margin) * side + margin) * 3);
  }
  for (let pass = 0; pass < passes; pass++) {
    blurRowsAndTranspose(from, to, side, box);
    blurRowsAndTranspose(to, from, side, box);
  }
  const data = new Uint16Array(from.length);
  for (let i = 0; i < from.length; i++) data[i] = from[i] + 0.5;
  return { radius, data };
}

function boxOfVariance(variance: number): Box {
  const radius = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2);
  const excess = variance - (radius * (radius + 1)) / 3;
  return { radius, border: ((2 * radius + 1) * excess) / (2 * ((radius + 1) ** 2 - variance)) };
}

function blurRowsAndTranspose(from: Float32Array, to: Float32Array, side: number, { radius, border }: Box): void {
  const scale = 1 / (2 * radius + 1 + 2 * border);
  for (let y = 0; y < side; y++) {
    for (let channel = 0; channel < 3; channel++) {
      const row = y * side * 3 + channel;
      // the window slides: `sum` holds the ones, pixels outside are clear
      let sum = 0;
      for (let x = 0; x < radius; x++) sum += from[row + x * 3];
      for (let x = 0; x < side; x++) {
        const entering = x + radius < side ? from[row + (x + radius) * 3] : 0;
        const beyond = x + radius + 1 < side ? from[row + (x + radius + 1) * 3] : 0;
        const before = x > radius ? from[row + (x - radius - 1) * 3] : 0;
        sum += entering;
        to[(x * side + y) * 3 + channel] = (sum + border * (beyond + before)) * scale;
        if (x >= radius) sum -= from[row + (x - radius) * 3];
      }
    }
  }
}
