// Audits the map that a belief stands for.
import type { AccuracyEstimate } from '../contract/accuracy.js';
import type { ScoreBoard } from '../contract/score-table.js';
import { virtualChoice } from '../model/leave-one-out-choice.js';
import type { Sample } from '../model/sample.js';
import { sumOf } from '../numeric/sum.js';
import type { Searched } from '../search/best-first.js';
import { estimateAccuracy } from './estimate-accuracy.js';

/** Part of an audit that is drawn by what tiles weigh alone, whatever is believed of their loss. */
const evenPart = 0.25;

/** Sizes for drawing an audit: likelier where loss is expected, or would count. */
export function auditSizes(board: ScoreBoard, { belief, views, leastSaving }: Searched, sample: Sample): Float64Array {
  const { weights, kappa } = belief;
  const sizes = new Float64Array(board.tiles);
  const even = new Float64Array(board.tiles);
  for (let tile = 0; tile < board.tiles; tile++) {
    sizes[tile] = weights.counted[tile] * Math.sqrt(kappa * views.secondMoment[tile]);
    if (!board.isComplete(tile)) even[tile] = weights.counted[tile];
  }
  for (const tile of sample.tiles) {
    const { outlook } = virtualChoice(belief, tile, board.scoresOf(tile), leastSaving);
    sizes[tile] = weights.foretold[tile] * Math.sqrt(kappa * outlook.secondMoment);
    even[tile] = weights.foretold[tile];
  }
  const total = sumOf(sizes);
  const whole = sumOf(even);
  const scale = whole > 0 ? (evenPart * (total > 0 ? total : whole)) / whole : 0;
  for (let tile = 0; tile < board.tiles; tile++) sizes[tile] += scale * even[tile];
  return sizes;
}

/** The accuracy of the map, from all tiles drawn so far. */
export function auditMap(
  board: ScoreBoard,
  { belief, views, leastSaving }: Searched,
  sample: Sample,
): AccuracyEstimate {
  const { weights, kappa } = belief;
  const { planeCount } = board.problem;
  const { tiles } = sample;
  const audited = tiles.map((tile) => ({
    tile,
    inclusion: sample.inclusion[tile],
    chosen: virtualChoice(belief, tile, board.scoresOf(tile), leastSaving).plane,
  }));
  let mean = 0;
  let square = 0;
  for (let tile = 0, drawn = 0; tile < board.tiles; tile++) {
    if (tile === tiles[drawn]) {
      drawn++;
      continue;
    }
    const inclusion = Math.max(1e-6, sample.inclusion[tile]);
    mean += kappa * views.loss[tile] * weights.counted[tile] * (1 - inclusion);
    square += (kappa * views.secondMoment[tile] * weights.counted[tile] ** 2 * (1 - inclusion) ** 2) / inclusion;
  }
  const tilesWithContent = sumOf(weights.content);
  return estimateAccuracy(audited, board.scores, planeCount, weights.border, weights.whole, tilesWithContent, {
    mean,
    square,
  });
}
