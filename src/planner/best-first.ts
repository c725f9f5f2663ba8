// Search, best first: the look that is expected to save most is taken next, round by round, until what is still expected to be lost
// is within what is allowed.

import { type Belief, expectedLoss, outlooks, priorEvents } from './belief.js';
import { tileOutlook } from './focus-curve.js';
import type { Asking, Look, ScoreBoard } from './score-board.js';

/** A round takes the looks that are expected to save this part of what is too much, and at least a few: rounds are not free. */
const partPerRound = 0.5;
const leastLooks = 8;
/** What a round before counts. */
const memory = 0.7;

/** What a search ended with. */
export type Searched = {
  /** The least saving that a look was taken for; Infinity if none was. */
  readonly leastSaving: number;
  /** kappa as the search itself learned it: what looks saved over what they were expected to. */
  readonly kappa: number;
};

/**
 * Looks until the expected loss is at most `allowed` (in the unit of countedWhole), or until `maxCost` would be passed. Each round
 * shows how good the forecasts were for tiles just a little worse than those still unknown, and corrects kappa.
 */
export function* searchBestFirst(
  board: ScoreBoard,
  belief: Belief,
  allowed: number,
  maxCost: number,
): Asking<Searched> {
  const { model, weights } = belief;
  const { planeCount } = board.problem;
  const views = outlooks(board, model);
  const lesson = new Lesson(belief.kappa);
  let leastSaving = Number.POSITIVE_INFINITY;
  for (;;) {
    const { kappa } = lesson;
    const excess = expectedLoss(views, { ...belief, kappa }) - allowed;
    const affordable = board.looksWithin(maxCost);
    if (excess <= 0 || affordable === 0) return { leastSaving, kappa };
    const saving = (tile: number) => views[tile].gain * weights.counted[tile];
    const candidates = [...views.keys()]
      .filter((tile) => saving(tile) > 0)
      .sort((a, b) => saving(b) - saving(a) || a - b);
    const looks: Look[] = [];
    const touched: number[] = [];
    let saved = 0;
    for (const tile of candidates) {
      const { looks: planes } = views[tile];
      if (looks.length + planes.length > affordable) break;
      for (const plane of planes) looks.push({ tile, plane });
      touched.push(tile);
      saved += kappa * saving(tile) * planes.length;
      leastSaving = Math.min(leastSaving, saving(tile));
      if (saved >= partPerRound * excess && looks.length >= leastLooks) break;
    }
    if (looks.length === 0) return { leastSaving, kappa };
    yield* board.look(looks, 'search');
    lesson.nextRound();
    for (const tile of touched) {
      const before = views[tile];
      views[tile] = tileOutlook(model, board.scores, planeCount, tile);
      const { scores } = board;
      const known = scores[tile * planeCount + before.plane];
      const found = scores[tile * planeCount + views[tile].plane];
      const counted = weights.counted[tile];
      const expected = before.gain * before.looks.length * counted;
      lesson.learn(expected, (expected * counted * before.secondMoment) / before.loss, (1 - known / found) * counted);
    }
  }
}

/** What the rounds of a search teach about its forecasts; older rounds count less. */
class Lesson {
  readonly #start: number;
  #expected = 0;
  #happened = 0;
  /** Of what is expected, the squares: they tell how large a loss is when there is one. */
  #squares = 0;

  constructor(kappa: number) {
    this.#start = kappa;
  }

  get kappa(): number {
    if (this.#expected === 0) return this.#start;
    const prior = (priorEvents * this.#squares) / this.#expected;
    return (this.#happened + prior * this.#start) / (this.#expected + prior);
  }

  nextRound(): void {
    this.#expected *= memory;
    this.#happened *= memory;
    this.#squares *= memory;
  }

  learn(expected: number, square: number, happened: number): void {
    this.#expected += expected;
    this.#squares += square;
    this.#happened += Math.max(0, happened);
  }
}
