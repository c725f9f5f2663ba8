// What evidence is worth on this slide, learned from a few tiles that were scored on all planes.
//
// The model: along z, log F = slope x evidence + e, where e walks at random (Brownian motion) with variance `spread`^2 for each
// plane of distance, less on tiles with more content: near rivals of a tile's strongest plane are told apart well, far ones badly.
import { type Evidence, strongestPlane } from './evidence.js';

/** What calibration tiles say of one kind of evidence. */
export type EvidenceFit = {
  /** log F per unit of evidence; 0: it means nothing. */
  readonly slope: number;
  /** Standard deviation of log F from plane to plane that the evidence does not explain, on a tile of mean content. */
  readonly spread: number;
  /** The variance falls by exp(-falloff x (content - meanContent)); a tile's content is its strongest evidence. */
  readonly falloff: number;
  readonly meanContent: number;
  /** Log likelihood of the calibration tiles: chooses between transformations of one evidence. */
  readonly likelihood: number;
};

/** What is expected before any tile is seen; it counts as a few differences, so that a fit of few tiles stays sane. */
export type Expectation = { readonly slope: number; readonly spread: number };

/** Rivals of the strongest plane that are fitted; unmeasured: far ones have leverage and little meaning. */
const fittedRivals = 2;
/** Falloffs of the variance with content that are tried; unmeasured: a grid over what slides were seen to have. */
const falloffs = [0, 0.4, 0.8, 1.2, 1.6, 2] as const;
/** What is expected of the falloff, and how far off that may be; unmeasured. */
const expectedFalloff = { mean: 0.7, tolerance: 0.5 };
/** The expected spread counts as this many differences; the slope is expected within this part of itself; unmeasured. */
const expectedDifferences = 4;
const slopeTolerance = 0.5;
/** No fit has less spread; unmeasured: a handful of tiles can fit by chance. */
const minSpread = 0.01;
/** Variances of tiles relative to that of one of mean content; unmeasured: no tile is taken for certain, nor for hopeless. */
const varianceFactors = { min: 0.05, max: 20 };

/** Between a tile's strongest plane and a rival: evidence, log F, planes apart, and the tile's content. */
type Difference = { readonly dx: number; readonly dy: number; readonly distance: number; readonly content: number };

/** Fits the model to tiles that were scored on all planes; `scores` [tile][plane]. */
export function calibrate(
  evidence: Evidence,
  scores: Float64Array,
  planeCount: number,
  tiles: readonly number[],
  expected: Expectation,
): EvidenceFit {
  const differences = tiles.flatMap((tile) => differencesOf(evidence, scores, planeCount, tile));
  const meanContent = differences.reduce((sum, { content }) => sum + content, 0) / Math.max(1, differences.length);
  let best: EvidenceFit | undefined;
  for (const falloff of falloffs) {
    const fitted = fitDifferences(differences, falloff, meanContent, expected);
    const surprise = 0.5 * ((falloff - expectedFalloff.mean) / expectedFalloff.tolerance) ** 2;
    const likelihood = fitted.likelihood - surprise;
    if (!best || likelihood > best.likelihood) best = { ...fitted, falloff, meanContent, likelihood };
  }
  return best as EvidenceFit;
}

/** Residual variance of log F from plane to plane, on a tile whose strongest evidence is `content`. */
export function residualVarianceAt({ spread, falloff, meanContent }: EvidenceFit, content: number): number {
  return spread * spread * contentFactor(falloff, content - meanContent);
}

/** Variance relative to a tile of mean content. */
function contentFactor(falloff: number, contentAbove: number): number {
  return Math.min(varianceFactors.max, Math.max(varianceFactors.min, Math.exp(-falloff * contentAbove)));
}

function differencesOf(evidence: Evidence, scores: Float64Array, planeCount: number, tile: number): Difference[] {
  const from = tile * planeCount;
  const strongest = strongestPlane(evidence, planeCount, tile);
  if (strongest < 0 || !(scores[from + strongest] > 0)) return [];
  const content = evidence[from + strongest];
  const rivals = Array.from({ length: planeCount }, (_, plane) => plane)
    .filter((plane) => plane !== strongest && scores[from + plane] > 0 && !Number.isNaN(evidence[from + plane]))
    .sort((a, b) => Math.abs(a - strongest) - Math.abs(b - strongest))
    .slice(0, fittedRivals);
  return rivals.map((plane) => ({
    dx: evidence[from + plane] - content,
    dy: Math.log(scores[from + plane] / scores[from + strongest]),
    distance: Math.abs(plane - strongest),
    content,
  }));
}

/** Least squares weighted by the model's variances, towards what is expected. */
function fitDifferences(
  differences: readonly Difference[],
  falloff: number,
  meanContent: number,
  expected: Expectation,
) {
  const factors = differences.map(({ distance, content }) => distance * contentFactor(falloff, content - meanContent));
  const expectedWeight = (expected.spread / (slopeTolerance * expected.slope)) ** 2;
  let xx = expectedWeight;
  let xy = expectedWeight * expected.slope;
  for (const [i, { dx, dy }] of differences.entries()) {
    xx += (dx * dx) / factors[i];
    xy += (dx * dy) / factors[i];
  }
  const slope = Math.max(0, xy / xx);
  let squares = expectedDifferences * expected.spread ** 2;
  let logFactors = 0;
  for (const [i, { dx, dy }] of differences.entries()) {
    squares += (dy - slope * dx) ** 2 / factors[i];
    logFactors += Math.log(factors[i]);
  }
  const spread = Math.max(minSpread, Math.sqrt(squares / (expectedDifferences + differences.length)));
  return { slope, spread, likelihood: -0.5 * logFactors - differences.length * Math.log(spread) };
}
