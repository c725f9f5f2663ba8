// Predicted focus curves of tiles, conditioned on the planes that were scored.
import { bridgeMean, nextScored } from './brownian-bridge.js';
import { logScore } from './log-score.js';

/**
 * Changes predicted curves of tiles, [tile][plane], to what is expected given their scores: log F as scored, else as predicted from the
 * planes that were. `scores` lie alike, NaN where not scored.
 */
export function conditionOnScores(
  curves: Float64Array,
  scores: Float64Array,
  tiles: readonly number[],
  planeCount: number,
): void {
  const residuals = new Float64Array(planeCount);
  for (const tile of tiles) conditionOne(curves, scores, tile * planeCount, residuals);
}

function conditionOne(curves: Float64Array, scores: Float64Array, from: number, residuals: Float64Array): void {
  const planeCount = residuals.length;
  let below = -1;
  let above = nextScored(scores, from, planeCount, -1);
  if (above < 0) return;
  for (let plane = above; plane >= 0; plane = nextScored(scores, from, planeCount, plane)) {
    residuals[plane] = logScore(scores[from + plane]) - curves[from + plane];
  }
  for (let plane = 0; plane < planeCount; plane++) {
    if (plane !== above) {
      curves[from + plane] += bridgeMean(residuals, below, plane, above);
      continue;
    }
    below = plane;
    above = nextScored(scores, from, planeCount, plane);
    curves[from + plane] = logScore(scores[from + plane]);
  }
}
