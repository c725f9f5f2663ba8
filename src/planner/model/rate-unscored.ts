// Rates all tiles of a slide as if none had been scored. Of nearly all that is true, and a search rates them anew whenever it has
// learned enough: this is where planning spends its time. What comes out is what TileRater says of each.

import { scaleOfSpread } from '../numeric/statistics.js';
import type { Forecast } from './forecast.js';
import {
  cells,
  doubtOfSlopes,
  firstLookCount,
  firstLooks,
  lossOfRivals,
  minSpread,
  negligibleFrom,
} from './rating-rules.js';
import { inCells, slopeInCells, softplus } from './softplus.js';
import type { TileRisks } from './tile-risks.js';

/**
 * Rates all tiles, into `risks`. `bestGuesses` are the planes with their strongest evidence, -1 where there is none; residual
 * variances are taken `varianceInflation` times.
 */
export function rateUnscored(
  forecast: Forecast,
  varianceInflation: number,
  bestGuesses: Int16Array,
  risks: TileRisks,
): void {
  const { logF, residualVariance, signalFraction } = forecast;
  const tiles = bestGuesses.length;
  const planeCount = logF.length / tiles;
  // By distance in planes: the spread over it, in spreads over one plane, and how many cells of the table one scale of that is
  const reaches = Float64Array.from({ length: planeCount }, (_, distance) => Math.sqrt(distance));
  const nearness = reaches.map((reach) => cells / reach);
  for (let tile = 0; tile < tiles; tile++) {
    const bestGuess = bestGuesses[tile];
    if (bestGuess < 0) {
      risks.giveUp(tile);
      continue;
    }
    const spread = Math.max(minSpread, Math.sqrt(residualVariance[tile] * varianceInflation));
    const perScale = 1 / (scaleOfSpread * spread);
    const from = tile * planeCount;
    const highest = logF[from + bestGuess];
    let largest = 0;
    let secondLargest = 0;
    let sum = 0;
    let squares = 0;
    let slopes = 0;
    for (let plane = 0; plane < planeCount; plane++) {
      if (plane === bestGuess) continue;
      const distance = Math.abs(plane - bestGuess);
      const place = (highest - logF[from + plane]) * perScale * nearness[distance];
      if (Number.isNaN(place)) continue;
      const reach = reaches[distance];
      const inTable = place < cells * negligibleFrom;
      const gain = reach * (inTable ? inCells(place) : softplus(place / cells));
      sum += gain;
      squares += gain * reach;
      if (inTable) slopes += slopeInCells(place);
      secondLargest = Math.max(secondLargest, Math.min(largest, gain));
      largest = Math.max(largest, gain);
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
