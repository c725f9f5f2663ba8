// Rates all tiles of a slide as if nobody had looked at any. Of nearly all that is true, and a search rates them anew whenever it has
// learned enough: this is where planning spends its time. What comes out is what TileRater says of each.

import { scaleOfSpread } from '../numeric/scale-of-spread.js';
import type { Forecast } from './forecast.js';
import { RatingKernel, tilesInBatch } from './kernels/rating-kernel.js';
import {
  cells,
  doubtOfSlopes,
  firstLookCount,
  firstLooks,
  leastSpread,
  lossOfRivals,
  negligibleFrom,
  notRated,
} from './rating-rules.js';
import { inCells, slopeInCells, softplus } from './softplus.js';
import type { Outlooks } from './tile-risks.js';

/** Fewer tiles are rated before a kernel would be ready. */
export const leastTilesForKernel = 10_000;

/**
 * Rates all tiles; `views` takes it. `favourites` are the planes with their strongest evidence, -1 where there is none; variances that the
 * forecast leaves open are taken `widening` times.
 */
export function rateUnlooked(forecast: Forecast, widening: number, favourites: Int16Array, views: Outlooks): void {
  const plainly = new PlainRating(forecast, favourites, widening);
  const tiles = favourites.length;
  const kernel = tiles < leastTilesForKernel ? undefined : RatingKernel.of(forecast, favourites, widening);
  if (!kernel) {
    plainly.rateAll(0, tiles, views);
    return;
  }
  for (let start = 0; start < tiles; start += tilesInBatch) {
    const end = Math.min(tiles, start + tilesInBatch);
    if (kernel.rate(start, end, views) === 0) continue;
    for (let tile = start; tile < end; tile++) if (views.lookCount[tile] === notRated) plainly.rate(tile, views);
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

  /** Rates the tiles from `start` to before `end`. */
  rateAll(start: number, end: number, views: Outlooks): void {
    for (let tile = start; tile < end; tile++) {
      if (this.#favourites[tile] < 0) views.giveUp(tile);
      else this.rate(tile, views);
    }
  }

  /** Rates a tile that has a favourite. */
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
    let slopes = 0;
    // Even planes, then odd ones: the kernel adds up both at once
    for (let first = 0; first < 2; first++) {
      let ownSum = 0;
      let ownSquares = 0;
      let ownSlopes = 0;
      for (let plane = first; plane < planeCount; plane += 2) {
        if (plane === favourite) continue;
        const distance = Math.abs(plane - favourite);
        const place = (highest - logF[from + plane]) * perScale * this.#nearness[distance];
        if (Number.isNaN(place)) continue;
        const reach = this.#reaches[distance];
        const inTable = place < cells * negligibleFrom;
        const gain = reach * (inTable ? inCells(place) : softplus(place / cells));
        ownSum += gain;
        ownSquares += gain * reach;
        if (inTable) ownSlopes += slopeInCells(place);
        next = Math.max(next, Math.min(most, gain));
        most = Math.max(most, gain);
      }
      sum += ownSum;
      squares += ownSquares;
      slopes += ownSlopes;
    }
    const deep = stake[tile] * spread;
    const unit = scaleOfSpread * deep;
    views.plane[tile] = favourite;
    views.loss[tile] = unit * lossOfRivals(most, sum);
    views.secondMoment[tile] = unit * deep * squares;
    views.gain[tile] = unit * firstLooks(most, next);
    views.doubt[tile] = doubtOfSlopes(slopes);
    views.lookCount[tile] = firstLookCount(most, next);
  }
}
