// How much each tile weighs: its best F as far as it is known or foretold, and how likely it has content at all.

import type { ScoreBoard } from '../contract/score-table.js';
import { selectInPlace } from '../numeric/select.js';
import { normalProbability } from '../numeric/statistics.js';
import type { Forecast } from './forecast.js';

/** One entry a tile. */
export type TileWeights = {
  /** Best F, seen or foretold. */
  readonly best: Float64Array;
  /** Probability of content, 0 to 1. */
  readonly content: Float64Array;
  /** best x probability of content: what a lost part of the tile's sharpness counts. */
  readonly counted: Float64Array;
  /** What all tiles count together. */
  readonly whole: number;
  /** The same as foretold by the evidence alone, whatever was looked at. */
  readonly foretold: Float64Array;
  /** The best F above which a tile has content. */
  readonly border: number;
};

/** What is foretold of the best F of tiles: see Forecast. */
type ForetoldBest = Pick<Forecast, 'best' | 'bestSpread'>;

/**
 * The 1.2 that defines content, but soft: tiles whose best F may be wrong by as much as they are from the border count in part, and
 * no tile counts nothing. The border too is foretold, never sharper than this on a log scale: experiments/audit-coverage.
 */
const threshold = 1.2;
const leastSoftness = 0.1;
const glassPercentile = 0.1;
const leastProbability = 0.05;

/** Weighs tiles by their foretold best F and how far it may be wrong (NaN where nothing is foretold) and what is known of their scores. */
export function weighTiles(
  { best: foretoldBest, bestSpread }: ForetoldBest,
  { scores, looked, problem: { planeCount } }: ScoreBoard,
): TileWeights {
  const tiles = foretoldBest.length;
  const foretold = new Float64Array(tiles);
  const best = new Float64Array(tiles);
  for (let tile = 0; tile < tiles; tile++) {
    foretold[tile] = Number.isNaN(foretoldBest[tile]) ? 0 : foretoldBest[tile];
    const seen = looked[tile] > 0 ? highestScore(scores, planeCount, tile) : Number.NaN;
    best[tile] = Number.isNaN(seen) ? foretold[tile] : Math.max(seen, 0);
  }
  const border = threshold * selectInPlace(best.slice(), Math.floor(glassPercentile * (tiles - 1)));
  const content = new Float64Array(tiles);
  const counted = new Float64Array(tiles);
  let whole = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const softness = Math.max(leastSoftness, bestSpread[tile] || 0);
    content[tile] = probabilityOfContent(best[tile], border, softness);
    counted[tile] = best[tile] * content[tile];
    whole += counted[tile];
    const asForetold = foretold[tile] === best[tile];
    foretold[tile] *= asForetold ? content[tile] : probabilityOfContent(foretold[tile], border, softness);
  }
  return { best, content, counted, whole, foretold, border };
}

function probabilityOfContent(best: number, border: number, softness: number): number {
  if (!(best > 0) || border <= 0) return best > 0 ? 1 : 0;
  return Math.max(leastProbability, normalProbability(Math.log(best / border) / softness));
}

/** The highest score of a tile; NaN where nobody looked. */
export function highestScore(scores: Float64Array, planeCount: number, tile: number): number {
  let highest = Number.NaN;
  for (let plane = 0; plane < planeCount; plane++) {
    const score = scores[tile * planeCount + plane];
    if (!Number.isNaN(score) && !(highest >= score)) highest = score;
  }
  return highest;
}
