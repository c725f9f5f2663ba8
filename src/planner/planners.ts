// The registry of planning methods: one line each.
import { adaptivePlan } from './adaptive-plan.js';
import type { PlanMethod, PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import { quadtreePlan } from './quadtree-plan.js';

export type { PlanMethod };

export type Planner = (problem: PlanProblem, options: PlanOptions) => PlanRounds;

export const planners: Readonly<Record<PlanMethod, Planner>> = {
  adaptive: adaptivePlan,
  quadtree: quadtreePlan,
  exhaustive: exhaustivePlan,
};
