// Figures of experiments: slopes, fits to the truth, results that must be the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSame } from '../../experiments/concurrency.js';
import { tilesWithTissue, truthFit } from '../../experiments/harness/record/truth-fit.js';
import { logSlope } from '../../experiments/harness/time/log-slope.js';

describe('the log-log slope', () => {
  it('should always be the power of a power law', () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    const power = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(positive, power, (factor, exponent) => {
        const points = [1, 2, 8, 40].map((x) => [x, factor * x ** exponent] as const);
        expect(logSlope(points)).toBeCloseTo(exponent, 9);
      }),
    );
  });

  it('should be unknown of one size', () => {
    expect(logSlope([[2, 3]])).toBeNaN();
  });
});

describe('a fit to the truth', () => {
  const truth = {
    columns: 4,
    rows: 1,
    planeCount: 3,
    planes: Int16Array.of(0, 2, -1, 1),
    tissue: Float32Array.of(0.5, 0.5, 0, 0.01),
  };
  const errors = Float64Array.of(1, 2, 6, 9, 3, 0, 5, 5, 5, 5, 5, 5);

  it('should only be of tiles that show specimen', () => {
    expect(tilesWithTissue(truth)).toEqual([0, 1]);
  });

  it('should be 1, and without regret, where every plane is the true one', () => {
    const numbers = Float64Array.of(9, 1, 1, 1, 1, 9, 0, 0, 0, 0, 0, 0);
    expect(truthFit({ truth, errors }, 3, [0, 1], numbers)).toEqual({ agreement: 1, withinOne: 1, regret: 0 });
  });

  it('should count planes missed and the error they cost, in parts of that of a random plane', () => {
    const numbers = Float64Array.of(1, 9, 1, 9, 1, 1, 0, 0, 0, 0, 0, 0);
    // excess of the chosen planes: 1 and 9; of planes at random, on average: 2 and 4
    expect(truthFit({ truth, errors }, 3, [0, 1], numbers)).toEqual({ agreement: 0, withinOne: 0.5, regret: 10 / 6 });
    expect(truthFit({ truth, errors: undefined }, 3, [0, 1], numbers).regret).toBeNaN();
  });
});

describe('the check of results', () => {
  const run = (place: 'by HTTP' | 'local file', concurrency: number, sha256: string) => ({
    place,
    concurrency,
    sha256,
  });

  it('should only pass where every run from one place wrote the same bytes', () => {
    const same = [run('local file', 1, 'a'), run('local file', 8, 'a'), run('by HTTP', 1, 'b')];
    expect(() => checkSame(same)).not.toThrow();
    const differing = [run('local file', 1, 'a'), run('by HTTP', 1, 'a'), run('by HTTP', 8, 'b')];
    expect(() => checkSame(differing)).toThrow(/by HTTP: the result depends on it\n1 at once: a\n8 at once: b/);
  });
});
