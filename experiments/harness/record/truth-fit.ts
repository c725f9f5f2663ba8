// How near planes that a measure finds sharpest are to the true ones.
import type { SlideTruth } from '../../../src/synth/synth-slide.js';

export type Fit = {
  /** Share of tiles whose strongest plane is the true one; and of those where it is that or one beside it. */
  readonly agreement: number;
  readonly withinOne: number;
  /** Excess of the squared error to the sharp picture, in parts of what a plane drawn at random has; NaN where it is not known. */
  readonly regret: number;
};

/** Tiles with a smaller share of specimen are left out: what little there is may be cut by the border. */
export const leastTissue = 0.05;

export function tilesWithTissue({ planes, tissue }: SlideTruth): number[] {
  return [...planes.keys()].filter((tile) => planes[tile] >= 0 && tissue[tile] > leastTissue);
}

/** `numbers` and `errors` (see errorsOf) are [tile][plane]. */
export function truthFit(
  { truth: { planes }, errors }: { readonly truth: SlideTruth; readonly errors: Float64Array | undefined },
  planeCount: number,
  tiles: readonly number[],
  numbers: Float64Array,
): Fit {
  let exact = 0;
  let near = 0;
  let excess = 0;
  let possible = 0;
  for (const tile of tiles) {
    const chosen = strongest(numbers, planeCount, tile);
    const distance = Math.abs(chosen - planes[tile]);
    if (distance === 0) exact++;
    if (distance <= 1) near++;
    if (!errors) continue;
    const own = errors.subarray(tile * planeCount, (tile + 1) * planeCount);
    const least = Math.min(...own);
    excess += own[chosen] - least;
    possible += own.reduce((sum, error) => sum + error, 0) / planeCount - least;
  }
  const regret = errors ? excess / possible : Number.NaN;
  return { agreement: exact / tiles.length, withinOne: near / tiles.length, regret };
}

/** The plane with the largest number, the lowest of several. */
export function strongest(numbers: Float64Array, planeCount: number, tile: number): number {
  let best = 0;
  for (let plane = 1; plane < planeCount; plane++) {
    if (numbers[tile * planeCount + plane] > numbers[tile * planeCount + best]) best = plane;
  }
  return best;
}
