// How much each tile weighs: its best F, seen or predicted, and how likely it has content at all.

import { type ContentRule, contentRule, hasContent } from '../contract/content.js';
import { rowsOf, tileMajor } from '../contract/number-table.js';
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
  /** What tells content from background, as the tiles scored so far have it. */
  readonly rule: ContentRule;
};

/** What is predicted of the best F of tiles: see Forecast. */
type PredictedBest = Pick<Forecast, 'best' | 'bestSpread'>;

/**
 * The border of content, but soft: tiles whose best F may be wrong by as much as they are from it count in part, and no tile that was
 * not scored on all planes counts nothing. The border too is predicted, never sharper than this on a log scale:
 * experiments/audit-coverage.
 */
const minSoftness = 0.1;
const minProbability = 0.05;
/** unmeasured: so many scored tiles, and such a part of all of them, may be lower than what noise usually gives. */
const oddTiles = 2;
const oddShare = 0.02;

/** Weighs tiles by their predicted best F and how far it may be wrong (NaN where nothing is predicted) and by their scores. */
export function weighTiles({ best: predictedBest, bestSpread }: PredictedBest, table: ScoreTable): TileWeights {
  const { scores, scoredPlanes, scoredTiles, problem } = table;
  const { planeCount } = problem;
  const tiles = predictedBest.length;
  const predicted = new Float64Array(tiles);
  const best = new Float64Array(tiles);
  for (let tile = 0; tile < tiles; tile++) {
    predicted[tile] = Number.isNaN(predictedBest[tile]) ? 0 : predictedBest[tile];
    const seen = scoredPlanes[tile] > 0 ? highestScore(scores, planeCount, tile) : Number.NaN;
    best[tile] = Number.isNaN(seen) ? predicted[tile] : Math.max(seen, 0);
  }
  const complete = scoredTiles.filter((tile) => scoredPlanes[tile] === planeCount);
  const rule = contentRule(rowsOf(tileMajor(scores, planeCount), complete), planeCount, noiseFloor(table));
  const { border } = rule;
  const content = new Float64Array(tiles);
  const counted = new Float64Array(tiles);
  let total = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const softness = Math.max(minSoftness, bestSpread[tile] || 0);
    if (scoredPlanes[tile] < planeCount) content[tile] = probabilityOfContent(best[tile], border, softness);
    else content[tile] = hasContent(scores, planeCount, tile, rule) ? 1 : 0;
    counted[tile] = best[tile] * content[tile];
    total += counted[tile];
    predicted[tile] *= probabilityOfContent(predicted[tile], border, softness);
  }
  return { best, content, counted, total, predicted, rule };
}

/**
 * What noise alone gives, as far as it was seen: one of the lowest scores of all tiles scored, the lowest of which may be an odd one. A
 * sample by content has few empty tiles, but those that are scored because they seem so.
 */
function noiseFloor({ scores, scoredTiles, problem: { planeCount } }: ScoreTable): number {
  if (scoredTiles.length === 0) return 0;
  const lowest = new Float64Array(scoredTiles.length).fill(Number.POSITIVE_INFINITY);
  for (const [i, tile] of scoredTiles.entries()) {
    for (let slot = tile * planeCount; slot < (tile + 1) * planeCount; slot++) {
      if (scores[slot] < lowest[i]) lowest[i] = scores[slot];
    }
  }
  const rank = oddTiles + Math.floor(oddShare * lowest.length);
  return selectInPlace(lowest, Math.min(rank, lowest.length - 1));
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
