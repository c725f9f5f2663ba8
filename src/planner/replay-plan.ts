// Replays a planner on a score cube and holds its map against the exhaustive one.
import { type AccuracyEstimate, exactAccuracy } from './accuracy.js';
import { defaultPlanOptions, type PlanOptions } from './plan-options.js';
import { exhaustivePixels, type PlanOutcome, type ProbeReason, probePixels } from './plan-rounds.js';
import { type PlanMethod, planners } from './planners.js';
import { runPlanSync } from './run-plan-sync.js';
import { answerFromCube, type ScoreCube } from './score-cube.js';

export type PlanReplay = {
  readonly outcome: PlanOutcome;
  /** Against all scores of the cube. */
  readonly truth: AccuracyEstimate;
  /** Pixels decoded, in parts of what the exhaustive method decodes, all told and by what they were for. */
  readonly cost: number;
  readonly costs: Readonly<Record<ProbeReason, number>>;
};

export function replayPlan(cube: ScoreCube, method: PlanMethod, options: Partial<PlanOptions>): PlanReplay {
  const { problem } = cube;
  const answer = answerFromCube(cube);
  const costs: Record<ProbeReason, number> = { survey: 0, calibrate: 0, search: 0, audit: 0, blocks: 0 };
  const whole = exhaustivePixels(problem);
  const outcome = runPlanSync(planners[method](problem, { ...defaultPlanOptions, ...options }), (probe) => {
    costs[probe.reason] += probePixels(problem, probe) / whole;
    return answer(probe);
  });
  const { survey, calibrate, search, audit } = costs;
  return { outcome, truth: truthOf(cube, outcome.depthMap.planes), cost: survey + calibrate + search + audit, costs };
}

/** How good planes are, against all scores of the cube; what a slide lacks has no sharpness. */
export function truthOf({ scores, problem }: ScoreCube, planes: ArrayLike<number>): AccuracyEstimate {
  const known = scores.map((score) => (Number.isNaN(score) ? 0 : score));
  return exactAccuracy(known, problem.planeCount, planes);
}
