import fc from 'fast-check';
import { lastValueFrom, NEVER, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { missingTiles, recordLevel, unrecorded, unrecordedNumbers } from '../../src/pipeline/record-level.js';
import { answerLength, type PlanProblem, type TileProbe } from '../../src/planner/contract/plan-rounds.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';

const tile = { width: 16, height: 16 };
const problem: PlanProblem = {
  level: { level: 0, grid: layTileGrid({ width: 40 * 16, height: 30 * 16 }, tile) },
  coarser: [{ level: 1, grid: layTileGrid({ width: 40 * 8, height: 30 * 8 }, tile) }],
  planeCount: 2,
  lengths: { comparable: false, reason: 'there are none' },
};

/** What a tile is answered: 1 + its place, for each tile of the decision level alike. */
const answer = (probe: TileProbe) =>
  new Float64Array(answerLength(problem, probe)).fill(1 + probe.plane + 2 * (probe.column + 100 * probe.row));

describe('recordLevel', () => {
  it('should always fill every slot and count tiles, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1),
        fc.integer({ min: 1, max: 9 }),
        fc.scheduler(),
        async (level, concurrency, scheduler) => {
          const numbers = unrecordedNumbers(problem);
          const missing = missingTiles(problem, level, numbers);
          const score = scheduler.scheduleFunction(async (probe: TileProbe) => answer(probe));
          const recorded = recordLevel(
            problem,
            { level, subsample: 1, missing },
            score,
            numbers,
            concurrency,
            async () => undefined,
          );
          const told = await scheduler.waitFor(lastValueFrom(recorded.pipe(toArray())));
          expect(told).toEqual(Array.from(missing, (_, i) => i + 1));
          expect(numbers).not.toContain(unrecorded);
          const scale = 2 ** level;
          const at = (row: number, column: number, plane: number) => numbers[2 * (40 * row + column) + plane];
          expect(at(29, 39, 1)).toBe(1 + 1 + 2 * (Math.floor(39 / scale) + 100 * Math.floor(29 / scale)));
          expect(missingTiles(problem, level, numbers)).toHaveLength(0);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('should always wait until a part is saved before it begins the next', async () => {
    const numbers = unrecordedNumbers(problem);
    const missing = missingTiles(problem, 0, numbers);
    let saving = false;
    const saved: number[] = [];
    const save = async () => {
      saving = true;
      await new Promise((resolve) => setTimeout(resolve, 1));
      saved.push(numbers.filter((number) => number !== unrecorded).length);
      saving = false;
    };
    const score = async (probe: TileProbe) => {
      expect(saving).toBe(false);
      return answer(probe);
    };
    await lastValueFrom(recordLevel(problem, { level: 0, subsample: 1, missing }, score, numbers, 8, save));
    expect(saved).toEqual([1024, 2048, 2400]);
  });

  it('should always keep what it has scored when it is left, and score only what is missing the next time', async () => {
    const numbers = unrecordedNumbers(problem);
    const record = (score: Parameters<typeof recordLevel>[2]) =>
      recordLevel(
        problem,
        { level: 0, subsample: 1, missing: missingTiles(problem, 0, numbers) },
        score,
        numbers,
        4,
        async () => undefined,
      );
    const seven = (probe: TileProbe) => (probe.row === 0 && probe.column > 3 ? NEVER : [answer(probe)]);
    await lastValueFrom(record(seven).pipe(take(7)));
    expect(numbers.filter((number) => number !== unrecorded)).toHaveLength(7);
    expect(await lastValueFrom(record(async (probe) => answer(probe)))).toBe(2400 - 7);
    expect(numbers).not.toContain(unrecorded);
  });
});
