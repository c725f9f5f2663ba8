// What is believed of one tile's focus curve: evidence, pinned down at the planes that were looked at. Answers which plane to look
// at next, and what is still expected to be lost. Rising edges and second peaks need no rule of their own: a far plane stays in
// play while its evidence is near that of the best.

import { nextLooked, walkMean } from './brownian-bridge.js';
import type { Forecast } from './forecast.js';
import { logScore } from './log-score.js';
import { TileRater } from './tile-rater.js';
import type { TileOutlook } from './tile-risks.js';

/** The outlook of a tile, from what is foretold and its scores [plane] known so far (NaN where nobody looked); `widening`: see Belief. */
export function tileOutlook(forecast: Forecast, tile: number, scores: Float64Array, widening = 1): TileOutlook {
  const looked = scores.reduce((count, score) => (Number.isNaN(score) ? count : count + 1), 0);
  return new TileRater(forecast, widening).outlook(tile, scores, 0, looked);
}

/**
 * Makes of foretold curves of tiles, [tile][plane], what is expected once their scores are known: log F as seen, else as foretold from what
 * was seen. `scores` lie alike, NaN where nobody looked.
 */
export function pinDown(
  curves: Float64Array,
  scores: Float64Array,
  tiles: readonly number[],
  planeCount: number,
): void {
  const found = new Float64Array(planeCount);
  for (const tile of tiles) pinDownOne(curves, scores, tile * planeCount, found);
}

function pinDownOne(curves: Float64Array, scores: Float64Array, from: number, found: Float64Array): void {
  const planeCount = found.length;
  let below = -1;
  let above = nextLooked(scores, from, planeCount, -1);
  if (above < 0) return;
  for (let plane = above; plane >= 0; plane = nextLooked(scores, from, planeCount, plane)) {
    found[plane] = logScore(scores[from + plane]) - curves[from + plane];
  }
  for (let plane = 0; plane < planeCount; plane++) {
    if (plane !== above) {
      curves[from + plane] += walkMean(found, below, plane, above);
      continue;
    }
    below = plane;
    above = nextLooked(scores, from, planeCount, plane);
    curves[from + plane] = logScore(scores[from + plane]);
  }
}
