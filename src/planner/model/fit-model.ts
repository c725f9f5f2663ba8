// Fits the slide model to survey and sample: which transformation of the evidence is best, what it is worth, what tiles weigh, and how
// losses predicted compare with losses observed.
import { bestPlane } from '../contract/accuracy.js';
import { rowsOf, tileMajor } from '../contract/number-table.js';
import type { ScoreTable } from '../contract/score-table.js';
import { calibrate } from './calibration.js';
import { weighTiles } from './content.js';
import { emptyShares, noBias, strongestPlane, type ZBias, zBiases } from './evidence.js';
import type { EvidenceSource, Reading } from './evidence-source.js';
import { type Forecast, joinForecasts, predict } from './forecast.js';
import { lossCalibrationFrom, type SlideModel } from './slide-model.js';
import type { SurveyEvidence } from './survey-evidence.js';
import { tileRisk } from './tile-rater.js';

/** A bias is corrected only if that saves this many standard errors; unmeasured: one in forty, were it chance. */
const biasSignificance = 2;
/** However well forecasts did on the sample, losses are not expected to be less than this part of those predicted; unmeasured. */
const minLossCalibration = 0.3;

/** What `tiles`, scored on all planes, teach about the survey. */
export function fitModel(survey: SurveyEvidence, table: ScoreTable, tiles: readonly number[]): SlideModel {
  const { problem } = table;
  const sources = survey.sources.map((source) => fitSource(source, table, tiles));
  const { forecast, bestGuesses } = joinForecasts(
    sources.map((source) => source.predicted),
    problem.planeCount,
  );
  const weights = weighTiles(forecast, table);
  const { caution } = survey;
  return {
    forecast,
    varianceInflation: 1,
    bestGuesses,
    fit: sources[0].fit,
    weights,
    caution,
    ...lossesOn(tiles, forecast, table, weights.predicted),
  };
}

function fitSource(source: EvidenceSource, table: ScoreTable, tiles: readonly number[]) {
  const { scores, problem } = table;
  const { planeCount } = problem;
  // Calibration is shown the rows of its tiles alone
  const seen = rowsOf(tileMajor(scores, planeCount), tiles);
  const rows = [...tiles.keys()];
  const fitTo = (reading: Reading) => {
    return { reading, fit: calibrate(source.rows(tiles, reading), seen, planeCount, rows, source.expected) };
  };
  const plain = emptyShares
    .map((share) => fitTo({ share, zBias: noBias }))
    .reduce((best, other) => (other.fit.likelihood > best.fit.likelihood ? other : best));
  const zBias = zBiasOf(source, plain.reading.share, table, tiles);
  const { reading, fit } = zBias === noBias ? plain : fitTo({ ...plain.reading, zBias });
  const bestOf = (tile: number) => ({ tile, best: scores[tile * planeCount + bestPlane(scores, planeCount, tile)] });
  const scored = { tiles: tiles.map(bestOf), floor: table.minScore };
  return { fit, predicted: predict(source.read(reading), fit, source.content, scored) };
}

/** The bias along z that the tiles show in the evidence; noBias where they show none. */
function zBiasOf(source: EvidenceSource, share: number, table: ScoreTable, tiles: readonly number[]): ZBias {
  const losses = (zBias: ZBias) => {
    const rows = source.rows(tiles, { share, zBias });
    return tiles.map((tile, i) => lossOf(strongestPlane(rows, source.planeCount, i), table, tile));
  };
  const plain = losses(noBias);
  let best = noBias;
  let saved = 0;
  for (const zBias of zBiases) {
    const corrected = losses(zBias);
    const savings = plain.map((loss, i) => loss - corrected[i]);
    const mean = savings.reduce((sum, saving) => sum + saving, 0) / savings.length;
    const squares = savings.reduce((sum, saving) => sum + (saving - mean) ** 2, 0);
    const error = Math.sqrt(squares / Math.max(1, savings.length - 1) / savings.length);
    if (mean > saved && mean > biasSignificance * error) {
      best = zBias;
      saved = mean;
    }
  }
  return best;
}

/** What choosing a plane of a tile that was scored on all planes would lose, in parts of its best F. */
function lossOf(plane: number, { scores, problem: { planeCount } }: ScoreTable, tile: number): number {
  const best = scores[tile * planeCount + bestPlane(scores, planeCount, tile)];
  return plane < 0 || !(best > 0) ? 0 : 1 - scores[tile * planeCount + plane] / best;
}

/** How losses observed on tiles compare with those predicted, and with all that could be lost there. */
function lossesOn(
  tiles: readonly number[],
  forecast: Forecast,
  table: ScoreTable,
  counted: Float64Array,
): Pick<SlideModel, 'lossCalibration' | 'blindLoss'> {
  const blank = new Float64Array(table.problem.planeCount).fill(Number.NaN);
  let observed = 0;
  let predicted = 0;
  let squares = 0;
  let total = 0;
  for (const tile of tiles) {
    const { plane, loss, secondMoment } = tileRisk(forecast, tile, blank);
    total += counted[tile];
    observed += counted[tile] * lossOf(plane, table, tile);
    predicted += counted[tile] * loss;
    squares += counted[tile] ** 2 * secondMoment;
  }
  const lossCalibration = Math.max(minLossCalibration, lossCalibrationFrom(predicted, observed, squares, 1));
  return { lossCalibration, blindLoss: total > 0 ? observed / total : 0 };
}
