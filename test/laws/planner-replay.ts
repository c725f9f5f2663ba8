// Replays a planner on a score cube, synchronously or through streams, and writes down all it asked.
import type { Scheduler } from 'fast-check';
import { answerFromCube, type ScoreCube } from '../../experiments/harness/record/score-cube.js';
import type { PlanCounts } from '../../src/pipeline/plan-counts.js';
import { runPlan } from '../../src/pipeline/run-plan.js';
import { defaultPlanOptions, type PlanOptions } from '../../src/planner/contract/plan-options.js';
import {
  exhaustivePixels,
  type PlanOutcome,
  probePixels,
  type TileProbe,
} from '../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../src/planner/contract/run-plan-sync.js';
import { type PlanMethod, planners } from '../../src/planner/planners.js';

export type Replay = {
  readonly cube: ScoreCube;
  readonly method: PlanMethod;
  readonly options: PlanOptions;
  readonly outcome: PlanOutcome;
  /** All probes, in the order of asking. */
  readonly probes: readonly TileProbe[];
  /** Pixels decoded, in parts of what the exhaustive method decodes. */
  readonly cost: number;
};

/** A planner that asks more than this asks in circles. */
const maxProbes = 100_000;

export function replay(cube: ScoreCube, method: PlanMethod, set: Partial<PlanOptions> = {}): Replay {
  const { options, probes, answer } = recorder(cube, set);
  const outcome = runPlanSync(planners[method](cube.problem, options), answer);
  return { cube, method, options, outcome, probes, cost: costOf(cube, probes) };
}

/** The same through RxJS; the scheduler chooses which answer comes first. */
export async function replayStreams(
  cube: ScoreCube,
  method: PlanMethod,
  set: Partial<PlanOptions>,
  concurrency: number,
  scheduler: Scheduler,
): Promise<Replay & { readonly counts: PlanCounts }> {
  const { options, probes, answer } = recorder(cube, set);
  const score = scheduler.scheduleFunction(async (probe: TileProbe) => answer(probe));
  const running = runPlan(cube.problem, planners[method](cube.problem, options), score, { concurrency });
  const { outcome, counts } = await scheduler.waitFor(running);
  return { cube, method, options, outcome, probes, cost: costOf(cube, probes), counts };
}

function recorder(cube: ScoreCube, set: Partial<PlanOptions>) {
  const answerProbe = answerFromCube(cube);
  const probes: TileProbe[] = [];
  const answer = (probe: TileProbe) => {
    probes.push(probe);
    if (probes.length > maxProbes) throw new Error('the planner asks without end');
    return answerProbe(probe);
  };
  return { options: { ...defaultPlanOptions, ...set }, probes, answer };
}

/** What probes cost, in parts of exhaustive. */
export function costOf({ problem }: ScoreCube, probes: readonly TileProbe[]): number {
  return probes.reduce((sum, probe) => sum + probePixels(problem, probe), 0) / exhaustivePixels(problem);
}

/** Scores as a planner sees them: a tile that a plane lacks has no sharpness there. */
export function seenScores({ scores }: ScoreCube): Float64Array {
  return scores.map((score) => (Number.isNaN(score) ? 0 : score));
}
