// How likely another plane is sharper than the favourite of tiles that nobody looked at: nearly all tiles of a slide. What comes out is
// what TileRater says of each.
import type { Forecast } from './forecast.js';
import { leastSpread, scaleOfSpread } from './rating-rules.js';
import { negligibleFrom } from './softplus.js';

/** Says it tile by tile, 0 to 1; `favourite` is the plane with the tile's strongest evidence. */
export function doubtUnlooked(
  { logF, openness }: Forecast,
  widening: number,
): (tile: number, favourite: number) => number {
  const planeCount = logF.length / openness.length;
  const roots = Float64Array.from({ length: planeCount }, (_, distance) => Math.sqrt(distance));
  return (tile, favourite) => {
    const spread = Math.max(leastSpread, Math.sqrt(openness[tile] * widening));
    const perScale = 1 / (scaleOfSpread * spread);
    const from = tile * planeCount;
    const highest = logF[from + favourite];
    let nearest = Number.POSITIVE_INFINITY;
    let odds = 0;
    for (let plane = 0; plane < planeCount && odds < 1; plane++) {
      if (plane === favourite) continue;
      const behind = ((highest - logF[from + plane]) * perScale) / roots[Math.abs(plane - favourite)];
      if (!(behind <= nearest + negligibleFrom)) continue;
      if (behind < nearest) nearest = behind;
      odds += 1 / (1 + Math.exp(behind));
    }
    return Math.min(1, odds);
  };
}
