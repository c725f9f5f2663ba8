// The light that a tile's specimen takes away: the sum of the densities of all particles, each blurred by its distance from
// focus. Sums of integers, so that neither the order of particles nor the cut of tiles can change a pixel.
import { clipToImage, type Rect } from '../slide/geometry.js';
import { blurMargin } from './blur-density.js';
import { type Defocus, greatestSigma } from './defocus.js';
import { type DensityImage, densityUnit } from './density-image.js';
import type { Particle, ParticleList } from './particle-list.js';

/** The sum has this many units to density 1: gains are in 1/256. */
export const absorptionUnit = densityUnit * 256;

/** Pixels by which the greatest blur reaches beyond a sprite. */
export const blurReach = blurMargin(greatestSigma);

/** What the particles take away from red, green and blue of every pixel of the rectangle, in units of 1 / absorptionUnit. */
export function absorbAll(
  particles: ParticleList,
  within: Rect,
  defocusOf: (particle: Particle) => Defocus,
): Int32Array {
  const sum = new Int32Array(within.width * within.height * 3);
  for (const particle of particles) absorb(sum, within, particle, defocusOf(particle));
  return sum;
}

/** Adds one particle, defocused, to `sum`. */
function absorb(sum: Int32Array, within: Rect, particle: Particle, { blur, share }: Defocus): void {
  addBlurred(sum, within, particle, blur, 1 - share);
  if (share > 0) addBlurred(sum, within, particle, blur + 1, share);
}

function addBlurred(sum: Int32Array, within: Rect, particle: Particle, blur: number, weight: number): void {
  const { x, y, sprite, gain } = particle;
  const reach = sprite.reach(blur);
  const isNear =
    x + reach >= within.x &&
    y + reach >= within.y &&
    x - reach < within.x + within.width &&
    y - reach < within.y + within.height;
  if (!isNear) return;
  const [red, green, blue] = gain;
  const round = Math.round;
  addImage(sum, within, particle, sprite.image(blur), round(red * weight), round(green * weight), round(blue * weight));
}

function addImage(
  sum: Int32Array,
  within: Rect,
  { x, y, orientation }: Particle,
  { radius, data }: DensityImage<Uint16Array>,
  red: number,
  green: number,
  blue: number,
): void {
  const side = 2 * radius + 1;
  const box = { x: x - radius - within.x, y: y - radius - within.y, width: side, height: side };
  const shown = clipToImage(box, within);
  // steps through the image for one pixel to the right and one down
  let across = orientation & 1 ? -3 : 3;
  let down = (orientation & 2 ? -3 : 3) * side;
  let corner = (orientation & 1 ? side - 1 : 0) * 3 + (orientation & 2 ? side - 1 : 0) * side * 3;
  if (orientation & 4) [across, down] = [down, across];
  corner += (shown.x - box.x) * across + (shown.y - box.y) * down;
  for (let line = 0; line < shown.height; line++) {
    let from = corner + line * down;
    let to = ((shown.y + line) * within.width + shown.x) * 3;
    for (const end = to + shown.width * 3; to < end; to += 3) {
      sum[to] += data[from] * red;
      sum[to + 1] += data[from + 1] * green;
      sum[to + 2] += data[from + 2] * blue;
      from += across;
    }
  }
}
