// Options that make no sense are refused before anything is read.
import { SlideError } from '../../errors.js';
import type { PlanOptions } from './plan-options.js';

/** `usage` where an option is out of its range. */
export function checkPlanOptions(options: PlanOptions): void {
  const { target, maxCost, subsample, seed, safety, samplePerRoot, leastSample, mostSample } = options;
  expect(target > 0 && target <= 1, 'target', 'a number above 0, at most 1', target);
  expect(maxCost > 0, 'max-cost', 'a number above 0', maxCost);
  expect([1, 2, 4, 8].includes(subsample), 'subsample', '1, 2, 4 or 8', subsample);
  expect(Number.isSafeInteger(seed), 'seed', 'a whole number', seed);
  expect(safety > 0 && safety <= 1, 'safety', 'a number above 0, at most 1', safety);
  expect(samplePerRoot > 0 && samplePerRoot <= 10, 'samplePerRoot', 'a number above 0, at most 10', samplePerRoot);
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 1;
  expect(isCount(leastSample), 'leastSample', 'a whole number above 0', leastSample);
  expect(isCount(mostSample) && mostSample >= leastSample, 'mostSample', `${leastSample} or more`, mostSample);
}

function expect(holds: boolean, name: string, expected: string, got: unknown): void {
  if (!holds) throw new SlideError('usage', `${name}: expected ${expected}, got ${got}`);
}
