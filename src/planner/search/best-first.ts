// Search, best first: the look that is expected to save most is taken next, round by round, until the loss to reckon with is within
// what is allowed. Every round also shows how good the forecasts were for tiles just a little worse than those still
// unknown, and corrects them.

import type { Asking, Look, ScoreBoard } from '../contract/score-table.js';
import { afterLooks, type Belief, riskedLoss } from '../model/slide-model.js';
import { TileRater } from '../model/tile-rater.js';
import type { Outlooks, TileOutlook } from '../model/tile-risks.js';
import { SearchLesson } from './model-update.js';
import { Prospects } from './search-queue.js';

/** A round takes the looks that are expected to take away this part of what is too much, and at least a few: rounds are not free. */
const partPerRound = 0.5;
const leastLooks = 8;
/**
 * On slides of so many tiles, outlooks of tiles that nobody looked at may lag behind what the search teaches of their spread, by this
 * part of how far the loss is above what is allowed, and by the least of these even where the search ends: a spread is never known that
 * well. There, rating all tiles takes most of the time of planning, and rounds teach less and less; on smaller slides it takes no time.
 */
const lag = { tiles: 50_000, ofExcess: 0.1, least: 0.005, most: 0.05 };

/** What a search ended with. */
export type Searched = {
  /** The belief as the search has corrected it. */
  readonly belief: Belief;
  /** The outlooks of all tiles, as that belief has them. */
  readonly views: Outlooks;
  /** The least saving that a look was taken for; Infinity if none was. */
  readonly leastSaving: number;
};

/**
 * Looks until the loss that is risked is at most `allowed` (in the unit of what tiles count), or until `maxCost` would be passed. Begins with
 * what calibration believes, and with the outlooks that follow from it, which it goes on to change.
 */
export function* searchBestFirst(
  board: ScoreBoard,
  calibrated: { readonly belief: Belief; readonly views: Outlooks },
  allowed: number,
  maxCost: number,
): Asking<Searched> {
  const lesson = new SearchLesson(calibrated.belief);
  const prospects = new Prospects(board, calibrated);
  let { belief } = calibrated;
  let leastSaving = Number.POSITIVE_INFINITY;
  for (;;) {
    const risked = riskedLoss(prospects.risked(belief), belief);
    const round =
      risked > allowed ? nextRound(board, prospects, belief, allowed, board.looksWithin(maxCost)) : undefined;
    if (!round || round.looks.length === 0) {
      if (!lagsBehind(board, belief, lesson.belief, 0)) return { belief, views: prospects.views, leastSaving };
      belief = lesson.belief;
      prospects.rateAll(belief);
      continue;
    }
    leastSaving = Math.min(leastSaving, round.leastSaving);
    yield* board.look(round.looks, 'search');
    learnFrom(round, lesson, leastSaving, board);
    const learned = lesson.belief;
    if (lagsBehind(board, belief, learned, risked / allowed - 1)) {
      belief = learned;
      prospects.rateAll(belief);
    } else {
      belief = { ...learned, widening: belief.widening };
      const tiles = round.tiles.map(({ tile }) => tile);
      prospects.rate(tiles, belief);
    }
  }
}

/** Whether outlooks by one belief lag too far behind another, where the loss is `excess` times what is allowed above it. */
function lagsBehind({ tiles }: ScoreBoard, { widening }: Belief, learned: Belief, excess: number): boolean {
  const tolerated = tiles < lag.tiles ? 0 : Math.min(lag.most, Math.max(lag.least, lag.ofExcess * excess));
  return Math.abs(learned.widening / widening - 1) > tolerated;
}

/** Tiles to look at with their outlooks before, the looks that it takes, and the least that one of them is expected to save. */
type Round = {
  readonly tiles: readonly { readonly tile: number; readonly view: TileOutlook }[];
  readonly looks: readonly Look[];
  readonly leastSaving: number;
};

function learnFrom({ tiles }: Round, lesson: SearchLesson, leastSaving: number, board: ScoreBoard): void {
  lesson.startRound(leastSaving);
  for (const { tile, view } of tiles) lesson.learn(tile, view, board.scoresOf(tile));
}

/** The tiles to look at next, those that save most first. */
function nextRound(
  { scores, looked, problem }: ScoreBoard,
  prospects: Prospects,
  belief: Belief,
  allowed: number,
  affordable: number,
): Round {
  const { weights, kappa } = belief;
  const rater = new TileRater(belief.forecast, belief.widening);
  const tiles: Round['tiles'][number][] = [];
  const looks: Look[] = [];
  let leastSaving = Number.POSITIVE_INFINITY;
  let left = prospects.risked(belief);
  const aim = allowed + (1 - partPerRound) * (riskedLoss(left, belief) - allowed);
  for (let tile = prospects.next(); tile >= 0; tile = prospects.next()) {
    const view = rater.outlook(tile, scores, tile * problem.planeCount, looked[tile]);
    const { length } = view.looks;
    // A round of tiles that rounding has left without looks would never end
    if (length === 0 || looks.length + length > affordable) {
      prospects.putBack(tile);
      break;
    }
    tiles.push({ tile, view });
    for (let i = 0; i < length; i++) looks.push({ tile, plane: view.looks[i] });
    leastSaving = Math.min(leastSaving, prospects.saving(tile));
    left = afterLooks(left, view, weights.counted[tile], kappa);
    if (riskedLoss(left, belief) <= aim && looks.length >= leastLooks) break;
  }
  return { tiles, looks, leastSaving };
}
