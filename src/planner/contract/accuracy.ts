// How good a map is against the exhaustive method (the words of design.md, section 1).
import { selectInPlace } from '../numeric/select.js';

/** Over tiles with content. */
export type AccuracyEstimate = {
  readonly kind: 'audit' | 'exhaustive';
  /** Tiles with content that the figures are of: all of them, or those drawn for an audit. */
  readonly tiles: number;
  /** Share whose chosen plane is the exhaustive one; `withinOne` allows the plane beside it. */
  readonly agreement: number;
  readonly withinOne: number;
  /** Sum of F(chosen) over sum of F(best). */
  readonly retained: number;
  /** 95 % interval of `retained`. */
  readonly retainedInterval: readonly [number, number];
  /** Lowest F(chosen) / F(best) of a tile. */
  readonly worst: number;
};

/** Whether a target is met: by the estimate or, where it is to be proved, by the lower end of its interval. */
export function meetsTarget(
  { retained, retainedInterval }: AccuracyEstimate,
  { target, prove }: { readonly target: number; readonly prove: boolean },
): boolean {
  return (prove ? retainedInterval[0] : retained) >= target;
}

/** A tile has content if its best F is above this many times the 10th percentile of all best F. unmeasured: it is the definition. */
export const contentFactor = 1.2;
export const backgroundPercentile = 0.1;

/** The best F of a tile that has content is above this, given the best F of all tiles. */
export function contentThreshold(best: ArrayLike<number>): number {
  if (best.length === 0) return 0;
  return contentFactor * selectInPlace(Float64Array.from(best), Math.floor(backgroundPercentile * (best.length - 1)));
}

/** 1 for every tile with content, given all scores [tile][plane]. */
export function contentMask(scores: Float64Array, planeCount: number): Uint8Array {
  const tiles = scores.length / planeCount;
  const best = Float64Array.from(
    { length: tiles },
    (_, tile) => scores[tile * planeCount + bestPlane(scores, planeCount, tile)],
  );
  const threshold = contentThreshold(best);
  return Uint8Array.from(best, (score) => (score > threshold ? 1 : 0));
}

/** The accuracy of chosen planes, given all scores [tile][plane]. */
export function exactAccuracy(scores: Float64Array, planeCount: number, planes: ArrayLike<number>): AccuracyEstimate {
  const best = Uint16Array.from({ length: planes.length }, (_, tile) => bestPlane(scores, planeCount, tile));
  const highest = Float64Array.from(best, (plane, tile) => scores[tile * planeCount + plane]);
  const threshold = contentThreshold(highest);
  let tiles = 0;
  let agreeing = 0;
  let near = 0;
  let kept = 0;
  let possible = 0;
  let worst = 1;
  for (let tile = 0; tile < planes.length; tile++) {
    if (!(highest[tile] > threshold)) continue;
    const chosen = scores[tile * planeCount + planes[tile]];
    const distance = Math.abs(planes[tile] - best[tile]);
    tiles++;
    if (distance === 0) agreeing++;
    if (distance <= 1) near++;
    kept += chosen;
    possible += highest[tile];
    worst = Math.min(worst, chosen / highest[tile]);
  }
  const share = (count: number) => (tiles === 0 ? 1 : count / tiles);
  const retained = possible === 0 ? 1 : kept / possible;
  return {
    kind: 'exhaustive',
    tiles,
    agreement: share(agreeing),
    withinOne: share(near),
    retained,
    retainedInterval: [retained, retained],
    worst,
  };
}

/** The sharpest plane of a tile that was scored on all planes, the lowest on a tie. */
export function bestPlane(scores: Float64Array, planeCount: number, tile: number): number {
  const from = tile * planeCount;
  let best = 0;
  for (let plane = 1; plane < planeCount; plane++) if (scores[from + plane] > scores[from + best]) best = plane;
  return best;
}
