import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tileRisk } from '../../../src/planner/model/tile-rater.js';
import { type Curve, curvesOfAllLooks, forecastOf, scoresOf } from './focus-curves.js';

describe('the risk of a tile', () => {
  it('should always be of the sharpest plane seen, else of the one predicted', () => {
    for (const curve of curvesOfAllLooks()) {
      const { plane } = tileRisk(forecastOf(curve), 0, scoresOf(curve));
      const wasScored = curve.seen.some((value) => value !== undefined);
      const sharpness = wasScored ? curve.seen.map((value) => value ?? Number.NEGATIVE_INFINITY) : curve.predicted;
      expect([curve, plane]).toEqual([curve, sharpness.indexOf(Math.max(...sharpness))]);
    }
  });

  it('should never be to score a plane again, nor to doubt where all were scored', () => {
    for (const curve of curvesOfAllLooks()) {
      const { looks, loss, gain, doubt } = tileRisk(forecastOf(curve), 0, scoresOf(curve));
      for (const plane of looks) expect(curve.seen[plane]).toBeUndefined();
      expect(new Set(looks).size).toBe(looks.length);
      for (const number of [loss, gain, doubt]) expect(number).toBeGreaterThanOrEqual(0);
      if (!curve.seen.includes(undefined))
        expect({ loss, gain, doubt, looks }).toEqual({ loss: 0, gain: 0, doubt: 0, looks: [] });
    }
  });

  /** A curve of which nothing was scored. */
  const arbitraryCurve: fc.Arbitrary<Curve> = fc.record({
    predicted: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 9 }),
    seen: fc.constant([]),
    residualVariance: fc.double({ min: 1e-4, max: 1, noNaN: true }),
  });

  it('should always score next where most is to be gained', () => {
    fc.assert(
      fc.property(arbitraryCurve, fc.nat(8), (curve, seenAt) => {
        const seen = curve.predicted.map((_, plane) => (plane === seenAt % curve.predicted.length ? 0 : undefined));
        const once = { ...curve, seen };
        const { looks } = tileRisk(forecastOf(once), 0, scoresOf(once));
        const at = seenAt % curve.predicted.length;
        // By drawing: what a plane gains over the one seen, in the model's own words.
        const gains = curve.predicted.map((predicted, plane) => {
          if (plane === at) return -1;
          const mean = predicted - curve.predicted[at];
          const spread = Math.sqrt(curve.residualVariance * Math.abs(plane - at));
          let sum = 0;
          for (let i = 0; i < 400; i++) {
            const x = -12 + (24 * (i + 0.5)) / 400;
            sum += Math.max(0, mean + spread * x) / Math.cosh((Math.PI * x) / Math.sqrt(12)) ** 2;
          }
          return sum;
        });
        if (Math.max(...gains) > 1e-3) expect(gains[looks[0]]).toBeGreaterThanOrEqual(0.99 * Math.max(...gains));
      }),
    );
  });
});
