// What a search teaches while it goes on. Tiles are chosen for their evidence, not for their scores, so what is found on them says
// without bias how far evidence can be wrong where margins are small, and what looks save.

import { highestScore } from '../model/content.js';
import { type Belief, kappaFrom } from '../model/slide-model.js';
import type { TileOutlook } from '../model/tile-risks.js';

/**
 * Tiles still unknown are like those of the last rounds: what was found where looks promised n times as much counts n to the power of
 * minus this. Were it forgotten round by round, many small rounds would forget all, and doubt what they have just seen.
 */
const forgetting = 0.5;
/** Losses reckoned with on top of those seen: experiments/accuracy-vs-cost. */
const unseenEvents = 0.5;
/** The calibration's spread counts as this many first looks. */
const priorLooks = 10;

export class SearchLesson {
  readonly #before: Belief;
  readonly #planeCount: number;
  /** Losses expected and those that happened, and the squares of the expected: how large a loss is when there is one. */
  #expected = 0;
  #happened = 0;
  #squares = 0;
  /** Squared residuals in parts of what was expected, and how many. */
  #residuals = 0;
  #looks = 0;
  /** The least saving that a look of the last round promised. */
  #promised = Number.POSITIVE_INFINITY;

  constructor(before: Belief) {
    this.#before = before;
    this.#planeCount = before.forecast.logF.length / before.forecast.openness.length;
  }

  /** A round is learned from next, whose looks promise `leastSaving` or more. */
  startRound(leastSaving: number): void {
    const memory = Math.min(1, leastSaving / this.#promised) ** forgetting;
    this.#promised = leastSaving;
    this.#expected *= memory;
    this.#happened *= memory;
    this.#squares *= memory;
    this.#residuals *= memory;
    this.#looks *= memory;
  }

  /** Takes what was found on a tile: its outlook before, and its scores [plane] now. */
  learn(tile: number, before: TileOutlook, scores: Float64Array): void {
    const counted = this.#before.weights.counted[tile];
    const found = highestScore(scores, scores.length, 0);
    const expected = before.gain * before.looks.length * counted;
    this.#expected += expected;
    this.#squares += (expected * counted * before.secondMoment) / before.loss;
    this.#happened += Math.max(0, 1 - scores[before.plane] / Math.max(found, 1e-9)) * counted;
    if (before.looks.length > 1) this.#learnSpread(tile, before, scores);
  }

  /** The belief before the search, corrected. */
  get belief(): Belief {
    return {
      ...this.#before,
      widening: (this.#residuals + priorLooks) / (this.#looks + priorLooks),
      kappa: kappaFrom(this.#expected, this.#happened, this.#squares, this.#before.kappa, unseenEvents),
    };
  }

  /** A first look shows the chosen plane and a rival: how far their difference was from what the evidence says. */
  #learnSpread(tile: number, { plane, looks }: TileOutlook, scores: Float64Array): void {
    const { logF, openness } = this.#before.forecast;
    const rival = looks[1];
    const from = tile * this.#planeCount;
    const foretold = logF[from + rival] - logF[from + plane];
    const residual = Math.log(Math.max(scores[rival], 1e-9) / Math.max(scores[plane], 1e-9)) - foretold;
    // One tile that is all wrong must not make all others doubtful.
    this.#residuals += Math.min(9, residual ** 2 / (openness[tile] * Math.abs(rival - plane)));
    this.#looks++;
  }
}
