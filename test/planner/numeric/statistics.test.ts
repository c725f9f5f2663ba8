import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquaredQuantile, normalProbability } from '../../../src/planner/numeric/statistics.js';
import { integral } from './integral.js';

const normalDensity = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('the normal distribution', () => {
  it('should always be the integral of its density', () => {
    fc.assert(
      fc.property(real(-6, 6), (x) => {
        expect(normalProbability(x)).toBeCloseTo(integral(normalDensity, -10, x), 6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('quantiles of chi-squared', () => {
  it('should always be those in the tables', () => {
    const quantiles = [
      [0.025, 1, 0.000982],
      [0.975, 1, 5.0239],
      [0.95, 2, 5.9915],
      [0.025, 10, 3.247],
      [0.975, 10, 20.4832],
      [0.975, 100, 129.5612],
    ];
    for (const [probability, freedom, value] of quantiles) {
      expect(chiSquaredQuantile(probability, freedom) / value).toBeCloseTo(1, 3);
    }
  });

  it('should always enclose as much of the density as is asked for', () => {
    fc.assert(
      fc.property(real(0.01, 0.99), real(2, 30), (probability, freedom) => {
        const raw = (x: number) => x ** (freedom / 2 - 1) * Math.exp(-x / 2);
        const end = chiSquaredQuantile(probability, freedom);
        expect(integral(raw, 0, end) / integral(raw, 0, freedom + 40 * Math.sqrt(freedom))).toBeCloseTo(probability, 3);
      }),
      { numRuns: 20 },
    );
  });
});
