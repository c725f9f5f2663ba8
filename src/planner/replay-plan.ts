// Replays a planner on a score cube and holds its map against the exhaustive one.

import { type AccuracyEstimate, exactAccuracy } from './contract/accuracy.js';
import { defaultPlanOptions, type PlanOptions } from './contract/plan-options.js';
import { exhaustivePixels, type PlanOutcome, type ProbeReason, probePixels } from './contract/plan-rounds.js';
import { runPlanSync } from './contract/run-plan-sync.js';
import { answerFromCube, type ScoreCube } from './contract/score-cube.js';
import { type PlanMethod, planners } from './planners.js';

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
  const pixels: Record<ProbeReason, number> = { survey: 0, calibrate: 0, search: 0, audit: 0, blocks: 0 };
  const outcome = runPlanSync(planners[method](problem, { ...defaultPlanOptions, ...options }), (probe) => {
    pixels[probe.reason] += probePixels(problem, probe);
    return answer(probe);
  });
  const exhaustive = exhaustivePixels(problem);
  const share = (count: number) => count / exhaustive;
  const { survey, calibrate, search, audit, blocks } = pixels;
  return {
    outcome,
    truth: truthOf(cube, outcome.depthMap.planes),
    cost: share(survey + calibrate + search + audit),
    costs: {
      survey: share(survey),
      calibrate: share(calibrate),
      search: share(search),
      audit: share(audit),
      blocks: share(blocks),
    },
  };
}

/** How good planes are, against all scores of the cube; what a slide lacks has no sharpness. */
export function truthOf({ scores, problem }: ScoreCube, planes: ArrayLike<number>): AccuracyEstimate {
  const scoresOrZero = scores.map((score) => (Number.isNaN(score) ? 0 : score));
  return exactAccuracy(scoresOrZero, problem.planeCount, planes);
}
