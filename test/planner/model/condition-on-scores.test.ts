import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionOnScores } from '../../../src/planner/model/condition-on-scores.js';
import { tileRisk } from '../../../src/planner/model/tile-rater.js';

type Curve = {
  readonly predicted: readonly number[];
  readonly seen: readonly (number | undefined)[];
  readonly residualVariance: number;
};

const arbitraryCurve: fc.Arbitrary<Curve> = fc.integer({ min: 2, max: 9 }).chain((planes) => {
  const log = fc.double({ min: -3, max: 3, noNaN: true });
  return fc.record({
    predicted: fc.array(log, { minLength: planes, maxLength: planes }),
    seen: fc.array(fc.option(log, { nil: undefined, freq: 2 }), { minLength: planes, maxLength: planes }),
    residualVariance: fc.double({ min: 1e-4, max: 1, noNaN: true }),
  });
});

function forecastOf({ predicted, residualVariance }: Curve) {
  const one = Float64Array.of(1);
  return {
    logF: Float64Array.from(predicted),
    residualVariance: Float64Array.of(residualVariance),
    best: one,
    bestSpread: one,
    signalFraction: one,
  };
}

function scoresOf({ seen }: Curve): Float64Array {
  return Float64Array.from(seen, (value) => (value === undefined ? Number.NaN : Math.exp(value)));
}

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
    fc.assert(
      fc.property(arbitraryCurve, (curve) => {
        const expected = forecastOf(curve).logF.slice();
        conditionOnScores(expected, scoresOf(curve), [0], expected.length);
        const scored = curve.seen.flatMap((value, plane) =>
          value === undefined ? [] : [[plane, value - curve.predicted[plane]] as const],
        );
        for (const [plane, predicted] of curve.predicted.entries()) {
          const slow = scored.length === 0 ? predicted : predicted + conditioned(scored, plane).mean;
          expect(expected[plane]).toBeCloseTo(slow, 6);
        }
      }),
    );
  });
});

describe('the risk of a tile', () => {
  it('should always choose the sharpest plane seen, else the one predicted', () => {
    fc.assert(
      fc.property(arbitraryCurve, (curve) => {
        const { plane } = tileRisk(forecastOf(curve), 0, scoresOf(curve));
        const scored = curve.seen.some((value) => value !== undefined)
          ? curve.seen.map((value) => (value === undefined ? -1 : Math.exp(value)))
          : curve.predicted;
        expect(scored[plane]).toBe(Math.max(...scored));
      }),
    );
  });

  it('should never score a plane again, and never doubt what it has scored', () => {
    fc.assert(
      fc.property(arbitraryCurve, (curve) => {
        const { looks, loss, gain, doubt } = tileRisk(forecastOf(curve), 0, scoresOf(curve));
        for (const plane of looks) expect(curve.seen[plane]).toBeUndefined();
        expect(new Set(looks).size).toBe(looks.length);
        for (const number of [loss, gain, doubt]) expect(number).toBeGreaterThanOrEqual(0);
        if (!curve.seen.includes(undefined))
          expect({ loss, gain, doubt, looks }).toEqual({ loss: 0, gain: 0, doubt: 0, looks: [] });
      }),
    );
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
