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
  const curve = logF.slice(tile * scores.length, (tile + 1) * scores.length);
  pinDown(curve, scores);
  return curve;
}

/** Makes of a foretold curve what is expected once `scores` [plane] are known (NaN where nobody looked). */
export function pinDown(curve: Float64Array, scores: Float64Array): void {
  const planeCount = scores.length;
  const found = new Float64Array(planeCount);
  for (let plane = 0; plane < planeCount; plane++) found[plane] = logScore(scores[plane]) - curve[plane];
  let below = -1;
  let above = nextLooked(scores, 0, planeCount, -1);
  if (above < 0) return;
  for (let plane = 0; plane < planeCount; plane++) {
    if (plane !== above) {
      curve[plane] += walkMean(found, below, plane, above);
      continue;
    }
    below = plane;
    above = nextLooked(scores, 0, planeCount, plane);
    curve[plane] = logScore(scores[plane]);
  }
}
