// Which plane of a tile is right: the one whose picture, without noise, is nearest to the picture with everything in focus
// (least sum of squares over red, green and blue). Every particle's loss by distance is known, and their sum tells the
// planes that may be it; those are rendered. Losses of overlapping particles do not quite add, hence the rendering.
import type { Rect } from '../slide/geometry.js';
import { absorbAll, absorptionUnit } from './absorption.js';
import { defocusAt, inFocus } from './defocus.js';
import type { Particle, ParticleList } from './particle-list.js';
import { develop } from './sensor.js';

export type TileTruth = {
  /** Index of the plane with the least error, the lowest on a tie; undefined where the tile shows glass: no plane is right. */
  readonly plane: number | undefined;
  /** Share of its pixels that show specimen: 0 to 1. */
  readonly tissue: number;
};

/** Absorption, summed over red, green and blue, from which on a pixel counts as specimen: 4 % of the light. */
const leastSpecimen = 0.12 * absorptionUnit;

/** Share of specimen below which a tile is glass: 65 pixels of 256 x 256, a fifth of a white blood cell. */
const leastTissue = 0.001;

/**
 * Planes whose summed losses are within this factor of the least are rendered; all of them where there is so little specimen
 * that what reaches in from beside the tile, and dust, count. Chosen so that on 1088 tiles of gravel, mixed, layers, island
 * and step the plane was the one that rendering all nine planes gives; with 2.5 and 0, some four in a thousand were not.
 */
const closeCall = 4;
const littleTissue = 0.1;

/** The truth about what a rectangle shows; `particles` are all those on it or near it. */
export function tileTruth(particles: ParticleList, within: Rect, planeCount: number, blurPerPlane: number): TileTruth {
  const specimen = particles.filter((particle) => particle.specimen);
  const tissue = shareOfSpecimen(absorbAll(specimen, within, () => inFocus));
  if (tissue < leastTissue) return { plane: undefined, tissue };

  const losses = planeLosses(specimen, within, planeCount, blurPerPlane);
  const limit = tissue < littleTissue ? Number.POSITIVE_INFINITY : closeCall * Math.min(...losses);
  const rivals = [...losses.keys()].filter((plane) => losses[plane] <= limit);
  if (rivals.length === 1) return { plane: rivals[0], tissue };

  const sharp = develop(absorbAll(particles, within, () => inFocus));
  let best = rivals[0];
  let leastError = Number.POSITIVE_INFINITY;
  for (const plane of rivals) {
    const seen = develop(absorbAll(particles, within, ({ height }) => defocusAt(plane - height, blurPerPlane)));
    const error = squaredError(sharp, seen);
    if (error < leastError) [best, leastError] = [plane, error];
  }
  return { plane: best, tissue };
}

/** The particle of the specimen that is densest at a pixel; undefined where the pixel shows none. */
export function densestAt(particles: ParticleList, x: number, y: number): Particle | undefined {
  const pixel = { x, y, width: 1, height: 1 };
  let densest: Particle | undefined;
  let density = leastSpecimen;
  for (const particle of particles) {
    const [red, green, blue] = absorbAll([particle], pixel, () => inFocus);
    const own = red + green + blue;
    if (particle.specimen && own >= density) [densest, density] = [particle, own];
  }
  return densest;
}

function shareOfSpecimen(sum: Int32Array): number {
  let count = 0;
  for (let i = 0; i < sum.length; i += 3) if (sum[i] + sum[i + 1] + sum[i + 2] >= leastSpecimen) count++;
  return (3 * count) / sum.length;
}

function planeLosses(particles: ParticleList, within: Rect, planeCount: number, blurPerPlane: number): Float64Array {
  const losses = new Float64Array(planeCount);
  for (const particle of particles) {
    const share = shareInside(particle, within);
    if (share === 0) continue;
    const weight = share * (particle.gain[1] / 256) ** 2;
    for (let plane = 0; plane < planeCount; plane++) {
      losses[plane] += weight * particle.sprite.lossAt(defocusAt(plane - particle.height, blurPerPlane));
    }
  }
  return losses;
}

/** Share of a particle's square, in focus, that lies in the rectangle. */
function shareInside({ x, y, sprite }: Particle, within: Rect): number {
  const { radius } = sprite.image(0);
  const side = 2 * radius + 1;
  const width = Math.min(x + radius + 1, within.x + within.width) - Math.max(x - radius, within.x);
  const height = Math.min(y + radius + 1, within.y + within.height) - Math.max(y - radius, within.y);
  return (Math.max(0, width) * Math.max(0, height)) / (side * side);
}

function squaredError(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
