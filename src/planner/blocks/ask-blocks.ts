// Asks about the blocks of tiles, and reads the answers.
import type { Level } from '../../slide/pyramid.js';
import {
  blockSideAt,
  choiceHead,
  type PlanProblem,
  type Rounds,
  shownBlocks,
  type TileProbe,
} from '../contract/plan-rounds.js';
import type { ScoredBlocks } from './choose-blocks.js';
import { type TileChoice, unpackChoice } from './decide-tile.js';

type Place = { readonly row: number; readonly column: number };

/** A tile's blocks on one level, scored on every plane that has it. */
export type BlockStack = ScoredBlocks & {
  /** Mean luma [candidate][block], 0 to 255. */
  readonly luma: readonly Float64Array[];
};

/** Numbers of a round at most, 8 bytes each: 16 MB; unmeasured. */
const roundNumbers = 2 ** 21;

/** Scores the blocks of tiles of a level on all planes; all in one round, so that `places` should be few. */
export function* askStacks(problem: PlanProblem, at: Level, places: readonly Place[]): Rounds<BlockStack[]> {
  const { planeCount } = problem;
  const side = blockSideAt(problem, at);
  const planes = Array.from({ length: planeCount }, (_, plane) => plane);
  const answers = yield places.flatMap((place) =>
    planes.map((plane): TileProbe => ({ ...probeOf(at, place), plane, blocks: { ask: 'scores' } })),
  );
  let start = 0;
  const next = (count: number) => {
    start += count;
    return answers.subarray(start - count, start);
  };
  return places.map((place) => {
    const { columns, rows, count } = shownBlocks(at, place, side);
    // A plane that lacks the tile has no numbers
    const known = planes
      .map((plane) => ({ plane, scores: next(count), luma: next(count) }))
      .filter(({ scores }) => !Number.isNaN(scores[0]));
    return {
      columns,
      rows,
      planes: known.map(({ plane }) => plane),
      scores: known.map(({ scores }) => scores),
      luma: known.map(({ luma }) => luma),
    };
  });
}

/** What a tile above the decision level is asked: the planes of the tiles below it so far, row-major. */
export type ShortlistQuestion = Place & { readonly own: readonly number[] };

/** Asks which planes are worth a look below tiles of a coarser level; the answers, [tile below][plane], in the order of the questions. */
export function* askShortlists(
  problem: PlanProblem,
  above: Level,
  questions: readonly ShortlistQuestion[],
  noise: number,
): Rounds<Float64Array[]> {
  const { planeCount } = problem;
  const found: Float64Array[] = [];
  for (const round of inRounds(questions, ({ own }) => own.length * planeCount)) {
    const answers = yield round.map(({ own, ...place }) => {
      return { ...probeOf(above, place), blocks: { ask: 'shortlist', own, noise } };
    });
    let start = 0;
    for (const { own } of round) {
      found.push(answers.slice(start, start + own.length * planeCount));
      start += own.length * planeCount;
    }
  }
  return found;
}

/** What a tile is asked: its planes in play, ascending, and its own so far. */
export type ChoiceQuestion = { readonly tile: number; readonly planes: readonly number[]; readonly own: number };

/** Asks tiles to choose among planes; `take` is given what each chose, undefined where no plane has it. */
export function* askChoices(
  { level }: PlanProblem,
  questions: readonly ChoiceQuestion[],
  noise: number,
  take: (question: ChoiceQuestion, choice: TileChoice | undefined) => void,
): Rounds<void> {
  const { columns } = level.grid;
  const placeOf = (tile: number) => ({ row: Math.floor(tile / columns), column: tile % columns });
  const sizeOf = (tile: number) => choiceHead + shownBlocks(level, placeOf(tile)).count;
  for (const round of inRounds(questions, ({ tile }) => sizeOf(tile))) {
    const answers = yield round.map(({ tile, planes, own }) => {
      return { ...probeOf(level, placeOf(tile)), plane: planes[0], blocks: { ask: 'choice', planes, own, noise } };
    });
    let start = 0;
    for (const question of round) {
      const size = sizeOf(question.tile);
      take(question, unpackChoice(answers.subarray(start, start + size)));
      start += size;
    }
  }
}

function probeOf({ level }: Level, { row, column }: Place) {
  return { level, plane: 0, row, column, subsample: 1, reason: 'blocks' } as const;
}

/** Questions by the round, so that the answers of none have more than `roundNumbers`. */
function* inRounds<Question>(
  questions: readonly Question[],
  sizeOf: (question: Question) => number,
): Generator<readonly Question[]> {
  let round: Question[] = [];
  let numbers = 0;
  for (const question of questions) {
    const size = sizeOf(question);
    if (numbers + size > roundNumbers && round.length > 0) {
      yield round;
      round = [];
      numbers = 0;
    }
    round.push(question);
    numbers += size;
  }
  if (round.length > 0) yield round;
}
