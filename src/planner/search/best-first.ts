// Search, best first: the look that is expected to save most is taken next, round by round, until the bound on the loss is within
// what is allowed. Every round also shows how good the forecasts were for tiles just a little worse than those not yet
// scored, and updates the model.

import type { Look, PlanStep, ScoreTable } from '../contract/score-table.js';
import { afterLooks, lossBound, type SlideModel } from '../model/slide-model.js';
import { TileRater } from '../model/tile-rater.js';
import type { TileRisk, TileRisks } from '../model/tile-risks.js';
import { ModelUpdate } from './model-update.js';
import { SearchQueue } from './search-queue.js';

/**
 * A round takes the looks that are expected to take away this part of what is too much, and at least a few; unmeasured: rounds are not
 * free.
 */
const partPerRound = 0.5;
const minLooks = 8;
/**
 * On slides of so many tiles, risks of tiles that were not scored may lag behind what the search teaches of their spread, by this
 * part of how far the loss is above what is allowed, and by the minimum even where the search ends: a spread is never known that
 * well. There, rating all tiles takes most of the time of planning, and rounds teach less and less; on smaller slides it takes no time.
 * unmeasured, but that test/planner/large-slide holds what it costs in looks.
 */
const lag = { tiles: 50_000, ofExcess: 0.1, min: 0.005, max: 0.05 };

/** What a search ended with. */
export type SearchResult = {
  /** The model as the search has corrected it. */
  readonly model: SlideModel;
  /** The risks of all tiles, as that model has them. */
  readonly risks: TileRisks;
  /** The smallest saving that a look was taken for; Infinity if none was. */
  readonly minSaving: number;
};

/**
 * Scores until the bound on the loss is at most `allowed` (in the unit of what tiles count), or until `maxCost` would be passed. Begins
 * with the calibrated model, and with the risks that follow from it, which it goes on to change.
 */
export function* searchBestFirst(
  table: ScoreTable,
  calibrated: { readonly model: SlideModel; readonly risks: TileRisks },
  allowed: number,
  maxCost: number,
): PlanStep<SearchResult> {
  const update = new ModelUpdate(calibrated.model);
  const queue = new SearchQueue(table, calibrated);
  let { model } = calibrated;
  let minSaving = Number.POSITIVE_INFINITY;
  for (;;) {
    const bound = lossBound(queue.expectedLoss(model), model);
    const round = bound > allowed ? nextRound(table, queue, model, allowed, table.looksWithin(maxCost)) : undefined;
    if (!round || round.looks.length === 0) {
      if (!lagsBehind(table, model, update.model, 0)) return { model, risks: queue.risks, minSaving };
      model = update.model;
      queue.rateAll(model);
      continue;
    }
    minSaving = Math.min(minSaving, round.minSaving);
    yield* table.score(round.looks, 'search');
    observeRound(round, update, minSaving, table);
    const updated = update.model;
    if (lagsBehind(table, model, updated, bound / allowed - 1)) {
      model = updated;
      queue.rateAll(model);
    } else {
      model = { ...updated, varianceInflation: model.varianceInflation };
      const tiles = round.tiles.map(({ tile }) => tile);
      queue.rate(tiles, model);
    }
  }
}

/** Whether risks by one model lag too far behind another, where the loss is `excess` times what is allowed above it. */
function lagsBehind(
  { tiles }: ScoreTable,
  { varianceInflation }: SlideModel,
  updated: SlideModel,
  excess: number,
): boolean {
  const tolerated = tiles < lag.tiles ? 0 : Math.min(lag.max, Math.max(lag.min, lag.ofExcess * excess));
  return Math.abs(updated.varianceInflation / varianceInflation - 1) > tolerated;
}

/** Tiles to score with their risks before, the looks that it takes, and the least that one of them is expected to save. */
type Round = {
  readonly tiles: readonly { readonly tile: number; readonly risk: TileRisk }[];
  readonly looks: readonly Look[];
  readonly minSaving: number;
};

function observeRound({ tiles }: Round, update: ModelUpdate, minSaving: number, table: ScoreTable): void {
  update.startRound(minSaving);
  for (const { tile, risk } of tiles) update.observe(tile, risk, table.scoresOf(tile));
}

/** The tiles to score next, those that save most first. */
function nextRound(
  { scores, scoredPlanes, problem }: ScoreTable,
  queue: SearchQueue,
  model: SlideModel,
  allowed: number,
  affordable: number,
): Round {
  const { weights, lossCalibration } = model;
  const rater = new TileRater(model.forecast, model.varianceInflation);
  const tiles: Round['tiles'][number][] = [];
  const looks: Look[] = [];
  let minSaving = Number.POSITIVE_INFINITY;
  let left = queue.expectedLoss(model);
  const aim = allowed + (1 - partPerRound) * (lossBound(left, model) - allowed);
  for (let tile = queue.next(); tile >= 0; tile = queue.next()) {
    const risk = rater.risk(tile, scores, tile * problem.planeCount, scoredPlanes[tile]);
    const { length } = risk.looks;
    // A round of tiles that rounding has left without looks would never end
    if (length === 0 || looks.length + length > affordable) {
      queue.putBack(tile);
      break;
    }
    tiles.push({ tile, risk });
    for (let i = 0; i < length; i++) looks.push({ tile, plane: risk.looks[i] });
    minSaving = Math.min(minSaving, queue.saving(tile));
    left = afterLooks(left, risk, weights.counted[tile], lossCalibration);
    if (lossBound(left, model) <= aim && looks.length >= minLooks) break;
  }
  return { tiles, looks, minSaving };
}
