// What is predicted of every tile before it is scored: its focus curve, how far that can be wrong, and its best F.
import { type EvidenceFit, residualVarianceAt } from './calibration.js';
import type { Evidence } from './evidence.js';
import { logScore } from './log-score.js';

export type Forecast = {
  /** log F up to a constant of the tile, [tile][plane]; NaN where there is no evidence. */
  readonly logF: Float64Array;
  /** Residual variance of log F from plane to plane, which the evidence does not explain; one a tile. */
  readonly residualVariance: Float64Array;
  /** Best F, one a tile; NaN where there is no evidence. */
  readonly best: Float64Array;
  /** Standard deviation of log best F, one a tile: how far that can be wrong. */
  readonly bestSpread: Float64Array;
  /** Signal fraction: the part of best F that may be above noise, one a tile; noise is there on every plane, and can't be lost. */
  readonly signalFraction: Float64Array;
};

/** How much of what noise gives is taken off evidence and scores before they are compared; unmeasured: most of it, not all. */
export const floorShare = 0.9;

/** Where content predicts little (all tiles alike), F is expected to grow with the evidence like this, by this weight; unmeasured. */
const expectedGrowth = 0.9;
const expectedGrowthWeight = 0.5;

/** How far best F lies from that line, on a log scale, and how many tiles that expectation counts as; unmeasured. */
const expectedGrowthSpread = 0.3;
const expectedPoints = 4;

type Growth = { readonly offset: number; readonly slope: number; readonly spread: number };

/** What calibration tiles say of the best F of others. */
export type ScoredBest = {
  readonly tiles: readonly { readonly tile: number; readonly best: number }[];
  /** The lowest F seen on any plane: noise alone gives as much. */
  readonly floor: number;
};

/** A forecast and each tile's best guess: the plane that it has highest, the lowest on a tie; -1 where there is no evidence. */
export type Prediction = { readonly forecast: Forecast; readonly bestGuesses: Int16Array };

/**
 * The forecast that one kind of evidence gives, once calibrated; `content` is each tile's strongest evidence of having content. The
 * array of the evidence becomes that of the forecast.
 */
export function predict(evidence: Evidence, fit: EvidenceFit, content: Float64Array, scored: ScoredBest): Prediction {
  const planeCount = evidence.length / content.length;
  // What noise gives is taken off both sides, most of it: only then do background and specimen lie on one line.
  const floor = floorShare * scored.floor;
  const line = fitGrowth(scored.tiles.map(({ tile, best }) => [content[tile], logScore(best - floor)]));
  const bestGuesses = new Int16Array(content.length);
  const [residualVariance, best, bestSpread, signalFraction] = Array.from(
    { length: 4 },
    () => new Float64Array(content.length),
  );
  const likelier = Math.exp(line.spread);
  for (let tile = 0; tile < content.length; tile++) {
    const from = tile * planeCount;
    let strongest = Number.NaN;
    let highest = Number.NEGATIVE_INFINITY;
    bestGuesses[tile] = -1;
    for (let plane = 0; plane < planeCount; plane++) {
      const value = evidence[from + plane];
      const scaled = value * fit.slope;
      evidence[from + plane] = scaled;
      if (value <= strongest || Number.isNaN(value)) continue;
      strongest = value;
      // Planes apart by little may be even once scaled: the lowest of these it is
      if (scaled <= highest) continue;
      highest = scaled;
      bestGuesses[tile] = plane;
    }
    residualVariance[tile] = residualVarianceAt(fit, strongest);
    // What noise gives is the same everywhere: only what is above it can be mispredicted.
    const above = Math.exp(line.offset + line.slope * content[tile]);
    best[tile] = floor + above;
    bestSpread[tile] = (line.spread * above) / (floor + above);
    signalFraction[tile] = (above * likelier) / (floor + above * likelier);
  }
  return { forecast: { logF: evidence, residualVariance, best, bestSpread, signalFraction }, bestGuesses };
}

/** Tile by tile the first forecast that has evidence, from the best to the worst: the first, filled up. */
export function joinForecasts(forecasts: readonly Prediction[], planeCount: number): Prediction {
  const [{ forecast, bestGuesses }, ...others] = forecasts;
  if (others.length === 0) return { forecast, bestGuesses };
  for (let tile = 0; tile < bestGuesses.length; tile++) {
    if (!Number.isNaN(forecast.best[tile])) continue;
    const other = others.find((each) => !Number.isNaN(each.forecast.best[tile]));
    if (!other) continue;
    const from = tile * planeCount;
    forecast.logF.set(other.forecast.logF.subarray(from, from + planeCount), from);
    forecast.residualVariance[tile] = other.forecast.residualVariance[tile];
    forecast.best[tile] = other.forecast.best[tile];
    forecast.bestSpread[tile] = other.forecast.bestSpread[tile];
    forecast.signalFraction[tile] = other.forecast.signalFraction[tile];
    bestGuesses[tile] = other.bestGuesses[tile];
  }
  return { forecast, bestGuesses };
}

/** The line through points [content, log best F], drawn a little towards what is expected; more content never means less F. */
function fitGrowth(points: readonly (readonly number[])[]): Growth {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (finite.length === 0) return { offset: 0, slope: expectedGrowth, spread: expectedGrowthSpread };
  const meanX = finite.reduce((sum, [x]) => sum + x, 0) / finite.length;
  const meanY = finite.reduce((sum, [, y]) => sum + y, 0) / finite.length;
  const xx = finite.reduce((sum, [x]) => sum + (x - meanX) ** 2, expectedGrowthWeight);
  const xy = finite.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), expectedGrowthWeight * expectedGrowth);
  const slope = Math.max(0, xy / xx);
  const squares = finite.reduce(
    (sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2,
    expectedPoints * expectedGrowthSpread ** 2,
  );
  return { offset: meanY - slope * meanX, slope, spread: Math.sqrt(squares / (expectedPoints + finite.length)) };
}
