// How much each tile weighs: its best F as far as evidence foretells it, and how likely it has content at all.
import { type Evidence, strongestPlane } from './evidence.js';
import { normalProbability } from './statistics.js';

/** One entry a tile. */
export type TileWeights = {
  /** Best F, foretold. */
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

/** A little below the 1.2 that defines content, and soft: tiles near the border count in part. */
const threshold = 1.2;
const softness = 0.15;
const glassPercentile = 0.1;
const leastProbability = 0.05;

/** Foretells from evidence and the scores known so far, by a straight line between strongest evidence and log of the best F. */
export function weighTiles(
  evidence: Evidence,
  scores: Float64Array,
  planeCount: number,
  calibrated: readonly number[],
): TileWeights {
  const tiles = scores.length / planeCount;
  const content = Float64Array.from({ length: tiles }, (_, tile) => {
    const plane = strongestPlane(evidence, planeCount, tile);
    return plane < 0 ? Number.NaN : evidence[tile * planeCount + plane];
  });
  const highest = Float64Array.from({ length: tiles }, (_, tile) => highestScore(scores, planeCount, tile));
  const line = fitLine(calibrated.map((tile) => [content[tile], Math.log(Math.max(highest[tile], 1e-9))]));
  const foretold = content.map((x) => (Number.isNaN(x) ? 0 : Math.exp(line.offset + line.slope * x)));
  const best = highest.map((known, tile) => (Number.isNaN(known) ? foretold[tile] : Math.max(known, 0)));
  const border = threshold * best.slice().sort()[Math.floor(glassPercentile * (tiles - 1))];
  const probability = best.map((f) => probabilityOfContent(f, border));
  return {
    best,
    content: probability,
    counted: best.map((f, tile) => f * probability[tile]),
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

/** Least squares through points [x, y]; flat where they have no spread in x. */
function fitLine(points: readonly (readonly number[])[]): { readonly offset: number; readonly slope: number } {
  const known = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (known.length === 0) return { offset: 0, slope: 1 };
  const meanX = known.reduce((sum, [x]) => sum + x, 0) / known.length;
  const meanY = known.reduce((sum, [, y]) => sum + y, 0) / known.length;
  const xx = known.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const xy = known.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  // More content never means less sharpness.
  const slope = xx > 0 ? Math.max(0, xy / xx) : 0;
  return { offset: meanY - slope * meanX, slope };
}
