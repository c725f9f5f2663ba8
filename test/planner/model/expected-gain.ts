// What scoring a plane is worth: the definition, which tables and rules of the planner are held to.
import { minSpread } from '../../../src/planner/model/rating-rules.js';
import { scaleOfSpread } from '../../../src/planner/numeric/statistics.js';

/**
 * For d of the logistic distribution with the given mean and spread (standard deviation, 0 or more): E[max(0, d)], what trying for d
 * is worth, and P(d > 0).
 */
export function expectedGain(mean: number, spread: number): { readonly gain: number; readonly odds: number } {
  if (spread <= minSpread) return { gain: Math.max(0, mean), odds: mean > 0 ? 1 : 0 };
  const scale = scaleOfSpread * spread;
  const odds = 1 / (1 + Math.exp(-mean / scale));
  return { gain: Math.max(0, mean) + scale * Math.log1p(Math.exp(-Math.abs(mean) / scale)), odds };
}
