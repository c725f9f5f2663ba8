import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type PlanMethod, planners } from '../../src/planner/planners.js';
import { cubeOf, type ImaginedSlide, slideArbitrary } from '../arbitraries/score-cube.js';
import { isExhaustiveAtTargetOne, lawsOfAnyPlan, neverExceedsMaxCost } from '../laws/planner-laws.js';
import { type Replay, replay } from '../laws/planner-replay.js';

const methods = Object.keys(planners) as PlanMethod[];

/** Any options; those that tests are about are set there. */
const arbitraryOptions = fc.record({
  target: fc.constantFrom(0.9, 0.99, 0.999),
  prove: fc.boolean(),
  seed: fc.nat(99),
});

describe.each(methods)('the %s planner', (method) => {
  // Every law sees the same slides, since their seed is that of all properties: each is planned once
  const replays = new Map<string, Replay>();
  const replayOnce = (slide: ImaginedSlide, options: Parameters<typeof replay>[2]) => {
    const key = JSON.stringify([slide, options]);
    const replayed = replays.get(key) ?? replay(cubeOf(slide), method, options);
    replays.set(key, replayed);
    return replayed;
  };

  it.each(Object.entries(lawsOfAnyPlan))('should %s', (_, law) => {
    fc.assert(
      fc.property(slideArbitrary(), arbitraryOptions, (slide, options) => law(replayOnce(slide, options))),
      { numRuns: 100 },
    );
  });
});

// The exhaustive planner costs what it costs
describe.each(['adaptive', 'quadtree'] as const)('the %s planner', (method) => {
  it('should never cost more than it may', () => {
    const maxCost = fc.double({ min: 0.001, max: 1.2, noNaN: true });
    fc.assert(
      fc.property(slideArbitrary(), arbitraryOptions, maxCost, (slide, options, maxCost) => {
        const limited = replay(cubeOf(slide), method, { ...options, maxCost });
        for (const law of [neverExceedsMaxCost, ...Object.values(lawsOfAnyPlan)]) law(limited);
      }),
      { numRuns: 100 },
    );
  });
});

// The quadtree planner scores what its corners say, whatever the target; the exhaustive one has none
describe('the adaptive planner', () => {
  it('should always give the exhaustive map at target 1, on tiles with content', () => {
    fc.assert(
      fc.property(slideArbitrary(), (slide) =>
        isExhaustiveAtTargetOne(replay(cubeOf(slide), 'adaptive', { target: 1 })),
      ),
      { numRuns: 50 },
    );
  });
});
