// Audits the map that a belief stands for.
import type { AccuracyEstimate } from './accuracy.js';
import { estimateAccuracy } from './audit.js';
import { countedWhole, outlooks } from './belief.js';
import type { Searched } from './best-first.js';
import type { Sample } from './sample.js';
import type { ScoreBoard } from './score-board.js';
import { virtualChoice } from './virtual-choice.js';

/** Part of an audit that is drawn by what tiles weigh alone, whatever is believed of their loss. */
const evenPart = 0.25;

/** Sizes for drawing an audit: likelier where loss is expected, or would count. */
export function auditSizes(board: ScoreBoard, { belief, leastSaving }: Searched, sample: Sample): Float64Array {
  const { forecast, weights, kappa } = belief;
  const known = sample.tiles;
  const sizes = new Float64Array(board.tiles);
  const views = outlooks(board, forecast);
  for (const [tile, { secondMoment }] of views.entries()) {
    sizes[tile] = weights.counted[tile] * Math.sqrt(kappa * secondMoment);
  }
  for (const tile of known) {
    const { outlook } = virtualChoice(belief, tile, board.scoresOf(tile), leastSaving);
    sizes[tile] = weights.foretold[tile] * Math.sqrt(kappa * outlook.secondMoment);
  }
  const drawn = new Set(known);
  const even = weights.counted.map((counted, tile) =>
    drawn.has(tile) ? weights.foretold[tile] : board.isComplete(tile) ? 0 : counted,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const whole = even.reduce((sum, size) => sum + size, 0);
  const scale = whole > 0 ? (evenPart * (total > 0 ? total : whole)) / whole : 0;
  return sizes.map((size, tile) => size + scale * even[tile]);
}

/** The accuracy of the map, from all tiles drawn so far. */
export function auditMap(board: ScoreBoard, { belief, leastSaving }: Searched, sample: Sample): AccuracyEstimate {
  const { weights, forecast, kappa } = belief;
  const { planeCount } = board.problem;
  const drawn = new Set(sample.tiles);
  const audited = sample.tiles.map((tile) => ({
    tile,
    inclusion: sample.inclusion[tile],
    chosen: virtualChoice(belief, tile, board.scoresOf(tile), leastSaving).plane,
  }));
  let mean = 0;
  let square = 0;
  for (const [tile, { loss, secondMoment }] of outlooks(board, forecast).entries()) {
    if (drawn.has(tile)) continue;
    const inclusion = Math.max(1e-6, sample.inclusion[tile]);
    mean += kappa * loss * weights.counted[tile] * (1 - inclusion);
    square += (kappa * secondMoment * weights.counted[tile] ** 2 * (1 - inclusion) ** 2) / inclusion;
  }
  const tilesWithContent = weights.content.reduce((sum, probability) => sum + probability, 0);
  const whole = countedWhole(belief);
  return estimateAccuracy(audited, board.scores, planeCount, weights.border, whole, tilesWithContent, { mean, square });
}
