// Records one level of a score cube: every tile of every plane, part by part, so that it can stop and go on another time.
import { lastValueFrom, tap } from 'rxjs';
import { type PlanProblem, probedLevel, type TileProbe } from '../planner/contract/plan-rounds.js';
import { type TileBlock, tilesUnder } from '../slide/pyramid.js';
import { tileCount, tileIndex } from '../slide/tile-grid.js';
import { mapBounded } from './map-bounded.js';
import type { ProbeScorer } from './score-probe.js';

/** Stands where nobody has looked yet: no measure is below 0, and NaN is an answer. */
export const unrecorded = -1;

/** A level, every how many pixels of it are scored each way, and the tiles to score (see missingTiles). */
export type RecordedLevel = { readonly level: number; readonly subsample: number; readonly missing: Uint32Array };

export type RecordOptions = {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of tiles of a part when they are scored; the next part waits for it. */
  readonly onPart?: (tiles: number) => Promise<void> | void;
};

/** A level is recorded in this many parts, of this many tiles at least. */
const parts = 32;
const leastPerPart = 1024;

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

/** Scores the tiles `missing` into `numbers`. What was scored when the signal is set stays. Memory: addresses of one part. */
export async function recordLevel(
  problem: PlanProblem,
  { level, subsample, missing }: RecordedLevel,
  score: ProbeScorer,
  numbers: Float64Array,
  { concurrency, signal, onPart }: RecordOptions,
): Promise<void> {
  const perPart = Math.max(leastPerPart, Math.ceil(missing.length / parts));
  for (let start = 0; start < missing.length; start += perPart) {
    const part = Array.from(missing.subarray(start, start + perPart), (slot) =>
      probeOf(problem, level, slot, subsample),
    );
    const answered = mapBounded(part, (probe) => score(probe, signal), concurrency, signal).pipe(
      tap(({ index, result }) => {
        for (const [i, slot] of slotsOf(problem, part[index]).entries()) numbers[slot] = result[i];
      }),
    );
    await lastValueFrom(answered, { defaultValue: undefined });
    await onPart?.(part.length);
  }
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
