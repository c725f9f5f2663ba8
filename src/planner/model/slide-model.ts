// The model of a slide: what its evidence predicts, what tiles weigh, how losses predicted compare with those observed; and the risks
// that follow.

import type { ScoreTable } from '../contract/score-table.js';
import type { EvidenceFit } from './calibration.js';
import type { TileWeights } from './content.js';
import type { Forecast } from './forecast.js';
import { rateUnscored } from './rate-unscored.js';
import { TileRater } from './tile-rater.js';
import { type TileRisk, TileRisks } from './tile-risks.js';

export type SlideModel = {
  readonly forecast: Forecast;
  /** The plane with the strongest evidence of each tile; -1 where there is none. */
  readonly bestGuesses: Int16Array;
  /** Variance inflation: residual variances are taken this many times; what the search observes corrects them all alike. */
  readonly varianceInflation: number;
  /** What calibration learned of the evidence, for the report. */
  readonly fit: EvidenceFit;
  readonly weights: TileWeights;
  /** Losses observed over losses predicted, on the tiles scored for it. */
  readonly lossCalibration: number;
  /** A loss may be this many standard deviations above what is expected: on small slides one tile decides. */
  readonly caution: number;
  /** What choosing by the evidence alone, nothing scored, loses on the sample, in parts of its F. */
  readonly blindLoss: number;
};

/**
 * Prior of the loss calibration: forecasts weigh as if they had come true this many times: losses are rare, and few tiles show none;
 * unmeasured.
 */
const priorEvents = 2;

/**
 * The loss calibration from losses predicted and observed (in the same unit); `squares` is the sum of squares predicted, which tells how
 * large a loss is when there is one, and `earlier` the calibration so far. `unseenEvents` losses are reckoned with on top of those seen:
 * with few of them, one more or less is chance.
 */
export function lossCalibrationFrom(
  predicted: number,
  observed: number,
  squares: number,
  earlier: number,
  unseenEvents = 0,
): number {
  if (predicted <= 0) return earlier;
  const event = squares / predicted;
  const prior = priorEvents * event;
  return (observed + unseenEvents * event + prior * earlier) / (predicted + prior);
}

/** The risks of all tiles as things stand, written to `risks`. */
export function rateTiles(table: ScoreTable, model: SlideModel, risks = new TileRisks(table.tiles)): TileRisks {
  rateUnscored(model.forecast, model.varianceInflation, model.bestGuesses, risks);
  rateScored(table, model, risks);
  return risks;
}

/** Those of tiles that were scored: of all such, or of `tiles`. */
export function rateScored(
  { scoredPlanes, scoredTiles, scores, problem }: ScoreTable,
  model: SlideModel,
  risks: TileRisks,
  tiles: readonly number[] = scoredTiles,
): void {
  const rater = new TileRater(model.forecast, model.varianceInflation);
  for (const tile of tiles) rater.rate(tile, scores, tile * problem.planeCount, scoredPlanes[tile], risks);
}

/** What each look at a tile is expected to save, in the unit of what tiles count if forecasts are right, written to `savings`. */
export function savings(
  { gain }: TileRisks,
  { counted }: TileWeights,
  savings: Float64Array = new Float64Array(gain.length),
): Float64Array {
  for (let tile = 0; tile < savings.length; tile++) savings[tile] = gain[tile] * counted[tile];
  return savings;
}

/** Loss of the slide, in the unit of what tiles count: what is expected, and its variance if tiles are wrong independently. */
export type ExpectedLoss = { readonly mean: number; readonly variance: number };

/** What the slide is expected to lose as things stand. */
export function expectedLoss(
  { loss, secondMoment }: TileRisks,
  { weights, lossCalibration }: SlideModel,
): ExpectedLoss {
  let mean = 0;
  let variance = 0;
  for (let tile = 0; tile < loss.length; tile++) {
    mean += lossCalibration * loss[tile] * weights.counted[tile];
    variance += lossCalibration * secondMoment[tile] * weights.counted[tile] ** 2;
  }
  return { mean, variance };
}

/** The expected loss once a tile was scored, if that saves what is expected of it. */
export function afterLooks({ mean, variance }: ExpectedLoss, risk: TileRisk, counted: number, lossCalibration: number) {
  const saved = risk.gain * risk.looks.length;
  const share = risk.loss > 0 ? Math.min(1, saved / risk.loss) : 0;
  return {
    mean: mean - lossCalibration * saved * counted,
    variance: variance - lossCalibration * risk.secondMoment * share * counted ** 2,
  };
}

/** An upper bound on the loss: what is expected, and some more for chance. */
export function lossBound({ mean, variance }: ExpectedLoss, { caution }: SlideModel): number {
  return mean + caution * Math.sqrt(Math.max(0, variance));
}
