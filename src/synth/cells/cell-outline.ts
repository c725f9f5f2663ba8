// Outlines of cells: rounded polygons with a waver, as distances that textures can be shaded by.
import { between, type RandomSequence } from '../seeded-hash.js';
import { valueNoise } from '../value-noise.js';

/** Signed distance to an outline in pixels, roughly: above 0 inside, growing inwards. */
export type Outline = (x: number, y: number) => number;

export type OutlineShape = {
  readonly sides: number;
  /** Pixels from the centre to the sides, on average. */
  readonly radius: number;
  /** Pixels over which corners are rounded. */
  readonly rounding: number;
  /** Pixels the border wavers, with waves of some 16 pixels. */
  readonly waver: number;
};

/** No corner reaches further from the centre than this many times the radius (rounding and waver aside). */
export const farthestCorner = 1.35;

/** A rounded polygon around x, y: the smooth minimum of the distances to its sides, and to a circle that cuts long corners. */
export function polygonOutline(
  random: RandomSequence,
  { sides, radius, rounding, waver }: OutlineShape,
  centreX = 0,
  centreY = 0,
): Outline {
  const turn = random() * 2 * Math.PI;
  const normalX = new Float64Array(sides);
  const normalY = new Float64Array(sides);
  const distance = new Float64Array(sides);
  for (let side = 0; side < sides; side++) {
    const angle = turn + ((side + between(random, -0.3, 0.3)) / sides) * 2 * Math.PI;
    normalX[side] = Math.cos(angle);
    normalY[side] = Math.sin(angle);
    distance[side] = radius * between(random, 0.82, 1.18);
  }
  const seed = Math.floor(random() * 2 ** 32);
  const limit = farthestCorner * radius;
  return (x, y) => {
    // far outside how far does not matter
    const fromLimit = Math.hypot(x - centreX, y - centreY) - limit;
    if (fromLimit > 2 * waver + 4) return -fromLimit;
    const wavedX = x - centreX + waver * valueNoise(seed, x / 16, y / 16);
    const wavedY = y - centreY + waver * valueNoise(seed + 1, x / 16, y / 16);
    let sum = Math.exp((Math.hypot(wavedX, wavedY) - limit) / rounding);
    for (let side = 0; side < sides; side++) {
      sum += Math.exp((normalX[side] * wavedX + normalY[side] * wavedY - distance[side]) / rounding);
    }
    return -rounding * Math.log(sum);
  };
}
