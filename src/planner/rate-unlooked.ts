// Rates all tiles that nobody looked at yet. Nearly all tiles of a slide are such, and a search rates them anew whenever it has learned
// enough: this is where planning spends its time. What comes out is what TileRater says of each.
import type { Forecast } from './forecast.js';
import { outlookNumbers, RatingKernel, tilesInBatch } from './kernels/rating-kernel.js';
import type { Outlooks } from './outlooks.js';
import { firstLookCount, firstLooks, leastSpread, lossOfRivals, scaleOfSpread } from './rating-rules.js';
import { cells, inCells, negligibleFrom, softplus } from './softplus.js';

/** Fewer tiles are rated before a kernel would be ready. */
export const leastTilesForKernel = 10_000;

/**
 * Rates tiles that `looked` says nobody looked at. `favourites` are the planes with their strongest evidence, -1 where there is none;
 * variances that the forecast leaves open are taken `widening` times.
 */
export function rateUnlooked(
  forecast: Forecast,
  widening: number,
  favourites: Int16Array,
  looked: Uint16Array,
  views: Outlooks,
): void {
  const plainly = new PlainRating(forecast, favourites, widening);
  const kernel = favourites.length < leastTilesForKernel ? undefined : RatingKernel.of(forecast, favourites, widening);
  const leftToPlain = new Float64Array(tilesInBatch * outlookNumbers).fill(-1);
  for (let start = 0; start < favourites.length; start += tilesInBatch) {
    const end = Math.min(favourites.length, start + tilesInBatch);
    const outlooks = kernel ? kernel.rate(start, end) : leftToPlain;
    for (let tile = start, at = 0; tile < end; tile++, at += outlookNumbers) {
      if (looked[tile] > 0) continue;
      if (favourites[tile] < 0) views.giveUp(tile);
      else if (outlooks[at + 3] < 0) plainly.rate(tile, views);
      else {
        views.plane[tile] = favourites[tile];
        views.loss[tile] = outlooks[at];
        views.secondMoment[tile] = outlooks[at + 1];
        views.gain[tile] = outlooks[at + 2];
        views.lookCount[tile] = outlooks[at + 3];
      }
    }
  }
}

/** One tile at a time, for a few tiles and for those that are not for the kernel; and what the kernel is held to. */
export class PlainRating {
  readonly #forecast: Forecast;
  readonly #favourites: Int16Array;
  readonly #widening: number;
  readonly #planeCount: number;
  readonly #reaches: Float64Array;
  readonly #nearness: Float64Array;

  constructor(forecast: Forecast, favourites: Int16Array, widening: number) {
    this.#forecast = forecast;
    this.#favourites = favourites;
    this.#widening = widening;
    this.#planeCount = forecast.logF.length / favourites.length;
    this.#reaches = Float64Array.from({ length: this.#planeCount }, (_, distance) => Math.sqrt(distance));
    this.#nearness = this.#reaches.map((reach) => cells / reach);
  }

  /** Rates a tile that has a favourite; `views` takes it. */
  rate(tile: number, views: Outlooks): void {
    const { logF, openness, stake } = this.#forecast;
    const planeCount = this.#planeCount;
    const favourite = this.#favourites[tile];
    const spread = Math.max(leastSpread, Math.sqrt(openness[tile] * this.#widening));
    const perScale = 1 / (scaleOfSpread * spread);
    const from = tile * planeCount;
    const highest = logF[from + favourite];
    let most = 0;
    let next = 0;
    let sum = 0;
    let squares = 0;
    // Even planes, then odd ones: the kernel adds up both at once
    for (let first = 0; first < 2; first++) {
      let ownSum = 0;
      let ownSquares = 0;
      for (let plane = first; plane < planeCount; plane += 2) {
        if (plane === favourite) continue;
        const distance = Math.abs(plane - favourite);
        const place = (highest - logF[from + plane]) * perScale * this.#nearness[distance];
        if (Number.isNaN(place)) continue;
        const reach = this.#reaches[distance];
        const gain = reach * (place < cells * negligibleFrom ? inCells(place) : softplus(place / cells));
        ownSum += gain;
        ownSquares += gain * reach;
        next = Math.max(next, Math.min(most, gain));
        most = Math.max(most, gain);
      }
      sum += ownSum;
      squares += ownSquares;
    }
    const deep = stake[tile] * spread;
    const unit = scaleOfSpread * deep;
    views.plane[tile] = favourite;
    views.loss[tile] = unit * lossOfRivals(most, sum);
    views.secondMoment[tile] = unit * deep * squares;
    views.gain[tile] = unit * firstLooks(most, next);
    views.lookCount[tile] = firstLookCount(most, next);
  }
}
