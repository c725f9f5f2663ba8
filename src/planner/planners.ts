// The registry of planning methods: one line each.
import { adaptivePlan } from './adaptive-plan.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import { quadtreePlan } from './quadtree-plan.js';

export type Planner = (problem: PlanProblem, options: PlanOptions) => PlanRounds;

export const planners = {
  adaptive: adaptivePlan,
  quadtree: quadtreePlan,
  exhaustive: exhaustivePlan,
} as const satisfies Record<string, Planner>;

export type PlanMethod = keyof typeof planners;
