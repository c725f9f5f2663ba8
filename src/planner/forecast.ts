// What is foretold of every tile before it is looked at: its focus curve, how far that can be wrong, and its best F.
import { type EvidenceFit, openVariance } from './calibration.js';
import { type Evidence, strongestPlane } from './evidence.js';

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

/** The forecast that one kind of evidence gives, once calibrated; `content` is each tile's strongest evidence of being no glass. */
export function foretell(evidence: Evidence, fit: EvidenceFit, content: Float64Array, known: KnownBest): Forecast {
  const planeCount = evidence.length / content.length;
  // What noise gives is taken off both sides, most of it: only then do glass and specimen lie on one line.
  const floor = floorShare * known.floor;
  const line = fitGrowth(known.tiles.map(({ tile, best }) => [content[tile], Math.log(Math.max(best - floor, 1e-9))]));
  const logF = new Float64Array(evidence.length);
  for (let slot = 0; slot < logF.length; slot++) logF[slot] = fit.slope * evidence[slot];
  const [openness, best, bestSpread, stake] = Array.from({ length: 4 }, () => new Float64Array(content.length));
  const likelier = Math.exp(line.spread);
  for (let tile = 0; tile < content.length; tile++) {
    const plane = strongestPlane(evidence, planeCount, tile);
    openness[tile] = openVariance(fit, plane < 0 ? Number.NaN : evidence[tile * planeCount + plane]);
    // What noise gives is the same everywhere: only what is above it can be foretold wrong.
    const above = Math.exp(line.offset + line.slope * content[tile]);
    best[tile] = floor + above;
    bestSpread[tile] = (line.spread * above) / (floor + above);
    stake[tile] = (above * likelier) / (floor + above * likelier);
  }
  return { logF, openness, best, bestSpread, stake };
}

/** Tile by tile the first forecast that has evidence: from the most to the least trusted. */
export function joinForecasts(forecasts: readonly Forecast[], planeCount: number): Forecast {
  const [first, ...others] = forecasts;
  if (others.length === 0) return first;
  const joined = {
    logF: first.logF.slice(),
    openness: first.openness.slice(),
    best: first.best.slice(),
    bestSpread: first.bestSpread.slice(),
    stake: first.stake.slice(),
  };
  for (let tile = 0; tile < joined.best.length; tile++) {
    if (!Number.isNaN(joined.best[tile])) continue;
    const other = others.find(({ best }) => !Number.isNaN(best[tile]));
    if (!other) continue;
    const from = tile * planeCount;
    joined.logF.set(other.logF.subarray(from, from + planeCount), from);
    joined.openness[tile] = other.openness[tile];
    joined.best[tile] = other.best[tile];
    joined.bestSpread[tile] = other.bestSpread[tile];
    joined.stake[tile] = other.stake[tile];
  }
  return joined;
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
