// What a search teaches while it goes on. Tiles are chosen for their evidence, not for their scores, so what is observed on them says
// without bias how far evidence can be wrong where margins are small, and what looks save.

import { highestScore } from '../model/content.js';
import { lossCalibrationFrom, type SlideModel } from '../model/slide-model.js';
import type { TileRisk } from '../model/tile-risks.js';
import { negligible } from '../numeric/negligible.js';

/**
 * Tiles not yet scored are like those of the last rounds: what was observed where looks promised n times as much counts n to the power of
 * minus this. Were it forgotten round by round, many small rounds would forget all, and doubt what they have just seen. unmeasured.
 */
const forgetting = 0.5;
/** Losses reckoned with on top of those seen: experiments/accuracy-vs-cost. */
const unseenEvents = 0.5;
/** The calibration's spread counts as this many first looks; unmeasured. */
const priorLooks = 10;
/**
 * No squared residual counts more, in parts of what was expected; unmeasured: one tile that is all wrong must not make all others
 * doubtful.
 */
const maxResidual = 9;

export class ModelUpdate {
  readonly #prior: SlideModel;
  readonly #planeCount: number;
  /** Losses expected and observed, and the squares of the expected: how large a loss is when there is one. */
  #expected = 0;
  #observed = 0;
  #squares = 0;
  /** Squared residuals in parts of what was expected, and how many. */
  #residuals = 0;
  #looks = 0;
  /** The smallest saving that a look of the last round promised. */
  #promised = Number.POSITIVE_INFINITY;

  constructor(prior: SlideModel) {
    this.#prior = prior;
    this.#planeCount = prior.forecast.logF.length / prior.forecast.residualVariance.length;
  }

  /** A round is observed next, whose looks promise `minSaving` or more. */
  startRound(minSaving: number): void {
    const memory = Math.min(1, minSaving / this.#promised) ** forgetting;
    this.#promised = minSaving;
    this.#expected *= memory;
    this.#observed *= memory;
    this.#squares *= memory;
    this.#residuals *= memory;
    this.#looks *= memory;
  }

  /** Takes what was observed on a tile: its risk before, and its scores [plane] now. */
  observe(tile: number, risk: TileRisk, scores: Float64Array): void {
    const counted = this.#prior.weights.counted[tile];
    const highest = highestScore(scores, scores.length, 0);
    const expected = risk.gain * risk.looks.length * counted;
    this.#expected += expected;
    this.#squares += (expected * counted * risk.secondMoment) / risk.loss;
    this.#observed += Math.max(0, 1 - scores[risk.plane] / Math.max(highest, negligible)) * counted;
    if (risk.looks.length > 1) this.#observeSpread(tile, risk, scores);
  }

  /** The model before the search, updated. */
  get model(): SlideModel {
    return {
      ...this.#prior,
      varianceInflation: (this.#residuals + priorLooks) / (this.#looks + priorLooks),
      lossCalibration: lossCalibrationFrom(
        this.#expected,
        this.#observed,
        this.#squares,
        this.#prior.lossCalibration,
        unseenEvents,
      ),
    };
  }

  /** A first look shows the chosen plane and a rival: how far their difference was from what the evidence says. */
  #observeSpread(tile: number, { plane, looks }: TileRisk, scores: Float64Array): void {
    const { logF, residualVariance } = this.#prior.forecast;
    const rival = looks[1];
    const from = tile * this.#planeCount;
    const predicted = logF[from + rival] - logF[from + plane];
    const residual = Math.log(Math.max(scores[rival], negligible) / Math.max(scores[plane], negligible)) - predicted;
    this.#residuals += Math.min(maxResidual, residual ** 2 / (residualVariance[tile] * Math.abs(rival - plane)));
    this.#looks++;
  }
}
