// Focus curves of one tile, predicted and scored in every way that there is on a few planes.
import type { Forecast } from '../../../src/planner/model/forecast.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';

export type Curve = {
  readonly predicted: readonly number[];
  /** log F of planes that were scored. */
  readonly seen: readonly (number | undefined)[];
  readonly residualVariance: number;
};

/** Every set of planes that may have been scored, of stacks of up to six, on some seeded curves; on the last of them many planes are even. */
export function* curvesOfAllLooks(): Generator<Curve> {
  for (let planes = 1; planes <= 6; planes++) {
    for (let scored = 0; scored < 2 ** planes; scored++) {
      for (let seed = 0; seed < 8; seed++) {
        const log = (what: number, plane: number) => {
          const value = 6 * uniform(seed, what, planes, scored, plane) - 3;
          return seed < 6 ? value : Math.round(value / 3);
        };
        const all = Array.from({ length: planes }, (_, plane) => plane);
        yield {
          predicted: all.map((plane) => log(1, plane)),
          seen: all.map((plane) => ((scored >> plane) & 1 ? log(2, plane) : undefined)),
          residualVariance: 10 ** -(4 * uniform(seed, 3, planes, scored)),
        };
      }
    }
  }
}

export function forecastOf({ predicted, residualVariance }: Curve): Forecast {
  const one = Float64Array.of(1);
  return {
    logF: Float64Array.from(predicted),
    residualVariance: Float64Array.of(residualVariance),
    best: one,
    bestSpread: one,
    signalFraction: one,
  };
}

/** F by plane, NaN where it was not scored. */
export function scoresOf({ seen }: Curve): Float64Array {
  return Float64Array.from(seen, (value) => (value === undefined ? Number.NaN : Math.exp(value)));
}
