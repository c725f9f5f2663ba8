// What the search would have chosen for a tile that was drawn, had it not been drawn: the rule runs on the tile as if it were
// not scored, and is shown only the scores that it asks for.

import type { SlideModel } from './slide-model.js';
import { tileRisk } from './tile-rater.js';
import type { TileRisk } from './tile-risks.js';

export type LeaveOneOutChoice = {
  /** The plane that the map would name; 0 without any evidence. */
  readonly plane: number;
  /** The risk when the rule stopped. */
  readonly risk: TileRisk;
};

/** Runs the rule "score where it saves at least `minSaving`" on a tile of which all scores [plane] are there. */
export function leaveOneOutChoice(
  { forecast, varianceInflation, weights }: SlideModel,
  tile: number,
  scores: Float64Array,
  minSaving: number,
): LeaveOneOutChoice {
  const shown = new Float64Array(scores.length).fill(Number.NaN);
  for (;;) {
    const risk = tileRisk(forecast, tile, shown, varianceInflation);
    const saving = risk.gain * weights.predicted[tile];
    if (risk.looks.length === 0 || saving < minSaving) return { plane: Math.max(0, risk.plane), risk };
    for (const plane of risk.looks) shown[plane] = scores[plane];
  }
}
