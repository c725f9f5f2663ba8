// How good a map is against the exhaustive method (the words of design.md, section 1).
import { judgedTiles } from './content.js';

/**
 * Over tiles with content; where every tile was scored and none has any, over all of them. Where no tile tells, nothing is known: NaN,
 * which JSON writes as null.
 */
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

/** What there is to say without a tile that has content. */
export function unknownAccuracy(kind: AccuracyEstimate['kind']): AccuracyEstimate {
  const unknown = Number.NaN;
  const retainedInterval = [unknown, unknown] as const;
  return {
    kind,
    tiles: 0,
    agreement: unknown,
    withinOne: unknown,
    retained: unknown,
    retainedInterval,
    worst: unknown,
  };
}

/** Whether a target is met: by the estimate or, where it is to be proved, by the lower end of its interval. */
export function meetsTarget(
  { retained, retainedInterval }: Pick<AccuracyEstimate, 'retained' | 'retainedInterval'>,
  { target, prove }: { readonly target: number; readonly prove: boolean },
): boolean {
  return (prove ? retainedInterval[0] : retained) >= target;
}

/** The accuracy of chosen planes, given all scores [tile][plane]. */
export function exactAccuracy(scores: Float64Array, planeCount: number, planes: ArrayLike<number>): AccuracyEstimate {
  const best = Uint16Array.from({ length: planes.length }, (_, tile) => bestPlane(scores, planeCount, tile));
  const judged = judgedTiles(scores, planeCount);
  let tiles = 0;
  let agreeing = 0;
  let near = 0;
  let kept = 0;
  let possible = 0;
  let worst = 1;
  for (let tile = 0; tile < planes.length; tile++) {
    if (judged[tile] === 0) continue;
    const highest = scores[tile * planeCount + best[tile]];
    const chosen = scores[tile * planeCount + planes[tile]];
    const distance = Math.abs(planes[tile] - best[tile]);
    tiles++;
    if (distance === 0) agreeing++;
    if (distance <= 1) near++;
    kept += chosen;
    possible += highest;
    worst = Math.min(worst, chosen / highest);
  }
  if (!(possible > 0)) return unknownAccuracy('exhaustive');
  const retained = kept / possible;
  return {
    kind: 'exhaustive',
    tiles,
    agreement: agreeing / tiles,
    withinOne: near / tiles,
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
