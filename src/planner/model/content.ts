// How much each tile weighs: its best F, seen or predicted, and how likely it has content at all.

import { backgroundPercentile, contentFactor } from '../contract/accuracy.js';
import type { ScoreTable } from '../contract/score-table.js';
import { selectInPlace } from '../numeric/select.js';
import { normalProbability } from '../numeric/statistics.js';
import type { Forecast } from './forecast.js';

/** One entry a tile. */
export type TileWeights = {
  /** Best F, seen or predicted. */
  readonly best: Float64Array;
  /** Probability of content, 0 to 1. */
  readonly content: Float64Array;
  /** best x probability of content: what a lost part of the tile's sharpness counts. */
  readonly counted: Float64Array;
  /** What all tiles count together. */
  readonly total: number;
  /** `counted` as predicted by the evidence alone, whatever was scored. */
  readonly predicted: Float64Array;
  /** The best F above which a tile has content. */
  readonly border: number;
};

/** What is predicted of the best F of tiles: see Forecast. */
type PredictedBest = Pick<Forecast, 'best' | 'bestSpread'>;

/**
 * The border of content is soft: tiles whose best F may be wrong by as much as they are from it count in part, and no tile counts
 * nothing. The border too is predicted, never sharper than this on a log scale: experiments/audit-coverage.
 */
const minSoftness = 0.1;
const minProbability = 0.05;

/** Weighs tiles by their predicted best F and how far it may be wrong (NaN where nothing is predicted) and by their scores. */
export function weighTiles(
  { best: predictedBest, bestSpread }: PredictedBest,
  { scores, scoredPlanes, problem: { planeCount } }: ScoreTable,
): TileWeights {
  const tiles = predictedBest.length;
  const predicted = new Float64Array(tiles);
  const best = new Float64Array(tiles);
  for (let tile = 0; tile < tiles; tile++) {
    predicted[tile] = Number.isNaN(predictedBest[tile]) ? 0 : predictedBest[tile];
    const seen = scoredPlanes[tile] > 0 ? highestScore(scores, planeCount, tile) : Number.NaN;
    best[tile] = Number.isNaN(seen) ? predicted[tile] : Math.max(seen, 0);
  }
  const border = contentFactor * selectInPlace(best.slice(), Math.floor(backgroundPercentile * (tiles - 1)));
  const content = new Float64Array(tiles);
  const counted = new Float64Array(tiles);
  let total = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const softness = Math.max(minSoftness, bestSpread[tile] || 0);
    content[tile] = probabilityOfContent(best[tile], border, softness);
    counted[tile] = best[tile] * content[tile];
    total += counted[tile];
    const asPredicted = predicted[tile] === best[tile];
    predicted[tile] *= asPredicted ? content[tile] : probabilityOfContent(predicted[tile], border, softness);
  }
  return { best, content, counted, total, predicted, border };
}

function probabilityOfContent(best: number, border: number, softness: number): number {
  if (!(best > 0) || border <= 0) return best > 0 ? 1 : 0;
  return Math.max(minProbability, normalProbability(Math.log(best / border) / softness));
}

/** The highest score of a tile; NaN where not scored. */
export function highestScore(scores: Float64Array, planeCount: number, tile: number): number {
  let highest = Number.NaN;
  for (let plane = 0; plane < planeCount; plane++) {
    const score = scores[tile * planeCount + plane];
    if (!Number.isNaN(score) && !(highest >= score)) highest = score;
  }
  return highest;
}
