import { describe, expect, it } from 'vitest';
import { conditionOnScores } from '../../../src/planner/model/condition-on-scores.js';
import { curvesOfAllLooks, forecastOf, scoresOf } from './focus-curves.js';

/** Mean and variance of a Brownian motion at a plane, given its values at others, by solving for it: slow, and general. */
function conditioned(points: readonly (readonly [plane: number, value: number])[], plane: number) {
  // Measured from the first point the walk has covariance min(s, t) on each side, and both sides are independent.
  const [[start, first], ...others] = points;
  const covariance = (a: number, b: number) => (a * b <= 0 ? 0 : Math.min(Math.abs(a), Math.abs(b)));
  const at = plane - start;
  const places = others.map(([other]) => other - start);
  const matrix = places.map((a) => places.map((b) => covariance(a, b)));
  const weights = solve(
    matrix,
    places.map((a) => covariance(a, at)),
  );
  const mean = first + weights.reduce((sum, weight, i) => sum + weight * (others[i][1] - first), 0);
  return { mean, variance: covariance(at, at) - weights.reduce((sum, w, i) => sum + w * covariance(places[i], at), 0) };
}

function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const best = rows.slice(pivot).reduce((a, b) => (Math.abs(b[pivot]) > Math.abs(a[pivot]) ? b : a));
    const from = rows.indexOf(best);
    [rows[pivot], rows[from]] = [rows[from], rows[pivot]];
    for (let row = 0; row < rows.length; row++) {
      if (row === pivot) continue;
      const factor = rows[row][pivot] / rows[pivot][pivot];
      rows[row] = rows[row].map((value, i) => value - factor * rows[pivot][i]);
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}

describe('the expected focus curve', () => {
  it('should always be the forecast, corrected by a Brownian motion through what was seen', () => {
    for (const curve of curvesOfAllLooks()) {
      const expected = forecastOf(curve).logF.slice();
      conditionOnScores(expected, scoresOf(curve), [0], expected.length);
      const scored = curve.seen.flatMap((value, plane) =>
        value === undefined ? [] : [[plane, value - curve.predicted[plane]] as const],
      );
      for (const [plane, predicted] of curve.predicted.entries()) {
        const slow = scored.length === 0 ? predicted : predicted + conditioned(scored, plane).mean;
        expect(expected[plane]).toBeCloseTo(slow, 6);
      }
    }
  });
});
