// Records one level of a score cube: every tile of every plane, part by part, so that it can stop and go on another time.
import { lastValueFrom, tap } from 'rxjs';
import { type PlanProblem, probedLevel, type TileProbe } from '../planner/plan-rounds.js';
import { type TileBlock, tilesUnder } from '../slide/pyramid.js';
import { tileCount, tileIndex } from '../slide/tile-grid.js';
import { mapBounded } from './map-bounded.js';
import type { ProbeScorer } from './score-probe.js';

/** Stands where nobody has looked yet: no measure is below 0, and NaN is an answer. */
export const unrecorded = -1;

export type RecordOptions = {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of probes of a part when they are answered; the next part waits for it. */
  readonly onPart?: (probes: number) => Promise<void> | void;
};

/** A level is recorded in this many parts, of this many probes at least. */
const parts = 32;
const leastPerPart = 1024;

/** What a level holds before it is recorded: [tile of the decision level][plane]. */
export function unrecordedNumbers({ level, planeCount }: PlanProblem): Float64Array {
  return new Float64Array(tileCount(level.grid) * planeCount).fill(unrecorded);
}

/** All that there is to ask of a level and that `numbers` does not hold yet. */
export function missingProbes(
  problem: PlanProblem,
  level: number,
  subsample: number,
  numbers: Float64Array,
): TileProbe[] {
  const { planeCount } = problem;
  const { grid } = probedLevel(problem, { level } as TileProbe);
  const all = Array.from({ length: tileCount(grid) * planeCount }, (_, i): TileProbe => {
    const tile = Math.floor(i / planeCount);
    const place = { row: Math.floor(tile / grid.columns), column: tile % grid.columns, plane: i % planeCount };
    return { ...place, level, subsample, reason: 'survey' };
  });
  return all.filter((probe) => slotsOf(problem, probe).some((slot) => numbers[slot] === unrecorded));
}

/** Answers `probes` into `numbers`. What was answered when the signal is set stays. Memory: addresses of one part. */
export async function recordLevel(
  problem: PlanProblem,
  probes: readonly TileProbe[],
  score: ProbeScorer,
  numbers: Float64Array,
  { concurrency, signal, onPart }: RecordOptions,
): Promise<void> {
  const perPart = Math.max(leastPerPart, Math.ceil(probes.length / parts));
  for (let start = 0; start < probes.length; start += perPart) {
    const part = probes.slice(start, start + perPart);
    const answered = mapBounded(part, (probe) => score(probe, signal), concurrency, signal).pipe(
      tap(({ index, result }) => {
        for (const [i, slot] of slotsOf(problem, part[index]).entries()) numbers[slot] = result[i];
      }),
    );
    await lastValueFrom(answered, { defaultValue: undefined });
    await onPart?.(part.length);
  }
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
