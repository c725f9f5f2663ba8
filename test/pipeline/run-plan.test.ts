import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { SlideError } from '../../src/errors.js';
import { runPlan } from '../../src/pipeline/run-plan.js';
import { defaultPlanOptions } from '../../src/planner/contract/plan-options.js';
import { answerLength, type PlanProblem, probePixels, type TileProbe } from '../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../src/planner/contract/run-plan-sync.js';
import { type PlanMethod, planners } from '../../src/planner/planners.js';
import type { Level } from '../../src/slide/pyramid.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const methods = Object.keys(planners) as PlanMethod[];

const arbitrarySlide = fc.record({
  width: fc.integer({ min: 16, max: 90 }),
  height: fc.integer({ min: 16, max: 70 }),
  planes: fc.integer({ min: 1, max: 4 }),
  levels: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});

type Slide = { width: number; height: number; planes: number; levels: number; seed: number };

function problemOf({ width, height, planes, levels }: Slide): PlanProblem {
  const tile = { width: 16, height: 16 };
  const all: Level[] = Array.from({ length: levels }, (_, level) => ({
    level,
    grid: layTileGrid({ width: Math.max(1, width >> level), height: Math.max(1, height >> level) }, tile),
  }));
  const [level, ...coarser] = all;
  return { level, coarser, planeCount: planes, lengths: { comparable: false, reason: 'there are none' } };
}

/** Scores that depend on nothing but the question. */
function answer(problem: PlanProblem, seed: number, probe: TileProbe): Float64Array {
  const { level, plane, row, column } = probe;
  const random = seeded(seed + 7919 * (level + 31 * (plane + 31 * (row + 31 * column))));
  return Float64Array.from({ length: answerLength(problem, probe) }, () => 100 * random());
}

describe.each(methods)('running the %s plan from streams', (method) => {
  it('should always come to the same map, whatever the order of arrival and the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitrarySlide,
        fc.integer({ min: 1, max: 9 }),
        fc.scheduler(),
        async (slide, concurrency, scheduler) => {
          const problem = problemOf(slide);
          const score = scheduler.scheduleFunction(async (probe: TileProbe) => answer(problem, slide.seed, probe));
          const running = runPlan(problem, planners[method](problem, defaultPlanOptions), score, { concurrency });
          const { outcome } = await scheduler.waitFor(running);
          const expected = runPlanSync(planners[method](problem, defaultPlanOptions), (probe) =>
            answer(problem, slide.seed, probe),
          );
          expect(outcome).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('should always count what it asked', async () => {
    const problem = problemOf({ width: 80, height: 50, planes: 3, levels: 2, seed: 5 });
    const asked: TileProbe[] = [];
    const rounds: number[] = [];
    const score = async (probe: TileProbe) => {
      asked.push(probe);
      return answer(problem, 5, probe);
    };
    const { counts } = await runPlan(problem, planners[method](problem, defaultPlanOptions), score, {
      concurrency: 4,
      onEvent: (event) => event.type === 'round' && rounds.push(event.probes),
    });
    expect(Object.values(counts.probes).reduce((a, b) => a + b)).toBe(asked.length);
    expect(counts.pixelsDecoded).toBe(asked.reduce((sum, probe) => sum + probePixels(problem, probe), 0));
    expect([counts.rounds, rounds.reduce((a, b) => a + b, 0)]).toEqual([rounds.length, asked.length]);
  });
});

describe('runPlan', () => {
  const problem = problemOf({ width: 80, height: 80, planes: 3, levels: 1, seed: 1 });
  const plan = () => planners.exhaustive(problem, defaultPlanOptions);

  it('should always fail with the failure of a tile, whatever is still under way', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(74),
        fc.integer({ min: 1, max: 9 }),
        fc.scheduler(),
        async (bad, concurrency, scheduler) => {
          let asked = 0;
          const score = scheduler.scheduleFunction(async (probe: TileProbe) => {
            if (asked++ >= bad) throw new SlideError('damaged', 'a bad tile', probe);
            return answer(problem, 1, probe);
          });
          const failure = await scheduler.waitFor(
            runPlan(problem, plan(), score, { concurrency }).catch((error: unknown) => error),
          );
          expect(failure).toMatchObject({ code: 'damaged', problem: 'a bad tile' });
          await scheduler.waitIdle();
        },
      ),
      { numRuns: 30 },
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should always end when told to stop, though no tile ever comes', async () => {
    const controller = new AbortController();
    const running = runPlan(problem, plan(), () => new Promise(() => undefined), {
      concurrency: 3,
      signal: controller.signal,
    });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});
