import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquaredQuantile, expectedGain, normalProbability } from '../../../src/planner/numeric/statistics.js';

/** The midpoint rule on a fine grid: slow, and right. */
function integral(of: (x: number) => number, from: number, to: number): number {
  const steps = 20_000;
  const width = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += of(from + (i + 0.5) * width);
  return sum * width;
}

const normalDensity = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** Of the logistic distribution with a standard deviation of 1. */
const logisticDensity = (x: number) => Math.PI / Math.sqrt(48) / Math.cosh((Math.PI * x) / Math.sqrt(12)) ** 2;

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

  it('should always be symmetric', () => {
    fc.assert(
      fc.property(real(-8, 8), (x) => {
        expect(normalProbability(x) + normalProbability(-x)).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('the expected gain', () => {
  it('should always be the mean, and the odds the share, of what is above nothing in a logistic distribution', () => {
    fc.assert(
      fc.property(real(-2, 2), real(0.05, 2), (mean, spread) => {
        const { gain, odds } = expectedGain(mean, spread);
        expect(gain).toBeCloseTo(
          integral((x) => Math.max(0, mean + spread * x) * logisticDensity(x), -25, 25),
          4,
        );
        expect(odds).toBeCloseTo(integral(logisticDensity, Math.max(-25, -mean / spread), 25), 4);
      }),
      { numRuns: 30 },
    );
  });

  it('should never fall with the mean or the spread', () => {
    fc.assert(
      fc.property(real(-3, 3), real(0, 2), real(0, 1), (mean, spread, more) => {
        const { gain } = expectedGain(mean, spread);
        expect(expectedGain(mean + more, spread).gain).toBeGreaterThanOrEqual(gain - 1e-6);
        expect(expectedGain(mean, spread + more).gain).toBeGreaterThanOrEqual(gain - 1e-6);
      }),
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
