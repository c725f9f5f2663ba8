// Rates all tiles of a slide as if none had been scored. Of nearly all that is true, and a search rates them anew whenever it has
// learned enough: this is where planning spends its time. What comes out is what TileRater says of each.

import { scaleOfSpread } from '../numeric/scale-of-spread.js';
import type { Forecast } from './forecast.js';
import { RatingKernel, tilesInBatch } from './kernels/rating-kernel.js';
import {
  cells,
  doubtOfSlopes,
  firstLookCount,
  firstLooks,
  lossOfRivals,
  minSpread,
  negligibleFrom,
  notRated,
} from './rating-rules.js';
import { inCells, slopeInCells, softplus } from './softplus.js';
import type { TileRisks } from './tile-risks.js';

/** Fewer tiles are rated before a kernel would be ready. */
export const leastTilesForKernel = 10_000;

/**
 * Rates all tiles; `risks` takes it. `bestGuesses` are the planes with their strongest evidence, -1 where there is none; residual
 * variances are taken `varianceInflation` times.
 */
export function rateUnscored(
  forecast: Forecast,
  varianceInflation: number,
  bestGuesses: Int16Array,
  risks: TileRisks,
): void {
  const plainly = new PlainRating(forecast, bestGuesses, varianceInflation);
  const tiles = bestGuesses.length;
  const kernel = tiles < leastTilesForKernel ? undefined : RatingKernel.of(forecast, bestGuesses, varianceInflation);
  if (!kernel) {
    plainly.rateAll(0, tiles, risks);
    return;
  }
  for (let start = 0; start < tiles; start += tilesInBatch) {
    const end = Math.min(tiles, start + tilesInBatch);
    if (kernel.rate(start, end, risks) === 0) continue;
    for (let tile = start; tile < end; tile++) if (risks.lookCount[tile] === notRated) plainly.rate(tile, risks);
  }
}

/** One tile at a time, for a few tiles and for those that are not for the kernel; and what the kernel is held to. */
export class PlainRating {
  readonly #forecast: Forecast;
  readonly #bestGuesses: Int16Array;
  readonly #varianceInflation: number;
  readonly #planeCount: number;
  readonly #reaches: Float64Array;
  readonly #nearness: Float64Array;

  constructor(forecast: Forecast, bestGuesses: Int16Array, varianceInflation: number) {
    this.#forecast = forecast;
    this.#bestGuesses = bestGuesses;
    this.#varianceInflation = varianceInflation;
    this.#planeCount = forecast.logF.length / bestGuesses.length;
    this.#reaches = Float64Array.from({ length: this.#planeCount }, (_, distance) => Math.sqrt(distance));
    this.#nearness = this.#reaches.map((reach) => cells / reach);
  }

  /** Rates the tiles from `start` to before `end`. */
  rateAll(start: number, end: number, risks: TileRisks): void {
    for (let tile = start; tile < end; tile++) {
      if (this.#bestGuesses[tile] < 0) risks.giveUp(tile);
      else this.rate(tile, risks);
    }
  }

  /** Rates a tile that has a best guess. */
  rate(tile: number, risks: TileRisks): void {
    const { logF, residualVariance, signalFraction } = this.#forecast;
    const planeCount = this.#planeCount;
    const bestGuess = this.#bestGuesses[tile];
    const spread = Math.max(minSpread, Math.sqrt(residualVariance[tile] * this.#varianceInflation));
    const perScale = 1 / (scaleOfSpread * spread);
    const from = tile * planeCount;
    const highest = logF[from + bestGuess];
    let largest = 0;
    let secondLargest = 0;
    let sum = 0;
    let squares = 0;
    let slopes = 0;
    // Even planes, then odd ones: the kernel adds up both at once
    for (let first = 0; first < 2; first++) {
      let ownSum = 0;
      let ownSquares = 0;
      let ownSlopes = 0;
      for (let plane = first; plane < planeCount; plane += 2) {
        if (plane === bestGuess) continue;
        const distance = Math.abs(plane - bestGuess);
        const place = (highest - logF[from + plane]) * perScale * this.#nearness[distance];
        if (Number.isNaN(place)) continue;
        const reach = this.#reaches[distance];
        const inTable = place < cells * negligibleFrom;
        const gain = reach * (inTable ? inCells(place) : softplus(place / cells));
        ownSum += gain;
        ownSquares += gain * reach;
        if (inTable) ownSlopes += slopeInCells(place);
        secondLargest = Math.max(secondLargest, Math.min(largest, gain));
        largest = Math.max(largest, gain);
      }
      sum += ownSum;
      squares += ownSquares;
      slopes += ownSlopes;
    }
    const deep = signalFraction[tile] * spread;
    const unit = scaleOfSpread * deep;
    risks.plane[tile] = bestGuess;
    risks.loss[tile] = unit * lossOfRivals(largest, sum);
    risks.secondMoment[tile] = unit * deep * squares;
    risks.gain[tile] = unit * firstLooks(largest, secondLargest);
    risks.doubt[tile] = doubtOfSlopes(slopes);
    risks.lookCount[tile] = firstLookCount(largest, secondLargest);
  }
}
