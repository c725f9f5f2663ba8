// Rates tiles one after the other: which plane to choose, what that is expected to lose, which plane to score next. Rising edges
// and second peaks need no rule of their own: a far plane stays in play while its evidence is near that of the best.
//
// What is predicted of a plane's margin d over the chosen one is a logistic distribution: E[max(0, d)] = scale x log(1 + e^(mean /
// scale)). A normal one, fitted to the calibration tiles of experiments/accuracy-vs-cost, predicts twice the gains that there are of
// rivals a spread less sharp, and half of them of rivals three spreads less sharp. Rivals so far behind that they can't show in any sum
// are left out; rivals of which nothing is predicted are none.

import { scaleOfSpread } from '../numeric/statistics.js';
import { bridgeMean, bridgeVariance, nextScored } from './brownian-bridge.js';
import { strongestPlane } from './evidence.js';
import type { Forecast } from './forecast.js';
import { logScore } from './log-score.js';
import { firstLookCount, firstLooks, lossOfRivals, minSpread, negligibleFrom } from './rating-rules.js';
import { softplus } from './softplus.js';
import type { TileRisk, TileRisks } from './tile-risks.js';

export class TileRater {
  readonly #forecast: Forecast;
  readonly #varianceInflation: number;
  readonly #planeCount: number;
  /** Spreads over 0, 1, 2, … planes, in spreads over one. */
  readonly #roots: Float64Array;

  // The tile at hand: planes that may be sharper than the chosen one, the spread of what is predicted of each (in spreads over one
  // plane), and how far each is behind (in scales of a logistic distribution of that spread); the nearest of these.
  readonly #rivals: Int16Array;
  readonly #reach: Float64Array;
  readonly #behind: Float64Array;
  #nearest = 0;
  #count = 0;
  #spread = 0;
  /** What they come to, see TileRisk; the best two. */
  #loss = 0;
  #square = 0;
  #gain = 0;
  #lookCount = 0;
  #first = -1;
  #second = -1;
  /** Where it was scored: log F less what was predicted, by plane. */
  readonly #residuals: Float64Array;

  /** Takes residual variances `varianceInflation` times. */
  constructor(forecast: Forecast, varianceInflation: number) {
    this.#forecast = forecast;
    this.#varianceInflation = varianceInflation;
    this.#planeCount = forecast.logF.length / forecast.residualVariance.length;
    this.#roots = Float64Array.from({ length: this.#planeCount }, (_, distance) => Math.sqrt(distance));
    this.#rivals = new Int16Array(this.#planeCount);
    this.#reach = new Float64Array(this.#planeCount);
    this.#behind = new Float64Array(this.#planeCount);
    this.#residuals = new Float64Array(this.#planeCount);
  }

  /** The risk of a tile whose scores lie in `scores` at `from`, NaN where not scored, `scored` of them numbers. */
  risk(tile: number, scores: Float64Array, from: number, scored: number): TileRisk {
    const plane = this.#choose(tile, scores, from, scored);
    const unit = this.#weigh(tile, scored);
    return {
      plane,
      loss: unit * this.#loss,
      secondMoment: unit * this.#square,
      doubt: this.#doubt(plane),
      looks: this.#looks(plane, scored),
      gain: unit * this.#gain,
    };
  }

  /** First looks take the chosen plane too: a rival is measured against it. */
  #looks(plane: number, scored: number): number[] {
    if (this.#lookCount === 0) return [];
    if (scored > 0) return [this.#first];
    return this.#lookCount === 2 ? [plane, this.#first] : [plane, this.#first, this.#second];
  }

  /** The same but for looks, written to `risks`. */
  rate(tile: number, scores: Float64Array, from: number, scored: number, risks: TileRisks): void {
    const plane = this.#choose(tile, scores, from, scored);
    const unit = this.#weigh(tile, scored);
    risks.plane[tile] = plane;
    risks.loss[tile] = unit * this.#loss;
    risks.secondMoment[tile] = unit * this.#square;
    risks.gain[tile] = unit * this.#gain;
    risks.doubt[tile] = this.#doubt(plane);
    risks.lookCount[tile] = this.#lookCount;
  }

  /** How likely a plane other than the chosen one is sharper: 0 to 1. */
  #doubt(plane: number): number {
    if (plane < 0) return 1;
    let odds = 0;
    for (let i = 0; i < this.#count && odds < 1; i++) odds += 1 / (1 + Math.exp(this.#behind[i]));
    return Math.min(1, odds);
  }

  /** What the rivals come to, in the unit that it returns. */
  #weigh(tile: number, scored: number): number {
    // A rival that is ahead makes none of the others negligible: it counts by its margin, not by its odds
    const farthest = Math.max(0, this.#nearest) + negligibleFrom;
    this.#first = -1;
    this.#second = -1;
    let largest = 0;
    let secondLargest = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < this.#count; i++) {
      const behind = this.#behind[i];
      if (behind > farthest) continue;
      const gain = this.#reach[i] * (behind < 0 ? softplus(-behind) - behind : softplus(behind));
      sum += gain;
      squares += gain * this.#reach[i];
      if (gain > largest) {
        secondLargest = largest;
        this.#second = this.#first;
        largest = gain;
        this.#first = this.#rivals[i];
      } else if (gain > secondLargest) {
        secondLargest = gain;
        this.#second = this.#rivals[i];
      }
    }
    // Without rivals there is nothing to lose, nor without evidence
    const deep = largest === 0 ? 0 : this.#forecast.signalFraction[tile] * this.#spread;
    const promise = scored > 0 ? largest : firstLooks(largest, secondLargest);
    this.#loss = lossOfRivals(largest, sum);
    // A loss that happens is about a spread deep.
    this.#square = deep * squares;
    this.#gain = promise;
    this.#lookCount = scored === 0 ? firstLookCount(largest, secondLargest) : largest === 0 ? 0 : 1;
    return scaleOfSpread * deep;
  }

  /** Chooses a plane, -1 without any evidence, and gathers its rivals. */
  #choose(tile: number, scores: Float64Array, from: number, scored: number): number {
    this.#count = 0;
    this.#nearest = Number.POSITIVE_INFINITY;
    this.#spread = Math.max(minSpread, Math.sqrt(this.#forecast.residualVariance[tile] * this.#varianceInflation));
    if (scored === 0) {
      const strongest = strongestPlane(this.#forecast.logF, this.#planeCount, tile);
      if (strongest >= 0) this.#gatherUnscored(tile, strongest);
      return strongest;
    }
    let best = -1;
    for (let plane = 0; plane < this.#planeCount; plane++) {
      const score = scores[from + plane];
      if (!Number.isNaN(score) && (best < 0 || score > scores[from + best])) best = plane;
    }
    if (scored < this.#planeCount) this.#gatherScored(tile, best, scores, from);
    return best;
  }

  #gatherUnscored(tile: number, chosen: number): void {
    const { logF } = this.#forecast;
    const rivals = this.#rivals;
    const reaches = this.#reach;
    const behinds = this.#behind;
    const roots = this.#roots;
    const planeCount = this.#planeCount;
    const start = tile * planeCount;
    const highest = logF[start + chosen];
    const perScale = 1 / (scaleOfSpread * this.#spread);
    let count = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let plane = 0; plane < planeCount; plane++) {
      if (plane === chosen) continue;
      const reach = roots[Math.abs(plane - chosen)];
      const behind = ((highest - logF[start + plane]) * perScale) / reach;
      if (!(behind <= nearest + negligibleFrom)) continue;
      if (behind < nearest) nearest = behind;
      rivals[count] = plane;
      reaches[count] = reach;
      behinds[count++] = behind;
    }
    this.#count = count;
    this.#nearest = nearest;
  }

  #gatherScored(tile: number, best: number, scores: Float64Array, from: number): void {
    const { logF } = this.#forecast;
    const start = tile * this.#planeCount;
    const residuals = this.#residuals;
    for (let plane = 0; plane < this.#planeCount; plane++) {
      const score = scores[from + plane];
      if (!Number.isNaN(score)) residuals[plane] = logScore(score) - logF[start + plane];
    }
    const highest = logScore(scores[from + best]);
    const perScale = 1 / (scaleOfSpread * this.#spread);
    let below = -1;
    let above = nextScored(scores, from, this.#planeCount, -1);
    for (let plane = 0; plane < this.#planeCount; plane++) {
      if (plane === above) {
        below = plane;
        above = nextScored(scores, from, this.#planeCount, plane);
        continue;
      }
      const reach = Math.sqrt(bridgeVariance(below, plane, above));
      const expected = logF[start + plane] + bridgeMean(residuals, below, plane, above);
      const behind = ((highest - expected) * perScale) / reach;
      if (Number.isNaN(behind)) continue;
      this.#nearest = Math.min(this.#nearest, behind);
      this.#rivals[this.#count] = plane;
      this.#reach[this.#count] = reach;
      this.#behind[this.#count++] = behind;
    }
  }
}

/**
 * The risk of one tile, from what is predicted and its scores [plane] so far (NaN where not scored); `varianceInflation`: see
 * SlideModel.
 */
export function tileRisk(forecast: Forecast, tile: number, scores: Float64Array, varianceInflation = 1): TileRisk {
  const scored = scores.reduce((count, score) => (Number.isNaN(score) ? count : count + 1), 0);
  return new TileRater(forecast, varianceInflation).risk(tile, scores, 0, scored);
}
