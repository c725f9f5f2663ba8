// Rates all tiles that nobody looked at yet. Nearly all tiles of a slide are such, and a search rates them anew whenever it has learned
// enough: this is where planning spends its time. What comes out is what TileRater says of each.
import type { Forecast } from './forecast.js';
import type { Outlooks } from './outlooks.js';
import { cells, inCells, negligibleFrom, softplus } from './softplus.js';
import { scaleOfSpread } from './statistics.js';
import { firstLookCount, firstLooks, leastSpread, lossOfRivals } from './tile-rater.js';

/**
 * Rates tiles that `looked` says nobody looked at. `favourites` are the planes with their strongest evidence, -1 where there is none;
 * variances that the forecast leaves open are taken `widening` times.
 */
export function rateUnlooked(
  { logF, openness, stake }: Forecast,
  widening: number,
  favourites: Int16Array,
  looked: Uint16Array,
  views: Outlooks,
): void {
  const planeCount = logF.length / favourites.length;
  const reaches = Float64Array.from({ length: planeCount }, (_, distance) => Math.sqrt(distance));
  const nearness = reaches.map((reach) => cells / reach);
  const end = cells * negligibleFrom;
  for (let tile = 0; tile < favourites.length; tile++) {
    if (looked[tile] > 0) continue;
    const favourite = favourites[tile];
    if (favourite < 0) {
      views.giveUp(tile);
      continue;
    }
    views.plane[tile] = favourite;
    const spread = Math.max(leastSpread, Math.sqrt(openness[tile] * widening));
    const perScale = 1 / (scaleOfSpread * spread);
    const at = tile * planeCount + favourite;
    const highest = logF[at];
    let most = 0;
    let next = 0;
    let sum = 0;
    let squares = 0;
    // Downwards from the favourite, then upwards
    for (let side = -1; side <= 1; side += 2) {
      const rivals = side < 0 ? favourite : planeCount - 1 - favourite;
      for (let distance = 1; distance <= rivals; distance++) {
        const place = (highest - logF[at + side * distance]) * perScale * nearness[distance];
        const reach = reaches[distance];
        let gain = 0;
        if (place < end) gain = reach * inCells(place);
        else if (place >= end) gain = reach * softplus(place / cells);
        sum += gain;
        squares += gain * reach;
        // The larger and the smaller of two numbers without a branch: which it is can't be guessed, and guessing wrong is dear
        const smaller = (most + gain - Math.abs(most - gain)) / 2;
        most = (most + gain + Math.abs(most - gain)) / 2;
        next = (next + smaller + Math.abs(next - smaller)) / 2;
      }
    }
    const deep = stake[tile] * spread;
    const unit = scaleOfSpread * deep;
    views.loss[tile] = unit * lossOfRivals(most, sum);
    views.secondMoment[tile] = unit * deep * squares;
    views.gain[tile] = unit * firstLooks(most, next);
    views.lookCount[tile] = most === 0 ? 0 : firstLookCount(most, next);
  }
}
