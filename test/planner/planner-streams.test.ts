import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TileProbe } from '../../src/planner/contract/plan-rounds.js';
import { type PlanMethod, planners } from '../../src/planner/planners.js';
import { cubeOf, slideArbitrary } from '../arbitraries/score-cube.js';
import { replay, replayStreams } from '../laws/planner-replay.js';

const methods = Object.keys(planners) as PlanMethod[];

/** Slides on which the adaptive planner plans, small enough for a scheduler that shuffles every answer. */
const slides = slideArbitrary({ columns: 7, rows: 6, planeCount: 4 });
const concurrency = fc.integer({ min: 1, max: 16 });
const options = fc.record({
  target: fc.constantFrom(0.9, 0.99, 0.999),
  maxCost: fc.constantFrom(0.3, Number.POSITIVE_INFINITY),
  seed: fc.nat(99),
});

const nameOf = ({ level, plane, row, column, reason }: TileProbe) => [level, plane, row, column, reason].join();

describe.each(methods)('the %s planner, answered by streams', (method) => {
  it('should always ask the same and come to the same outcome as without, whatever comes first', async () => {
    await fc.assert(
      fc.asyncProperty(slides, options, concurrency, fc.scheduler(), async (slide, set, limit, scheduler) => {
        const chosen = method === 'exhaustive' ? { ...set, maxCost: Number.POSITIVE_INFINITY } : set;
        const streamed = await replayStreams(cubeOf(slide), method, chosen, limit, scheduler);
        const { outcome, probes, cost } = replay(cubeOf(slide), method, chosen);
        expect(streamed.outcome).toEqual(outcome);
        expect(streamed.probes.map(nameOf).sort()).toEqual(probes.map(nameOf).sort());
        expect(streamed.cost).toBeCloseTo(cost, 9);
        expect(Object.values(streamed.counts.probes).reduce((sum, count) => sum + count)).toBe(probes.length);
      }),
      { numRuns: 30 },
    );
  });
});
