// The registry of planning methods: one line each.
import { adaptivePlan } from './adaptive-plan.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import type { PlanOptions } from './plan-options.js';
import type { PlanProblem, PlanRounds } from './plan-rounds.js';
import { quadtreePlan } from './quadtree-plan.js';

export type Planner = (problem: PlanProblem, options: PlanOptions) => PlanRounds;

export const planners = {
  adaptive: adaptivePlan,
  quadtree: quadtreePlan,
  exhaustive: exhaustivePlan,
} as const satisfies Record<string, Planner>;

export type PlanMethod = keyof typeof planners;
