// Options that make no sense are refused before anything is read.
import { SlideError } from '../errors.js';
import type { PlanOptions } from './plan-options.js';

/** `usage` where an option is out of its range. */
export function checkPlanOptions({ target, maxCost, subsample, seed }: PlanOptions): void {
  expect(target > 0 && target <= 1, 'target', 'a number above 0, at most 1', target);
  expect(maxCost > 0, 'max-cost', 'a number above 0', maxCost);
  expect([1, 2, 4, 8].includes(subsample), 'subsample', '1, 2, 4 or 8', subsample);
  expect(Number.isSafeInteger(seed), 'seed', 'a whole number', seed);
}

function expect(holds: boolean, name: string, expected: string, got: unknown): void {
  if (!holds) throw new SlideError('usage', `${name}: expected ${expected}, got ${got}`);
}
