// Audits the map that a slide model gives.
import type { AccuracyEstimate } from '../contract/accuracy.js';
import type { ScoreTable } from '../contract/score-table.js';
import { leaveOneOutChoice } from '../model/leave-one-out-choice.js';
import type { Sample } from '../model/sample.js';
import { sumOf } from '../numeric/sum.js';
import type { SearchResult } from '../search/best-first.js';
import { estimateAccuracy } from './estimate-accuracy.js';

/**
 * Part of an audit that is drawn by what tiles weigh alone, whatever loss is predicted of them; unmeasured here: the model may be wrong
 * where it predicts none.
 */
const evenPart = 0.25;
/** No tile counts for more than the inverse of this; unmeasured: it keeps a division sound. */
const minInclusionProbability = 1e-6;

/** Sampling weights of an audit: likelier where loss is expected, or would count. */
export function auditWeights(
  table: ScoreTable,
  { model, risks, minSaving }: SearchResult,
  sample: Sample,
): Float64Array {
  const { weights, lossCalibration } = model;
  const drawWeights = new Float64Array(table.tiles);
  const even = new Float64Array(table.tiles);
  for (let tile = 0; tile < table.tiles; tile++) {
    drawWeights[tile] = weights.counted[tile] * Math.sqrt(lossCalibration * risks.secondMoment[tile]);
    if (!table.isTileComplete(tile)) even[tile] = weights.counted[tile];
  }
  for (const tile of sample.tiles) {
    const { risk } = leaveOneOutChoice(model, tile, table.scoresOf(tile), minSaving);
    drawWeights[tile] = weights.predicted[tile] * Math.sqrt(lossCalibration * risk.secondMoment);
    even[tile] = weights.predicted[tile];
  }
  const total = sumOf(drawWeights);
  const evenTotal = sumOf(even);
  const scale = evenTotal > 0 ? (evenPart * (total > 0 ? total : evenTotal)) / evenTotal : 0;
  for (let tile = 0; tile < table.tiles; tile++) drawWeights[tile] += scale * even[tile];
  return drawWeights;
}

/** The accuracy of the map, from all tiles drawn so far. */
export function auditMap(
  table: ScoreTable,
  { model, risks, minSaving }: SearchResult,
  sample: Sample,
): AccuracyEstimate {
  const { weights, lossCalibration } = model;
  const { planeCount } = table.problem;
  const { tiles } = sample;
  const audited = tiles.map((tile) => ({
    tile,
    inclusionProbability: sample.inclusionProbability[tile],
    chosen: leaveOneOutChoice(model, tile, table.scoresOf(tile), minSaving).plane,
  }));
  let mean = 0;
  let square = 0;
  for (let tile = 0, drawn = 0; tile < table.tiles; tile++) {
    if (tile === tiles[drawn]) {
      drawn++;
      continue;
    }
    const inclusionProbability = Math.max(minInclusionProbability, sample.inclusionProbability[tile]);
    mean += lossCalibration * risks.loss[tile] * weights.counted[tile] * (1 - inclusionProbability);
    square +=
      (lossCalibration * risks.secondMoment[tile] * weights.counted[tile] ** 2 * (1 - inclusionProbability) ** 2) /
      inclusionProbability;
  }
  const tilesWithContent = sumOf(weights.content);
  return estimateAccuracy(audited, table.scores, planeCount, weights.rule, weights.total, tilesWithContent, {
    mean,
    square,
  });
}
