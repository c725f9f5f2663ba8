// Ways to plan a slide: every method, and the adaptive one with each evidence switched off in turn.
import type { exactAccuracy } from '../../../src/planner/contract/accuracy.js';
import type { PlanOptions } from '../../../src/planner/contract/plan-options.js';
import { exhaustivePixels, type ProbeReason } from '../../../src/planner/contract/plan-rounds.js';
import { strongestPlane } from '../../../src/planner/model/evidence.js';
import type { PlanMethod } from '../../../src/planner/planners.js';
import { replayPlan, truthOf } from '../../../src/planner/replay-plan.js';
import { tileCount, tilePixels } from '../../../src/slide/tile-grid.js';
import { byTile } from './by-tile.js';
import { type ScoreCube, withoutLengths } from './score-cube.js';

export type VariantRun = {
  readonly truth: ReturnType<typeof exactAccuracy>;
  readonly cost: number;
  readonly costs: Readonly<Record<ProbeReason, number>>;
};

export type Variant = {
  readonly name: string;
  /** Whether the target changes what it does. */
  readonly targeted: boolean;
  /** Undefined where the slide lacks what it takes. */
  readonly run: (cube: ScoreCube, options: Partial<PlanOptions>) => VariantRun | undefined;
};

function planned(
  name: string,
  method: PlanMethod,
  change: (cube: ScoreCube) => ScoreCube,
  scoreLevel?: number,
): Variant {
  return {
    name,
    targeted: method === 'adaptive',
    run: (cube, options) => {
      if (scoreLevel !== undefined && !cube.evidence.has(scoreLevel)) return undefined;
      const recorded = withoutLevels(cube, (level) => cube.evidence.has(level));
      return replayPlan(change(recorded), method, { ...options, scoreLevel });
    },
  };
}

/** The plane of strongest evidence, no look taken. */
function alone(
  name: string,
  evidenceOf: (cube: ScoreCube) => { numbers: Float64Array; cost: number } | undefined,
): Variant {
  return {
    name,
    targeted: false,
    run: (cube) => {
      const evidence = evidenceOf(cube);
      if (!evidence) return undefined;
      const { planeCount } = cube.problem;
      const planes = Array.from({ length: evidence.numbers.length / planeCount }, (_, tile) =>
        Math.max(0, strongestPlane(evidence.numbers, planeCount, tile)),
      );
      const costs = { survey: evidence.cost, calibrate: 0, search: 0, audit: 0, blocks: 0 };
      return { truth: truthOf(cube, planes), cost: evidence.cost, costs };
    },
  };
}

function levelEvidence(level: number) {
  return ({ problem, evidence }: ScoreCube) => {
    const numbers = evidence.get(level);
    const found = problem.coarser.find((other) => other.level === level);
    if (!numbers || !found) return undefined;
    const pixels = tileCount(found.grid) * tilePixels(found.grid) * problem.planeCount;
    return { numbers, cost: pixels / exhaustivePixels(problem) };
  };
}

function withoutLevels(cube: ScoreCube, isLeft: (level: number) => boolean): ScoreCube {
  const coarser = cube.problem.coarser.filter(({ level }) => isLeft(level));
  return { ...cube, problem: { ...cube.problem, coarser } };
}

/** Lengths as if every plane had been compressed with another quality, and nobody could tell. */
function withUnevenQuality(cube: ScoreCube): ScoreCube {
  const { lengths, planeCount } = cube.problem;
  if (!lengths.comparable) return cube;
  const tiles = lengths.bytes.length / planeCount;
  const bytes = lengths.bytes.map((length, i) => length * (1 + 0.25 * ((Math.floor(i / tiles) * 5) % 3)));
  return { ...cube, problem: { ...cube.problem, lengths: { comparable: true, bytes } } };
}

const same = (cube: ScoreCube) => cube;

export const everything = 'adaptive';
export const noLengths = 'adaptive, no lengths';

export const variants: readonly Variant[] = [
  planned(everything, 'adaptive', same),
  planned(noLengths, 'adaptive', withoutLengths),
  planned('no lengths, no recursion', 'adaptive', (cube) => withoutLevels(withoutLengths(cube), (level) => level <= 2)),
  planned('no lengths, survey of level 1', 'adaptive', withoutLengths, 1),
  planned('no lengths, survey of level 3', 'adaptive', withoutLengths, 3),
  planned('lengths, no pyramid', 'adaptive', (cube) => withoutLevels(cube, () => false)),
  planned('lengths of uneven quality', 'adaptive', withUnevenQuality),
  planned('no evidence at all', 'adaptive', (cube) => withoutLevels(withoutLengths(cube), () => false)),
  planned('quadtree', 'quadtree', same),
  alone('lengths alone', ({ problem: { lengths, planeCount } }) =>
    lengths.comparable ? { numbers: byTile(lengths.bytes, planeCount), cost: 0 } : undefined,
  ),
  alone('level 1 alone', levelEvidence(1)),
  alone('level 2 alone', levelEvidence(2)),
  alone('level 3 alone', levelEvidence(3)),
  planned('exhaustive', 'exhaustive', same),
];
