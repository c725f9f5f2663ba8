// How much each tile weighs: its best F as far as it is known or foretold, and how likely it has content at all.
import { normalProbability } from './statistics.js';

/** One entry a tile. */
export type TileWeights = {
  /** Best F, seen or foretold. */
  readonly best: Float64Array;
  /** Probability of content, 0 to 1. */
  readonly content: Float64Array;
  /** best x probability of content: what a lost part of the tile's sharpness counts. */
  readonly counted: Float64Array;
  /** The same as foretold by the evidence alone, whatever was looked at. */
  readonly foretold: Float64Array;
  /** The best F above which a tile has content. */
  readonly border: number;
};

/** The 1.2 that defines content, but soft: tiles near the border count in part, and no tile counts nothing. */
const threshold = 1.2;
const softness = 0.15;
const glassPercentile = 0.1;
const leastProbability = 0.05;

/** Weighs tiles by their foretold best F (NaN where nothing is foretold) and the scores [tile][plane] known so far. */
export function weighTiles(foretoldBest: Float64Array, scores: Float64Array, planeCount: number): TileWeights {
  const tiles = foretoldBest.length;
  const foretold = foretoldBest.map((best) => (Number.isNaN(best) ? 0 : best));
  const best = foretold.map((expected, tile) => {
    const seen = highestScore(scores, planeCount, tile);
    return Number.isNaN(seen) ? expected : Math.max(seen, 0);
  });
  const border = threshold * best.slice().sort()[Math.floor(glassPercentile * (tiles - 1))];
  const content = best.map((f) => probabilityOfContent(f, border));
  return {
    best,
    content,
    counted: best.map((f, tile) => f * content[tile]),
    foretold: foretold.map((f) => f * probabilityOfContent(f, border)),
    border,
  };
}

function probabilityOfContent(best: number, border: number): number {
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
