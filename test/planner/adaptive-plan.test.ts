import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoreCube } from '../../experiments/harness/record/score-cube.js';
import { exactAccuracy } from '../../src/planner/contract/accuracy.js';
import type { PlanOptions } from '../../src/planner/contract/plan-options.js';
import type { ProbeReason } from '../../src/planner/contract/plan-rounds.js';
import { ScoreTable } from '../../src/planner/contract/score-table.js';
import { quietTiles } from '../../src/planner/model/quiet-tiles.js';
import { sampleSize } from '../../src/planner/model/sample.js';
import { cubeOf, type ImaginedSlide } from '../arbitraries/score-cube.js';
import { type EvidencePlan, honesties } from '../arbitraries/score-cube-evidence.js';
import { faults, isBackground, type Surface, shapes } from '../arbitraries/score-cube-surface.js';
import { planSharpest } from '../laws/planner-oracle.js';
import { costOf, type Replay, replay, seenScores } from '../laws/planner-replay.js';

const exactLengths: EvidencePlan = { lengths: 'exact', pixels: 'exact', levels: [1, 2, 3] };
const exactPixels: EvidencePlan = { ...exactLengths, lengths: undefined };

/** A slide of 256 tiles: as many as a scan of 4096 pixels a side has. */
function slideOf(surface: Partial<Surface>, evidence: EvidencePlan): ImaginedSlide {
  const usual: Surface = {
    columns: 16,
    rows: 16,
    planeCount: 7,
    shape: 'gravel',
    fault: 'none',
    background: 0.3,
    halfWidth: 1.5,
    noise: 0.01,
    seed: 1,
  };
  return { surface: { ...usual, ...surface }, evidence, cut: 0, rounding: 'up' };
}

function plan(slide: ImaginedSlide, options: Partial<PlanOptions> = {}): Replay {
  return replay(cubeOf(slide), 'adaptive', options);
}

function trueAccuracy({ cube, outcome }: Replay) {
  return exactAccuracy(seenScores(cube), cube.problem.planeCount, outcome.depthMap.planes);
}

/** What the map keeps of the sharpness of some tiles. */
function retainedOn({ cube, outcome: { depthMap } }: Replay, judged: (tile: number) => boolean): number {
  const scores = seenScores(cube);
  const sharpest = planSharpest(cube);
  let kept = 0;
  let possible = 0;
  for (const [tile, plane] of depthMap.planes.entries()) {
    if (!judged(tile)) continue;
    kept += scores[tile * cube.problem.planeCount + plane];
    possible += scores[tile * cube.problem.planeCount + sharpest[tile]];
  }
  return kept / possible;
}

function costFor({ cube, probes }: Replay, ...reasons: readonly ProbeReason[]): number {
  return costOf(
    cube,
    probes.filter(({ reason }) => reasons.includes(reason)),
  );
}

const anySeed = fc.nat(9999);
const anyShape = fc.constantFrom(...shapes);

describe('where no cost is set', () => {
  const any = fc.record({ lengths: fc.constantFrom(undefined, ...honesties), pixels: fc.constantFrom(...honesties) });
  const levels = fc.constantFrom<number[]>([], [1], [1, 2, 3]);
  const faultOf = fc.constantFrom(...faults);

  it('should never stop short of the target, whatever the evidence, were there none', () => {
    fc.assert(
      fc.property(anySeed, anyShape, any, levels, faultOf, (seed, shape, evidence, depths, fault) => {
        const slide = slideOf({ shape, seed, fault }, { ...evidence, levels: depths });
        const { outcome } = plan(slide, { seed, target: 0.99 });
        expect(outcome.targetMet).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('should only score every tile without evidence where sparse looks miss the target', () => {
    const none: EvidencePlan = { lengths: undefined, pixels: 'exact', levels: [] };
    const calm = plan(slideOf({ shape: 'flat', background: 0, noise: 0 }, none), { target: 0.9 });
    expect(calm.cost).toBeLessThan(0.7);
    const gravel = plan(slideOf({ shape: 'gravel' }, none), { target: 0.999999 });
    expect([gravel.outcome.targetMet, gravel.cost]).toEqual([true, 1]);
    const limited = plan(slideOf({ shape: 'gravel' }, none), { target: 0.999999, maxCost: 0.3 });
    expect(limited.outcome.targetMet).toBe(false);
    expect(limited.cost).toBeLessThanOrEqual(0.3);
  });
});

describe('where the evidence is exact', () => {
  it('should always cost survey, calibration and audit, and no more than as much again for the few looks that tell so', () => {
    fc.assert(
      fc.property(anySeed, anyShape, (seed, shape) => {
        const run = plan(slideOf({ shape, seed }, exactLengths), { seed });
        const sample = sampleSize(new ScoreTable(run.cube.problem, 1), run.options) / 256;
        const quiet = quietTiles / run.cube.scores.length;
        // One draw for calibration, beside the empty tiles that tell noise, and one for the audit: there is no second.
        expect(costFor(run, 'survey')).toBe(0);
        expect(costFor(run, 'calibrate', 'audit')).toBeLessThanOrEqual(2 * sample + quiet + 1e-9);
        // Six tiles can't show that evidence is exact: the smallest margins are scored.
        expect(costFor(run, 'search')).toBeLessThanOrEqual(2.5 * sample);
        expect(trueAccuracy(run).retained).toBeGreaterThanOrEqual(0.999);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an island of one tile', () => {
  it.each([
    ['compressed lengths', exactLengths],
    ['pixels of coarser levels', exactPixels],
  ])('should always be found where %s can see it', (_, evidence) => {
    fc.assert(
      fc.property(anySeed, fc.nat(255), fc.integer({ min: 5, max: 11 }), (seed, place, planeCount) => {
        const slide = slideOf({ shape: 'flat', background: 0, planeCount, seed }, evidence);
        const cube = withIsland(cubeOf(slide), place, planeCount - 1);
        const { outcome } = replay(cube, 'adaptive', { seed });
        expect(outcome.depthMap.planes[place]).toBe(planSharpest(cube)[place]);
      }),
      { numRuns: 40 },
    );
  });
});

/** The slide with one tile at a height of its own, in scores and in all evidence. */
function withIsland(cube: ScoreCube, tile: number, height: number): ScoreCube {
  const { planeCount, lengths } = cube.problem;
  const tiles = cube.scores.length / planeCount;
  const sharpness = (plane: number) => 100 + 900 / (1 + ((plane - height) / 1.5) ** 2);
  const raise = (numbers: Float64Array, slot: (plane: number) => number) => {
    const raised = numbers.slice();
    for (let plane = 0; plane < planeCount; plane++) raised[slot(plane)] = sharpness(plane);
    return raised;
  };
  const byTile = (plane: number) => tile * planeCount + plane;
  return {
    ...cube,
    scores: raise(cube.scores, byTile),
    evidence: new Map(Array.from(cube.evidence, ([level, numbers]) => [level, raise(numbers, byTile)])),
    problem: {
      ...cube.problem,
      lengths: lengths.comparable
        ? { comparable: true, bytes: raise(lengths.bytes, (plane) => plane * tiles + tile) }
        : lengths,
    },
  };
}

describe('stacks that are out of the ordinary', () => {
  const evidences = [exactLengths, exactPixels];
  const odd = faults.flatMap((fault) => evidences.map((evidence) => ({ fault, evidence })));

  it.each(odd)('should always be right: $fault, $evidence.lengths lengths', ({ fault, evidence }) => {
    for (let seed = 0; seed < 6; seed++) {
      const slide = slideOf({ fault, seed }, evidence);
      const run = plan(slide, { seed });
      // A plane of noise is the sharpest of background everywhere, and nobody misses it there
      const judged = fault === 'noise plane' ? (tile: number) => !isBackground(slide.surface, tile) : () => true;
      expect([seed, retainedOn(run, judged) >= 0.997]).toEqual([seed, true]);
      expect(run.cost).toBeLessThanOrEqual(1 + costFor(run, 'survey'));
    }
  });

  it.each([2, 60])('should always be right with %i planes', (planeCount) => {
    for (const evidence of evidences) {
      for (let seed = 0; seed < 3; seed++) {
        const run = plan(slideOf({ planeCount, halfWidth: planeCount / 6, seed }, evidence), { seed });
        expect(trueAccuracy(run).retained).toBeGreaterThanOrEqual(0.997);
      }
    }
  });
});

describe('evidence of any kind', () => {
  const all = honesties.flatMap((lengths) => [
    { lengths, levels: [1, 2, 3] },
    { lengths, levels: [] },
  ]);

  it.each(all)('should never make the report claim what is not so: $lengths lengths, levels $levels', (evidence) => {
    let claimed = 0;
    let kept = 0;
    const runs = 4;
    for (let seed = 0; seed < runs; seed++) {
      const run = plan(slideOf({ seed }, { ...evidence, pixels: 'noisy' }), { seed, target: 0.99 });
      const truth = trueAccuracy(run);
      // Where no tile has content nothing is claimed
      expect(run.outcome.accuracy.tiles === 0).toBe(truth.tiles === 0);
      if (truth.tiles === 0) continue;
      claimed += run.outcome.accuracy.retainedInterval[0] / runs;
      kept += truth.retained / runs;
    }
    // Claims are the lower ends of intervals: on average they are below the truth.
    expect(kept).toBeGreaterThanOrEqual(claimed - 0.001);
  });

  it('should always be told when lengths lie, and be searched by pixels instead', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { outcome } = plan(slideOf({ seed }, { ...exactLengths, lengths: 'lying' }), { seed });
      expect(outcome.evidence?.name).toContain('level 2');
      expect(outcome.notes.join()).toMatch(/lengths mislead .* dropped/);
    }
  });
});

describe('background', () => {
  it('should always be smooth: hardly a seam between tiles that were not scored', () => {
    let seams = 0;
    let noise = 0;
    for (const shape of ['flat', 'tilted', 'stepped', 'gravel'] as const) {
      for (let seed = 0; seed < 8; seed++) {
        const slide = slideOf({ shape, seed, noise: 0.01 }, exactLengths);
        const { planes, looked } = plan(slide, { seed }).outcome.depthMap;
        const sharpest = planSharpest(cubeOf(slide));
        const isQuiet = (tile: number) => isBackground(slide.surface, tile) && looked[tile] === 0;
        for (let tile = 0; tile < planes.length; tile++) {
          for (const other of [tile % 16 < 15 ? tile + 1 : -1, tile + 16 < 256 ? tile + 16 : -1]) {
            if (other < 0 || !isQuiet(tile) || !isQuiet(other)) continue;
            if (planes[tile] !== planes[other]) seams++;
            if (sharpest[tile] !== sharpest[other]) noise++;
          }
        }
      }
    }
    expect(seams / noise).toBeLessThan(0.2);
  });
});

describe('a level to survey', () => {
  it('should never be what a slide is judged by where all of it is scored', () => {
    const slide = slideOf({ columns: 4, rows: 3 }, exactPixels);
    for (const target of [0.999, 1]) {
      const run = plan(slide, { scoreLevel: 1, target });
      expect(costFor(run, 'survey')).toBe(0);
      expect(run.outcome.accuracy).toEqual(trueAccuracy(run));
      expect(run.cost).toBe(1);
    }
  });
});
