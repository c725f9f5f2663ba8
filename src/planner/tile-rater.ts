// Rates tiles one after the other: which plane to choose, what that is expected to lose, where to look next. Makes no objects, since
// a search rates every tile of a slide round by round.
//
// What is foretold of a plane's margin over the chosen one is a logistic distribution (see expectedGain). Rivals so far behind that
// they can't show in any sum are left out; rivals whose margin is not known are none.
import { strongestPlane } from './evidence.js';
import type { Forecast } from './forecast.js';
import { logScore } from './log-score.js';
import type { Outlooks } from './outlooks.js';
import { nextLooked, walkDistance, walkMean } from './pinned-walk.js';
import { negligibleFrom, softplus } from './softplus.js';
import { scaleOfSpread } from './statistics.js';

/** What the second-best rivals add to the loss that the best alone would leave. */
const furtherRivals = 0.3;
/** A spread below this leaves nothing open. */
const leastSpread = 1e-12;

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

  /** Rates a tile whose scores lie in `scores` at `from`, NaN where nobody looked, `looked` of them numbers; fills `views` at `at`. */
  rate(tile: number, scores: Float64Array, from: number, looked: number, views: Outlooks, at: number): void {
    const chosen = this.#meet(tile, scores, from, looked);
    const count = this.#count;
    if (count === 0) {
      views.settle(at, chosen);
      return;
    }
    const behind = this.#behind;
    const reach = this.#reach;
    const farthest = this.#nearest + negligibleFrom;
    let first = -1;
    let second = -1;
    let most = 0;
    let next = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const away = behind[i];
      if (away > farthest) continue;
      const gain = reach[i] * (away < 0 ? softplus(-away) - away : softplus(away));
      sum += gain;
      // A loss that happens is about a spread deep.
      squares += gain * reach[i];
      if (gain > most) {
        next = most;
        second = first;
        most = gain;
        first = i;
      } else if (gain > next) {
        next = gain;
        second = i;
      }
    }
    const deep = this.#forecast.stake[tile] * this.#spread;
    const unit = scaleOfSpread * deep;
    views.plane[at] = chosen;
    views.loss[at] = unit * (most + furtherRivals * (sum - most));
    views.secondMoment[at] = unit * deep * squares;
    const best = first < 0 ? -1 : this.#rivals[first];
    // A first look says nothing alone: it takes a rival beside it, or two.
    const pair = most / 2;
    const triple = second < 0 ? 0 : (most + next) / 3;
    if (looked > 0 || first < 0) views.plan(at, unit * most, best, -1, -1);
    else if (pair >= triple) views.plan(at, unit * pair, chosen, best, -1);
    else views.plan(at, unit * triple, chosen, best, this.#rivals[second]);
  }

  /** How likely a plane other than the chosen one is sharper: 0 to 1. */
  doubt(tile: number, scores: Float64Array, from: number, looked: number): number {
    if (this.#meet(tile, scores, from, looked) < 0) return 1;
    let odds = 0;
    for (let i = 0; i < this.#count; i++) odds += 1 / (1 + Math.exp(this.#behind[i]));
    return Math.min(1, odds);
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
