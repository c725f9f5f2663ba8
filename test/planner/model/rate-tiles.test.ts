import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tileOutlook } from '../../../src/planner/model/condition-on-scores.js';
import { rateUnlooked } from '../../../src/planner/model/rate-unscored.js';
import { cells, negligibleFrom } from '../../../src/planner/model/rating-rules.js';
import { slopeInCells, softplus } from '../../../src/planner/model/softplus.js';
import { TileRater } from '../../../src/planner/model/tile-rater.js';
import { Outlooks, type TileOutlook } from '../../../src/planner/model/tile-risks.js';
import { expectedGain } from '../../../src/planner/numeric/statistics.js';

/** A slide of a few tiles: what is foretold (NaN: nothing), and what was seen. */
type Tiles = {
  readonly planeCount: number;
  readonly foretold: readonly (number | undefined)[];
  readonly seen: readonly (number | undefined)[];
  readonly openness: number;
  readonly stake: number;
  readonly widening: number;
};

const tileCount = 6;

function tilesArbitrary(freq: number): fc.Arbitrary<Tiles> {
  return fc.integer({ min: 1, max: 9 }).chain((planeCount) => {
    const log = fc.double({ min: -3, max: 3, noNaN: true });
    const slots = { minLength: tileCount * planeCount, maxLength: tileCount * planeCount };
    return fc.record({
      planeCount: fc.constant(planeCount),
      foretold: fc.array(fc.option(log, { nil: undefined, freq: 4 }), slots),
      seen: fc.array(freq === 0 ? fc.constant(undefined) : fc.option(log, { nil: undefined, freq }), slots),
      openness: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      stake: fc.double({ min: 0.01, max: 1, noNaN: true }),
      widening: fc.double({ min: 0.1, max: 10, noNaN: true }),
    });
  });
}

function slideOf({ planeCount, foretold, seen, openness, stake }: Tiles) {
  const one = new Float64Array(tileCount).fill(1);
  const logF = Float64Array.from(foretold, (value) => value ?? Number.NaN);
  // Where nothing is foretold of a tile, nor is how open it is
  const open = one.map((_, tile) =>
    foretold.slice(tile * planeCount, (tile + 1) * planeCount).every((value) => value === undefined)
      ? Number.NaN
      : openness,
  );
  const forecast = { logF, openness: open, best: one, bestSpread: one, stake: one.map(() => stake) };
  const scores = Float64Array.from(seen, (value) => (value === undefined ? Number.NaN : Math.exp(value)));
  return { forecast, scores };
}

/** The rules in their plainest form: rivals as a list, sorted; and whether two first looks are as good as three but for rounding. */
function plainOutlook(tiles: Tiles, tile: number): Omit<TileOutlook, 'plane'> & { readonly isEven: boolean } {
  const { planeCount, openness, stake, widening } = tiles;
  const foretold = tiles.foretold.slice(tile * planeCount, (tile + 1) * planeCount);
  const known = foretold.flatMap((value, plane) => (value === undefined ? [] : [{ value, plane }]));
  const [chosen] = known.toSorted((a, b) => b.value - a.value || a.plane - b.plane);
  const nothing = { loss: 0, secondMoment: 0, looks: [], gain: 0, isEven: false };
  if (!chosen) return { ...nothing, doubt: 1 };
  const rivals = known
    .filter(({ plane }) => plane !== chosen.plane)
    .map(({ value, plane }) => {
      const spread = Math.sqrt(openness * widening * Math.abs(plane - chosen.plane));
      const { gain, odds } = expectedGain(value - chosen.value, spread);
      return { plane, gain: stake * gain, spread: stake * spread, odds };
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

function expectNear(rated: Omit<TileOutlook, 'plane'>, plain: Omit<TileOutlook, 'plane'>): void {
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

describe('tiles that nobody looked at', () => {
  it('should always be rated as the plain rules have it, one by one and all at once', () => {
    fc.assert(
      fc.property(tilesArbitrary(0), (tiles) => {
        const { forecast, scores } = slideOf(tiles);
        const { planeCount, widening } = tiles;
        const views = new Outlooks(tileCount);
        const blank = scores.subarray(0, planeCount);
        const favourites = Int16Array.from({ length: tileCount }, (_, tile) => {
          return tileOutlook(forecast, tile, blank, widening).plane;
        });
        rateUnlooked(forecast, widening, favourites, views);
        for (let tile = 0; tile < tileCount; tile++) {
          const plain = plainOutlook(tiles, tile);
          const single = tileOutlook(forecast, tile, blank, widening);
          expectNear(single, plain);
          expect(Math.abs(views.doubt[tile] - single.doubt)).toBeLessThanOrEqual(1e-7);
          const { loss, secondMoment, gain, lookCount } = views;
          expectNear({ ...plain, loss: loss[tile], secondMoment: secondMoment[tile], gain: gain[tile] }, plain);
          // Where there is nothing to gain, to the last digit, nobody looks
          if (plain.isEven) continue;
          expect(lookCount[tile]).toBe(plain.gain > 0 ? plain.looks.length : 0);
          expect(single.looks.length).toBe(lookCount[tile]);
        }
      }),
    );
  });
});

describe('tiles that someone looked at', () => {
  it('should always be looked at next where most is ahead, however sure it is that a plane nearer by is ahead too', () => {
    const one = Float64Array.of(1);
    const logF = Float64Array.of(-2.1, 0, 0, 0.02, 0);
    const forecast = { logF, openness: Float64Array.of(1e-4), best: one, bestSpread: one, stake: one };
    const { looks, gain } = tileOutlook(
      forecast,
      0,
      Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN, Number.NaN),
    );
    expect(looks).toEqual([3]);
    expect(gain).toBeCloseTo(2.12, 6);
  });
});

describe('rating into arrays', () => {
  it('should always say what rating one tile says', () => {
    fc.assert(
      fc.property(tilesArbitrary(3), (tiles) => {
        const { forecast, scores } = slideOf(tiles);
        const { planeCount, widening } = tiles;
        const views = new Outlooks(tileCount);
        const rater = new TileRater(forecast, widening);
        for (let tile = 0; tile < tileCount; tile++) {
          const own = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
          const single = tileOutlook(forecast, tile, own, widening);
          const looked = own.filter((score) => !Number.isNaN(score)).length;
          rater.rate(tile, scores, tile * planeCount, looked, views);
          expect({
            plane: views.plane[tile],
            loss: views.loss[tile],
            secondMoment: views.secondMoment[tile],
            gain: views.gain[tile],
            doubt: views.doubt[tile],
          }).toEqual({
            plane: single.plane,
            loss: single.loss,
            secondMoment: single.secondMoment,
            gain: single.gain,
            doubt: Math.fround(single.doubt),
          });
          expect(views.lookCount[tile]).toBe(single.looks.length);
        }
      }),
    );
  });
});
