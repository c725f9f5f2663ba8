// What is believed of one tile's focus curve: evidence, pinned down at the planes that were looked at. Answers which plane to look
// at next, and what is still expected to be lost. Rising edges and second peaks need no rule of their own: a far plane stays in
// play while its evidence is near that of the best.
import type { Forecast } from './forecast.js';
import { logScore } from './log-score.js';
import type { TileOutlook } from './outlooks.js';
import { nextLooked, walkMean } from './pinned-walk.js';
import { TileRater } from './tile-rater.js';

/** The outlook of a tile, from what is foretold and its scores [plane] known so far (NaN where nobody looked); `widening`: see Belief. */
export function tileOutlook(forecast: Forecast, tile: number, scores: Float64Array, widening = 1): TileOutlook {
  const looked = scores.reduce((count, score) => (Number.isNaN(score) ? count : count + 1), 0);
  return new TileRater(forecast, widening).outlook(tile, scores, 0, looked);
}

/**
 * log F of a tile on each plane, up to a constant: as seen, else as foretold from what was seen; NaN where nothing is known.
 */
export function expectedCurve({ logF }: Forecast, tile: number, scores: Float64Array): Float64Array {
  const planeCount = scores.length;
  const foretold = logF.subarray(tile * planeCount, (tile + 1) * planeCount);
  const found = scores.map((score, plane) => logScore(score) - foretold[plane]);
  let below = -1;
  let above = nextLooked(scores, 0, planeCount, -1);
  if (above < 0) return foretold.slice();
  return scores.map((score, plane) => {
    if (plane !== above) return foretold[plane] + walkMean(found, below, plane, above);
    below = plane;
    above = nextLooked(scores, 0, planeCount, plane);
    return logScore(score);
  });
}
