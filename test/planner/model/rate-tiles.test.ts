import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateUnscored } from '../../../src/planner/model/rate-unscored.js';
import { cells, negligibleFrom } from '../../../src/planner/model/rating-rules.js';
import { slopeInCells, softplus } from '../../../src/planner/model/softplus.js';
import { TileRater, tileRisk } from '../../../src/planner/model/tile-rater.js';
import { type TileRisk, TileRisks } from '../../../src/planner/model/tile-risks.js';
import { expectedGain } from './expected-gain.js';

/** A slide of a few tiles: what is predicted (NaN: nothing), and what was seen. */
type Tiles = {
  readonly planeCount: number;
  readonly predicted: readonly (number | undefined)[];
  readonly seen: readonly (number | undefined)[];
  readonly residualVariance: number;
  readonly signalFraction: number;
  readonly varianceInflation: number;
};

const tileCount = 6;

function tilesArbitrary(freq: number): fc.Arbitrary<Tiles> {
  return fc.integer({ min: 1, max: 9 }).chain((planeCount) => {
    const log = fc.double({ min: -3, max: 3, noNaN: true });
    const slots = { minLength: tileCount * planeCount, maxLength: tileCount * planeCount };
    return fc.record({
      planeCount: fc.constant(planeCount),
      predicted: fc.array(fc.option(log, { nil: undefined, freq: 4 }), slots),
      seen: fc.array(freq === 0 ? fc.constant(undefined) : fc.option(log, { nil: undefined, freq }), slots),
      residualVariance: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      signalFraction: fc.double({ min: 0.01, max: 1, noNaN: true }),
      varianceInflation: fc.double({ min: 0.1, max: 10, noNaN: true }),
    });
  });
}

function slideOf({ planeCount, predicted, seen, residualVariance, signalFraction }: Tiles) {
  const one = new Float64Array(tileCount).fill(1);
  const logF = Float64Array.from(predicted, (value) => value ?? Number.NaN);
  // Where nothing is predicted of a tile, nor is how open it is
  const open = one.map((_, tile) =>
    predicted.slice(tile * planeCount, (tile + 1) * planeCount).every((value) => value === undefined)
      ? Number.NaN
      : residualVariance,
  );
  const forecast = {
    logF,
    residualVariance: open,
    best: one,
    bestSpread: one,
    signalFraction: one.map(() => signalFraction),
  };
  const scores = Float64Array.from(seen, (value) => (value === undefined ? Number.NaN : Math.exp(value)));
  return { forecast, scores };
}

/** The rules in their plainest form: rivals as a list, sorted; and whether two first looks are as good as three but for rounding. */
function plainRisk(tiles: Tiles, tile: number): Omit<TileRisk, 'plane'> & { readonly isEven: boolean } {
  const { planeCount, residualVariance, signalFraction, varianceInflation } = tiles;
  const predicted = tiles.predicted.slice(tile * planeCount, (tile + 1) * planeCount);
  const rated = predicted.flatMap((value, plane) => (value === undefined ? [] : [{ value, plane }]));
  const [chosen] = rated.toSorted((a, b) => b.value - a.value || a.plane - b.plane);
  const nothing = { loss: 0, secondMoment: 0, looks: [], gain: 0, isEven: false };
  if (!chosen) return { ...nothing, doubt: 1 };
  const rivals = rated
    .filter(({ plane }) => plane !== chosen.plane)
    .map(({ value, plane }) => {
      const spread = Math.sqrt(residualVariance * varianceInflation * Math.abs(plane - chosen.plane));
      const { gain, odds } = expectedGain(value - chosen.value, spread);
      return { plane, gain: signalFraction * gain, spread: signalFraction * spread, odds };
    })
    .toSorted((a, b) => b.gain - a.gain || a.plane - b.plane);
  if (rivals.length === 0) return { ...nothing, doubt: 0 };
  const sumOf = (of: (rival: (typeof rivals)[number]) => number) => rivals.reduce((sum, rival) => sum + of(rival), 0);
  const [first, second] = rivals;
  const pair = first.gain / 2;
  const triple = second ? (first.gain + second.gain) / 3 : 0;
  const looks = pair >= triple ? [chosen.plane, first.plane] : [chosen.plane, first.plane, second.plane];
  return {
    loss: first.gain + 0.3 * (sumOf(({ gain }) => gain) - first.gain),
    secondMoment: sumOf(({ gain, spread }) => gain * spread),
    doubt: Math.min(
      1,
      sumOf(({ odds }) => odds),
    ),
    looks,
    gain: Math.max(pair, triple),
    isEven: near(pair, triple),
  };
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-8 * Math.max(a, b) + 1e-300;

function expectNear(rated: Omit<TileRisk, 'plane'>, plain: Omit<TileRisk, 'plane'>): void {
  for (const key of ['loss', 'secondMoment', 'doubt', 'gain'] as const) {
    expect([key, rated[key], plain[key], near(rated[key], plain[key])]).toEqual([key, rated[key], plain[key], true]);
  }
}

describe('the table of log(1 + e^-x)', () => {
  it('should always be right to nine digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 * negligibleFrom, noNaN: true }), (x) => {
        const exact = Math.log1p(Math.exp(-x));
        expect(Math.abs(softplus(x) - exact)).toBeLessThanOrEqual(1e-9 * exact);
      }),
    );
  });

  it('should always have the slope that is minus the odds of a rival, to eight digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: negligibleFrom, maxExcluded: true, noNaN: true }), (x) => {
        const exact = 1 / (1 + Math.exp(x));
        expect(Math.abs(-cells * slopeInCells(x * cells) - exact)).toBeLessThanOrEqual(1e-8 * exact);
      }),
    );
  });
});

describe('tiles that were not scored', () => {
  it('should always be rated as the plain rules have it, one by one and all at once', () => {
    fc.assert(
      fc.property(tilesArbitrary(0), (tiles) => {
        const { forecast, scores } = slideOf(tiles);
        const { planeCount, varianceInflation } = tiles;
        const risks = new TileRisks(tileCount);
        const blank = scores.subarray(0, planeCount);
        const bestGuesses = Int16Array.from({ length: tileCount }, (_, tile) => {
          return tileRisk(forecast, tile, blank, varianceInflation).plane;
        });
        rateUnscored(forecast, varianceInflation, bestGuesses, risks);
        for (let tile = 0; tile < tileCount; tile++) {
          const plain = plainRisk(tiles, tile);
          const single = tileRisk(forecast, tile, blank, varianceInflation);
          expectNear(single, plain);
          expect(Math.abs(risks.doubt[tile] - single.doubt)).toBeLessThanOrEqual(1e-7);
          const { loss, secondMoment, gain, lookCount } = risks;
          expectNear({ ...plain, loss: loss[tile], secondMoment: secondMoment[tile], gain: gain[tile] }, plain);
          // Where there is nothing to gain, to the last digit, nothing is scored
          if (plain.isEven) continue;
          expect(lookCount[tile]).toBe(plain.gain > 0 ? plain.looks.length : 0);
          expect(single.looks.length).toBe(lookCount[tile]);
        }
      }),
    );
  });
});

describe('tiles that were scored', () => {
  it('should always be scored next where most is ahead, however sure it is that a plane nearer by is ahead too', () => {
    const one = Float64Array.of(1);
    const logF = Float64Array.of(-2.1, 0, 0, 0.02, 0);
    const forecast = { logF, residualVariance: Float64Array.of(1e-4), best: one, bestSpread: one, signalFraction: one };
    const { looks, gain } = tileRisk(forecast, 0, Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN, Number.NaN));
    expect(looks).toEqual([3]);
    expect(gain).toBeCloseTo(2.12, 6);
  });
});

describe('rating into arrays', () => {
  it('should always say what rating one tile says', () => {
    fc.assert(
      fc.property(tilesArbitrary(3), (tiles) => {
        const { forecast, scores } = slideOf(tiles);
        const { planeCount, varianceInflation } = tiles;
        const risks = new TileRisks(tileCount);
        const rater = new TileRater(forecast, varianceInflation);
        for (let tile = 0; tile < tileCount; tile++) {
          const curve = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
          const single = tileRisk(forecast, tile, curve, varianceInflation);
          const scored = curve.filter((score) => !Number.isNaN(score)).length;
          rater.rate(tile, scores, tile * planeCount, scored, risks);
          expect({
            plane: risks.plane[tile],
            loss: risks.loss[tile],
            secondMoment: risks.secondMoment[tile],
            gain: risks.gain[tile],
            doubt: risks.doubt[tile],
          }).toEqual({
            plane: single.plane,
            loss: single.loss,
            secondMoment: single.secondMoment,
            gain: single.gain,
            doubt: Math.fround(single.doubt),
          });
          expect(risks.lookCount[tile]).toBe(single.looks.length);
        }
      }),
    );
  });
});
