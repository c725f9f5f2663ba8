// What the search would have chosen for a tile that was drawn, had it not been drawn: the rule runs on the tile as if it were
// unknown, and is shown only the scores that it asks for.

import { tileOutlook } from './condition-on-scores.js';
import type { Belief } from './slide-model.js';
import type { TileOutlook } from './tile-risks.js';

export type VirtualTile = {
  /** The plane that the map would name; 0 without any evidence. */
  readonly plane: number;
  /** The outlook when the rule stopped. */
  readonly outlook: TileOutlook;
};

/** Runs the rule "look where it saves at least `leastSaving`" on a tile whose scores [plane] are all known. */
export function virtualChoice(
  { forecast, widening, weights }: Belief,
  tile: number,
  scores: Float64Array,
  leastSaving: number,
): VirtualTile {
  const shown = new Float64Array(scores.length).fill(Number.NaN);
  for (;;) {
    const outlook = tileOutlook(forecast, tile, shown, widening);
    const saving = outlook.gain * weights.foretold[tile];
    if (outlook.looks.length === 0 || saving < leastSaving) return { plane: Math.max(0, outlook.plane), outlook };
    for (const plane of outlook.looks) shown[plane] = scores[plane];
  }
}
