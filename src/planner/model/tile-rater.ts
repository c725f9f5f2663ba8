// Rates tiles one after the other: which plane to choose, what that is expected to lose, where to look next.
//
// What is foretold of a plane's margin over the chosen one is a logistic distribution (see expectedGain). Rivals so far behind that
// they can't show in any sum are left out; rivals whose margin is not known are none.

import { scaleOfSpread } from '../numeric/scale-of-spread.js';
import { nextLooked, walkDistance, walkMean } from './brownian-bridge.js';
import { strongestPlane } from './evidence.js';
import type { Forecast } from './forecast.js';
import { logScore } from './log-score.js';
import { firstLookCount, firstLooks, leastSpread, lossOfRivals, negligibleFrom } from './rating-rules.js';
import { softplus } from './softplus.js';
import type { Outlooks, TileOutlook } from './tile-risks.js';

export class TileRater {
  readonly #forecast: Forecast;
  readonly #widening: number;
  readonly #planeCount: number;
  /** Spreads over 0, 1, 2, … planes, in spreads over one. */
  readonly #roots: Float64Array;

  // The tile at hand: planes that may be sharper than the chosen one, the spread of what is foretold of each (in spreads over one
  // plane), and how far each is behind (in scales of a logistic distribution of that spread); the least of these.
  readonly #rivals: Int16Array;
  readonly #reach: Float64Array;
  readonly #behind: Float64Array;
  #nearest = 0;
  #count = 0;
  #spread = 0;
  /** What they come to, see TileOutlook; the best two. */
  #loss = 0;
  #square = 0;
  #gain = 0;
  #lookCount = 0;
  #first = -1;
  #second = -1;
  /** Where it was looked at: log F less what was foretold, by plane. */
  readonly #found: Float64Array;

  /** Takes the variances that the forecast leaves open `widening` times. */
  constructor(forecast: Forecast, widening: number) {
    this.#forecast = forecast;
    this.#widening = widening;
    this.#planeCount = forecast.logF.length / forecast.openness.length;
    this.#roots = Float64Array.from({ length: this.#planeCount }, (_, distance) => Math.sqrt(distance));
    this.#rivals = new Int16Array(this.#planeCount);
    this.#reach = new Float64Array(this.#planeCount);
    this.#behind = new Float64Array(this.#planeCount);
    this.#found = new Float64Array(this.#planeCount);
  }

  /** The outlook of a tile whose scores lie in `scores` at `from`, NaN where nobody looked, `looked` of them numbers. */
  outlook(tile: number, scores: Float64Array, from: number, looked: number): TileOutlook {
    const plane = this.#meet(tile, scores, from, looked);
    const unit = this.#weigh(tile, looked);
    return {
      plane,
      loss: unit * this.#loss,
      secondMoment: unit * this.#square,
      doubt: this.#doubt(plane),
      looks: this.#looks(plane, looked),
      gain: unit * this.#gain,
    };
  }

  /** First looks take the plane that was chosen, too: a rival is measured against it. */
  #looks(plane: number, looked: number): number[] {
    if (this.#lookCount === 0) return [];
    if (looked > 0) return [this.#first];
    return this.#lookCount === 2 ? [plane, this.#first] : [plane, this.#first, this.#second];
  }

  /** The same but for looks; `views` takes it. */
  rate(tile: number, scores: Float64Array, from: number, looked: number, views: Outlooks): void {
    const plane = this.#meet(tile, scores, from, looked);
    const unit = this.#weigh(tile, looked);
    views.plane[tile] = plane;
    views.loss[tile] = unit * this.#loss;
    views.secondMoment[tile] = unit * this.#square;
    views.gain[tile] = unit * this.#gain;
    views.doubt[tile] = this.#doubt(plane);
    views.lookCount[tile] = this.#lookCount;
  }

  /** How likely a plane other than the chosen one is sharper: 0 to 1. */
  #doubt(plane: number): number {
    if (plane < 0) return 1;
    let odds = 0;
    for (let i = 0; i < this.#count && odds < 1; i++) odds += 1 / (1 + Math.exp(this.#behind[i]));
    return Math.min(1, odds);
  }

  /** What the rivals come to, in the unit that it returns. */
  #weigh(tile: number, looked: number): number {
    // A rival that is ahead makes none of the others negligible: it counts by its margin, not by its odds
    const farthest = Math.max(0, this.#nearest) + negligibleFrom;
    this.#first = -1;
    this.#second = -1;
    let most = 0;
    let next = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < this.#count; i++) {
      const behind = this.#behind[i];
      if (behind > farthest) continue;
      const gain = this.#reach[i] * (behind < 0 ? softplus(-behind) - behind : softplus(behind));
      sum += gain;
      squares += gain * this.#reach[i];
      if (gain > most) {
        next = most;
        this.#second = this.#first;
        most = gain;
        this.#first = this.#rivals[i];
      } else if (gain > next) {
        next = gain;
        this.#second = this.#rivals[i];
      }
    }
    // Without rivals there is nothing to lose, nor without evidence
    const deep = most === 0 ? 0 : this.#forecast.stake[tile] * this.#spread;
    const promise = looked > 0 ? most : firstLooks(most, next);
    this.#loss = lossOfRivals(most, sum);
    // A loss that happens is about a spread deep.
    this.#square = deep * squares;
    this.#gain = promise;
    this.#lookCount = looked === 0 ? firstLookCount(most, next) : most === 0 ? 0 : 1;
    return scaleOfSpread * deep;
  }

  /** Chooses a plane, -1 without any evidence, and gathers its rivals. */
  #meet(tile: number, scores: Float64Array, from: number, looked: number): number {
    this.#count = 0;
    this.#nearest = Number.POSITIVE_INFINITY;
    this.#spread = Math.max(leastSpread, Math.sqrt(this.#forecast.openness[tile] * this.#widening));
    if (looked === 0) {
      const strongest = strongestPlane(this.#forecast.logF, this.#planeCount, tile);
      if (strongest >= 0) this.#gatherUnlooked(tile, strongest);
      return strongest;
    }
    let best = -1;
    for (let plane = 0; plane < this.#planeCount; plane++) {
      const score = scores[from + plane];
      if (!Number.isNaN(score) && (best < 0 || score > scores[from + best])) best = plane;
    }
    if (looked < this.#planeCount) this.#gatherLooked(tile, best, scores, from);
    return best;
  }

  #gatherUnlooked(tile: number, chosen: number): void {
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

  #gatherLooked(tile: number, best: number, scores: Float64Array, from: number): void {
    const { logF } = this.#forecast;
    const start = tile * this.#planeCount;
    const found = this.#found;
    for (let plane = 0; plane < this.#planeCount; plane++) {
      const score = scores[from + plane];
      if (!Number.isNaN(score)) found[plane] = logScore(score) - logF[start + plane];
    }
    const highest = logScore(scores[from + best]);
    const perScale = 1 / (scaleOfSpread * this.#spread);
    let below = -1;
    let above = nextLooked(scores, from, this.#planeCount, -1);
    for (let plane = 0; plane < this.#planeCount; plane++) {
      if (plane === above) {
        below = plane;
        above = nextLooked(scores, from, this.#planeCount, plane);
        continue;
      }
      const reach = Math.sqrt(walkDistance(below, plane, above));
      const expected = logF[start + plane] + walkMean(found, below, plane, above);
      const behind = ((highest - expected) * perScale) / reach;
      if (Number.isNaN(behind)) continue;
      this.#nearest = Math.min(this.#nearest, behind);
      this.#rivals[this.#count] = plane;
      this.#reach[this.#count] = reach;
      this.#behind[this.#count++] = behind;
    }
  }
}
