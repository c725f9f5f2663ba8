// Records one level of a score cube: every tile of every plane, part by part, so that it can stop and go on another time.
import { concat, concatMap, defer, ignoreElements, map, type Observable, range, scan } from 'rxjs';
import { type PlanProblem, probedLevel, type TileProbe } from '../planner/contract/plan-rounds.js';
import { type TileBlock, tilesUnder } from '../slide/pyramid.js';
import { tileCount, tileIndex } from '../slide/tile-grid.js';
import { mapBounded } from './map-bounded.js';
import type { Scorer } from './run-plan.js';

/** Stands where nobody has looked yet: no measure is below 0, and NaN is an answer. */
export const unrecorded = -1;

/** A level, every how many pixels of it are scored each way, and the tiles to score (see missingTiles). */
export type RecordedLevel = { readonly level: number; readonly subsample: number; readonly missing: Uint32Array };

/** A level is recorded in this many parts, of this many tiles at least. */
const parts = 32;
const minPerPart = 1024;

/** What a level holds before it is recorded: [tile of the decision level][plane]. */
export function unrecordedNumbers({ level, planeCount }: PlanProblem): Float64Array {
  return new Float64Array(tileCount(level.grid) * planeCount).fill(unrecorded);
}

/** Which tiles of a level `numbers` does not hold yet, as tile x planes + plane. Memory: four bytes each. */
export function missingTiles(problem: PlanProblem, level: number, numbers: Float64Array): Uint32Array {
  const { grid } = probedLevel(problem, { level } as TileProbe);
  const all = Uint32Array.from({ length: tileCount(grid) * problem.planeCount }, (_, slot) => slot);
  return all.filter((slot) =>
    slotsOf(problem, probeOf(problem, level, slot, 1)).some((part) => numbers[part] === unrecorded),
  );
}

/**
 * Scores the tiles `missing` into `numbers` and emits how many it has scored so far; what it has when the stream is left stays. `save` is
 * waited for after each part, before the next begins. Memory: addresses of one part.
 */
export function recordLevel(
  problem: PlanProblem,
  { level, subsample, missing }: RecordedLevel,
  score: Scorer,
  numbers: Float64Array,
  concurrency: number,
  save: () => Promise<void>,
): Observable<number> {
  const perPart = Math.max(minPerPart, Math.ceil(missing.length / parts));
  const scorePart = (index: number) => {
    const slots = missing.subarray(index * perPart, (index + 1) * perPart);
    const part = Array.from(slots, (slot) => probeOf(problem, level, slot, subsample));
    return mapBounded(part, score, concurrency).pipe(
      map(({ index, result }) => {
        for (const [i, slot] of slotsOf(problem, part[index]).entries()) numbers[slot] = result[i];
      }),
    );
  };
  return range(0, Math.ceil(missing.length / perPart)).pipe(
    concatMap((index) => concat(scorePart(index), defer(save).pipe(ignoreElements()))),
    scan((tiles) => tiles + 1, 0),
  );
}

function probeOf(problem: PlanProblem, level: number, slot: number, subsample: number): TileProbe {
  const { planeCount } = problem;
  const { columns } = probedLevel(problem, { level } as TileProbe).grid;
  const tile = Math.floor(slot / planeCount);
  const place = { row: Math.floor(tile / columns), column: tile % columns, plane: slot % planeCount };
  return { ...place, level, subsample, reason: 'survey' };
}

/** Where the numbers of a probe go, in the order of its answer. */
function slotsOf(problem: PlanProblem, probe: TileProbe): number[] {
  const { level: decision, planeCount } = problem;
  const block = tilesOf(problem, probe);
  const slots: number[] = [];
  for (let row = block.row; row < block.rowEnd; row++) {
    for (let column = block.column; column < block.columnEnd; column++) {
      slots.push(tileIndex(decision.grid, row, column) * planeCount + probe.plane);
    }
  }
  return slots;
}

function tilesOf(problem: PlanProblem, probe: TileProbe): TileBlock {
  const { row, column } = probe;
  const level = probedLevel(problem, probe);
  if (level === problem.level) return { row, column, rowEnd: row + 1, columnEnd: column + 1 };
  return tilesUnder(problem.level, level, row, column);
}
