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
  blurRowsAndTranspose(from, to, side, box);
  blurRowsAndTranspose(to, from, side, box);
  const data = new Uint16Array(from.length);
  for (let i = 0; i < from.length; i++) data[i] = from[i] + 0.5;
  return { radius, data };
}

function boxOfVariance(variance: number): Box {
  const radius = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2);
  const excess = variance - (radius * (radius + 1)) / 3;
  return { radius, border: ((2 * radius + 1) * excess) / (2 * ((radius + 1) ** 2 - variance)) };
}

function blurRowsAndTranspose(from: Float32Array, to: Float32Array, side: number, box: Box): void {
  // one channel of one row, with room for the box at both ends: always clear there
  const room = box.radius + 1;
  let line = new Float32Array(side + 2 * room);
  let blurred = new Float32Array(side + 2 * room);
  for (let y = 0; y < side; y++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let x = 0; x < side; x++) line[room + x] = from[(y * side + x) * 3 + channel];
      for (let pass = 0; pass < passes; pass++) {
        blurLine(line, blurred, side, box);
        [line, blurred] = [blurred, line];
      }
      for (let x = 0; x < side; x++) to[(x * side + y) * 3 + channel] = line[room + x];
    }
  }
}

function blurLine(from: Float32Array, to: Float32Array, length: number, { radius, border }: Box): void {
  const scale = 1 / (2 * radius + 1 + 2 * border);
  const start = radius + 1;
  const end = start + length;
  // the window slides: `sum` holds the ones
  let sum = 0;
  for (let i = start; i < start + radius; i++) sum += from[i];
  for (let i = start; i < end; i++) {
    sum += from[i + radius];
    to[i] = (sum + border * (from[i - radius - 1] + from[i + radius + 1])) * scale;
    sum -= from[i - radius];
  }
}
