// What is believed of a slide: a model of its evidence, what tiles weigh, how far forecasts can be trusted; and what follows.

import type { ScoreBoard } from '../contract/score-table.js';
import type { EvidenceFit } from './calibration.js';
import type { TileWeights } from './content.js';
import type { Forecast } from './forecast.js';
import { rateUnlooked } from './rate-unscored.js';
import { TileRater } from './tile-rater.js';
import { Outlooks, type TileOutlook } from './tile-risks.js';

export type Belief = {
  readonly forecast: Forecast;
  /** The plane with the strongest evidence of each tile; -1 where there is none. */
  readonly favourites: Int16Array;
  /** Variances that the forecast leaves open are taken this many times: what the search finds corrects them all alike. */
  readonly widening: number;
  /** What calibration learned of the evidence, for the report. */
  readonly fit: EvidenceFit;
  readonly weights: TileWeights;
  /** Losses that happened over losses foretold, on tiles that tell. */
  readonly kappa: number;
  /** A loss may be this many standard deviations above what is expected: on small slides one tile decides. */
  readonly caution: number;
  /** What choosing by the evidence alone, no look taken, loses on the sample, in parts of its F. */
  readonly blindLoss: number;
};

/** Forecasts are believed as much as if they had come true this many times: losses are rare, and few tiles show none. */
const priorEvents = 2;

/**
 * kappa from what was foretold and what happened (in the same unit); `squares` is the sum of squares foretold, which tells how large
 * a loss is when there is one, and `before` what was believed before. `unseenEvents` losses are reckoned with on top of those seen: with
 * few of them, one more or less is chance.
 */
export function kappaFrom(
  foretold: number,
  happened: number,
  squares: number,
  before: number,
  unseenEvents = 0,
): number {
  if (foretold <= 0) return before;
  const event = squares / foretold;
  const prior = priorEvents * event;
  return (happened + unseenEvents * event + prior * before) / (foretold + prior);
}

/** The outlooks of all tiles as things stand; `views` takes them. */
export function rateTiles(board: ScoreBoard, belief: Belief, views = new Outlooks(board.tiles)): Outlooks {
  rateUnlooked(belief.forecast, belief.widening, belief.favourites, views);
  rateLooked(board, belief, views);
  return views;
}

/** Those of tiles that were looked at: of all such, or of `tiles`. */
export function rateLooked(
  { looked, lookedTiles, scores, problem }: ScoreBoard,
  belief: Belief,
  views: Outlooks,
  tiles: readonly number[] = lookedTiles,
): void {
  const rater = new TileRater(belief.forecast, belief.widening);
  for (const tile of tiles) rater.rate(tile, scores, tile * problem.planeCount, looked[tile], views);
}

/** What each look at a tile is expected to save, in the unit of what tiles count if forecasts are right; `savings` takes it. */
export function savings(
  { gain }: Outlooks,
  { counted }: TileWeights,
  savings: Float64Array = new Float64Array(gain.length),
): Float64Array {
  for (let tile = 0; tile < savings.length; tile++) savings[tile] = gain[tile] * counted[tile];
  return savings;
}

/** Loss of the whole slide, in the unit of what tiles count: what is expected, and its variance if tiles are wrong independently. */
export type LossOutlook = { readonly mean: number; readonly variance: number };

/** What the slide is expected to lose as things stand. */
export function lossOutlook({ loss, secondMoment }: Outlooks, { weights, kappa }: Belief): LossOutlook {
  let mean = 0;
  let variance = 0;
  for (let tile = 0; tile < loss.length; tile++) {
    mean += kappa * loss[tile] * weights.counted[tile];
    variance += kappa * secondMoment[tile] * weights.counted[tile] ** 2;
  }
  return { mean, variance };
}

/** The same once a tile was looked at, if that saves what is expected of it. */
export function afterLooks({ mean, variance }: LossOutlook, view: TileOutlook, counted: number, kappa: number) {
  const saved = view.gain * view.looks.length;
  const share = view.loss > 0 ? Math.min(1, saved / view.loss) : 0;
  return {
    mean: mean - kappa * saved * counted,
    variance: variance - kappa * view.secondMoment * share * counted ** 2,
  };
}

/** The loss to reckon with: what is expected, and some more for chance. */
export function riskedLoss({ mean, variance }: LossOutlook, { caution }: Belief): number {
  return mean + caution * Math.sqrt(Math.max(0, variance));
}
