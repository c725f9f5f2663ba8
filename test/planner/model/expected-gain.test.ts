import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integral } from '../numeric/integral.js';
import { expectedGain } from './expected-gain.js';

/** Of the logistic distribution with a standard deviation of 1. */
const logisticDensity = (x: number) => Math.PI / Math.sqrt(48) / Math.cosh((Math.PI * x) / Math.sqrt(12)) ** 2;

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

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
