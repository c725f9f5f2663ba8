import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type PlanMethod, planners } from '../../src/planner/planners.js';
import { cubeOf, type ImaginedSlide, slideArbitrary } from '../arbitraries/score-cube.js';
import { isExhaustiveAtTargetOne, lawsOfAnyPlan, neverExceedsMaxCost } from '../laws/planner-laws.js';
import { type Replay, replay } from '../laws/planner-replay.js';

const methods = Object.keys(planners) as PlanMethod[];

/** Laws of one file see the same slides, so that each is planned once. */
const seed = Math.floor(2 ** 31 * Math.random());

/** Any options, those that were met before not planned again. */
const arbitraryOptions = fc.record({
  target: fc.constantFrom(0.9, 0.99, 0.999),
  prove: fc.boolean(),
  seed: fc.nat(99),
});

describe.each(methods)('the %s planner', (method) => {
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
      { seed, numRuns: 100 },
    );
  });

  it('should always be the exhaustive map at target 1, on tiles with content', () => {
    if (method === 'quadtree') return; // looks at what its corners say, whatever the target
    fc.assert(
      fc.property(slideArbitrary(), (slide) => isExhaustiveAtTargetOne(replay(cubeOf(slide), method, { target: 1 }))),
      { numRuns: 50 },
    );
  });

  it('should never cost more than it may', () => {
    if (method === 'exhaustive') return; // costs what it costs
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
