// Planners replayed on score cubes.
export { type PlanReplay, replayPlan, truthOf } from '../../src/planner/replay-plan.js';
