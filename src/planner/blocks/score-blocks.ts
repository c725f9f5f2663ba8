// Asks for the blocks of tiles, on the planes in play in each.

import { type PlanProblem, type Rounds, shownBlocks, type TileProbe } from '../contract/plan-rounds.js';
import type { BlockCandidates } from './block-candidates.js';
import type { ScoredBlocks } from './choose-blocks.js';

/** Most probes a round: bounds the scores held at once to 16 MB, for tiles of 256 pixels. */
const roundProbes = 4096;

/** Tiles by the round, so that no round has more than `roundProbes` probes. */
export function* roundsOf(tiles: readonly number[], { planesOf }: BlockCandidates): Generator<readonly number[]> {
  let round: number[] = [];
  let probes = 0;
  for (const tile of tiles) {
    const { length } = planesOf(tile);
    if (probes + length > roundProbes && probes > 0) {
      yield round;
      round = [];
      probes = 0;
    }
    round.push(tile);
    probes += length;
  }
  if (probes > 0) yield round;
}

/** Scores the blocks of tiles on the planes in play. */
export function* scoreBlocks(
  { level }: PlanProblem,
  { planesOf }: BlockCandidates,
  tiles: readonly number[],
): Rounds<ScoredBlocks[]> {
  const { columns } = level.grid;
  const asked = tiles.map((tile) => {
    const place = { row: Math.floor(tile / columns), column: tile % columns };
    return { tile, planes: planesOf(tile), place, shown: shownBlocks(level, place) };
  });
  const answers = yield asked.flatMap(({ planes, place }) =>
    planes.map((plane): TileProbe => {
      return { level: level.level, plane, ...place, subsample: 1, reason: 'blocks', grain: 'block' };
    }),
  );
  let at = 0;
  const next = (count: number) => {
    at += count;
    return answers.subarray(at - count, at);
  };
  return asked.map(({ tile, planes, shown: { columns: across, rows, count } }) => {
    // A plane that lacks the tile has no numbers
    const known = planes
      .map((plane) => ({ plane, scores: next(count), luma: next(count) }))
      .filter(({ scores }) => !Number.isNaN(scores[0]));
    return {
      tile,
      columns: across,
      rows,
      planes: known.map(({ plane }) => plane),
      scores: known.map(({ scores }) => scores),
      luma: known.map(({ luma }) => luma),
    };
  });
}
