// A few of the emptiest tiles, scored once each: they tell what noise alone gives. A sample by content seldom has any.
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { selectInPlace } from '../numeric/select.js';
import type { SurveyEvidence } from './survey-evidence.js';

/** unmeasured: how many, and spread over which part of the tiles that seem emptiest. */
export const quietTiles = 6;
const quietPart = 0.2;

/** Scores tiles of the emptiest fifth by the evidence, on the plane in the middle; fewer where `maxCost` leaves no room. */
export function* scoreQuietTiles(
  { sources: [{ content }] }: SurveyEvidence,
  table: ScoreTable,
  maxCost: number,
): PlanStep {
  const amounts = content.map((amount) => (Number.isNaN(amount) ? Number.POSITIVE_INFINITY : amount));
  const plane = table.problem.planeCount >> 1;
  const tiles = new Set<number>();
  for (let i = 0; i < quietTiles; i++) {
    const rank = Math.floor(((i + 0.5) / quietTiles) * quietPart * amounts.length);
    tiles.add(amounts.indexOf(selectInPlace(amounts.slice(), rank)));
  }
  const affordable = [...tiles].slice(0, table.looksWithin(maxCost));
  const looks = affordable.map((tile) => ({ tile, plane }));
  yield* table.score(looks, 'calibrate');
}
