// What is foretold of every tile before it is looked at: its focus curve, how far that can be wrong, and its best F.
import { type EvidenceFit, openVariance } from './calibration.js';
import type { Evidence } from './evidence.js';

export type Forecast = {
  /** log F up to a constant of the tile, [tile][plane]; NaN where there is no evidence. */
  readonly logF: Float64Array;
  /** Variance of log F from plane to plane that stays open, one a tile. */
  readonly openness: Float64Array;
  /** Best F, one a tile; NaN where there is no evidence. */
  readonly best: Float64Array;
  /** Standard deviation of log best F, one a tile: how far that can be wrong. */
  readonly bestSpread: Float64Array;
  /** The part of best F that may be above noise, one a tile: noise is there on every plane, and can't be lost. */
  readonly stake: Float64Array;
};

/** How much of what noise gives is taken off evidence and scores before they are compared. */
export const floorShare = 0.9;

/** Where content foretells little (all tiles alike), F is expected to grow with the evidence like this. */
const expectedGrowth = 0.9;
const expectedGrowthWeight = 0.5;

/** How far best F lies from that line, on a log scale, and how many tiles that expectation counts as. */
const expectedGrowthSpread = 0.3;
const expectedPoints = 4;

type Growth = { readonly offset: number; readonly slope: number; readonly spread: number };

/** What calibration tiles say of the best F of others. */
export type KnownBest = {
  readonly tiles: readonly { readonly tile: number; readonly best: number }[];
  /** The least F seen on any plane: noise alone gives as much. */
  readonly floor: number;
};

/** A forecast, and the plane of each tile that it has highest, the lowest on a tie; -1 where there is no evidence. */
export type Foretold = { readonly forecast: Forecast; readonly favourites: Int16Array };

/**
 * The forecast that one kind of evidence gives, once calibrated; `content` is each tile's strongest evidence of being no glass. The
 * array of the evidence becomes that of the forecast.
 */
export function foretell(evidence: Evidence, fit: EvidenceFit, content: Float64Array, known: KnownBest): Foretold {
  const planeCount = evidence.length / content.length;
  // What noise gives is taken off both sides, most of it: only then do glass and specimen lie on one line.
  const floor = floorShare * known.floor;
  const line = fitGrowth(known.tiles.map(({ tile, best }) => [content[tile], Math.log(Math.max(best - floor, 1e-9))]));
  const favourites = new Int16Array(content.length);
  const [openness, best, bestSpread, stake] = Array.from({ length: 4 }, () => new Float64Array(content.length));
  const likelier = Math.exp(line.spread);
  for (let tile = 0; tile < content.length; tile++) {
    const from = tile * planeCount;
    let strongest = Number.NaN;
    let highest = Number.NEGATIVE_INFINITY;
    favourites[tile] = -1;
    for (let plane = 0; plane < planeCount; plane++) {
      const value = evidence[from + plane];
      const scaled = value * fit.slope;
      evidence[from + plane] = scaled;
      if (value <= strongest || Number.isNaN(value)) continue;
      strongest = value;
      // Planes apart by little may be even once scaled: the lowest of these it is
      if (scaled <= highest) continue;
      highest = scaled;
      favourites[tile] = plane;
    }
    openness[tile] = openVariance(fit, strongest);
    // What noise gives is the same everywhere: only what is above it can be foretold wrong.
    const above = Math.exp(line.offset + line.slope * content[tile]);
    best[tile] = floor + above;
    bestSpread[tile] = (line.spread * above) / (floor + above);
    stake[tile] = (above * likelier) / (floor + above * likelier);
  }
  return { forecast: { logF: evidence, openness, best, bestSpread, stake }, favourites };
}

/** Tile by tile the first forecast that has evidence, from the most to the least trusted: the first, filled up. */
export function joinForecasts(forecasts: readonly Foretold[], planeCount: number): Foretold {
  const [{ forecast, favourites }, ...others] = forecasts;
  if (others.length === 0) return { forecast, favourites };
  for (let tile = 0; tile < favourites.length; tile++) {
    if (!Number.isNaN(forecast.best[tile])) continue;
    const other = others.find((each) => !Number.isNaN(each.forecast.best[tile]));
    if (!other) continue;
    const from = tile * planeCount;
    forecast.logF.set(other.forecast.logF.subarray(from, from + planeCount), from);
    forecast.openness[tile] = other.forecast.openness[tile];
    forecast.best[tile] = other.forecast.best[tile];
    forecast.bestSpread[tile] = other.forecast.bestSpread[tile];
    forecast.stake[tile] = other.forecast.stake[tile];
    favourites[tile] = other.favourites[tile];
  }
  return { forecast, favourites };
}

/** The line through points [content, log best F], drawn a little towards what is expected; more content never means less F. */
function fitGrowth(points: readonly (readonly number[])[]): Growth {
  const known = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (known.length === 0) return { offset: 0, slope: expectedGrowth, spread: expectedGrowthSpread };
  const meanX = known.reduce((sum, [x]) => sum + x, 0) / known.length;
  const meanY = known.reduce((sum, [, y]) => sum + y, 0) / known.length;
  const xx = known.reduce((sum, [x]) => sum + (x - meanX) ** 2, expectedGrowthWeight);
  const xy = known.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), expectedGrowthWeight * expectedGrowth);
  const slope = Math.max(0, xy / xx);
  const squares = known.reduce(
    (sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2,
    expectedPoints * expectedGrowthSpread ** 2,
  );
  return { offset: meanY - slope * meanX, slope, spread: Math.sqrt(squares / (expectedPoints + known.length)) };
}
