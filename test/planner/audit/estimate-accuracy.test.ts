import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateAccuracy } from '../../../src/planner/audit/estimate-accuracy.js';
import { exactAccuracy } from '../../../src/planner/contract/accuracy.js';
import { drawTiles } from '../../../src/planner/numeric/draw-tiles.js';
import { rareEventInterval } from '../../../src/planner/numeric/rare-events.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const noEvent = { mean: 0, square: 0 };

/** 95 % interval of a Poisson mean when `events` were seen, by bisection of its sums: Garwood, Biometrika 28 (1936). */
function poissonInterval(events: number): readonly [number, number] {
  const atMost = (mean: number, count: number) => {
    let term = Math.exp(-mean);
    let sum = 0;
    for (let i = 0; i <= count; i++, term *= mean / i) sum += term;
    return sum;
  };
  const bisect = (isBelow: (mean: number) => boolean) => {
    let [low, high] = [0, 100];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
    }
    return low;
  };
  const low = events === 0 ? 0 : bisect((mean) => 1 - atMost(mean, events - 1) < 0.025);
  return [low, bisect((mean) => atMost(mean, events) > 0.025)];
}

/** All tiles count. */
const everyTile = { difference: 0, border: 0 };

describe('the interval of rare events', () => {
  it('should always be that of a Poisson variable where all events weigh the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), positive(0.01, 100), (events, weight) => {
        const one = { mean: 1, square: weight };
        const [low, high] = rareEventInterval(events * weight, events * weight ** 2, one);
        const [expectedLow, expectedHigh] = poissonInterval(events);
        expect(low / weight).toBeCloseTo(expectedLow, 3);
        expect(high / weight).toBeCloseTo(expectedHigh, 3);
      }),
    );
  });

  it('should always contain what was seen, and grow with the weight of one more event', () => {
    const weights = fc.array(positive(0.001, 10), { maxLength: 12 });
    fc.assert(
      fc.property(weights, positive(0.001, 10), positive(0, 10), (seen, one, more) => {
        const sum = seen.reduce((total, weight) => total + weight, 0);
        const squares = seen.reduce((total, weight) => total + weight ** 2, 0);
        const [low, high] = rareEventInterval(sum, squares, { mean: 1, square: one });
        expect(low).toBeLessThanOrEqual(sum);
        expect(high).toBeGreaterThanOrEqual(sum);
        const [, wider] = rareEventInterval(sum, squares, { mean: 1, square: one + more });
        expect(wider).toBeGreaterThanOrEqual(high * (1 - 1e-6));
      }),
    );
  });

  it('should only be empty where nothing was seen and nothing is expected', () => {
    expect(rareEventInterval(0, 0, noEvent)).toEqual([0, 0]);
    expect(rareEventInterval(0, 0, { mean: 1, square: 2 })[1]).toBeGreaterThan(0);
  });
});

describe('the estimate of an audit', () => {
  const planeCount = 3;

  /** Slides without background: half of the map is wrong somewhere. */
  const imagine = (seed: number) => {
    const tiles = 40;
    const scores = Float64Array.from({ length: tiles * planeCount }, (_, slot) => 1 + uniform(seed, 1, slot));
    const planes = Uint16Array.from({ length: tiles }, (_, tile) => Math.floor(planeCount * uniform(seed, 2, tile)));
    const weights = Float64Array.from({ length: tiles }, (_, tile) => 0.2 + uniform(seed, 3, tile));
    return { tiles, scores, planes, weights };
  };
  const best = (scores: Float64Array, tile: number) =>
    Math.max(...scores.subarray(tile * planeCount, (tile + 1) * planeCount));

  it('should always be right on average over its draws', () => {
    fc.assert(
      fc.property(fc.nat(999), fc.integer({ min: 3, max: 12 }), (seed, count) => {
        const { tiles, scores, planes, weights } = imagine(seed);
        const total = Array.from({ length: tiles }, (_, tile) => best(scores, tile)).reduce((a, b) => a + b, 0);
        const draws = 4000;
        let estimated = 0;
        let observed = 0;
        for (let draw = 0; draw < draws; draw++) {
          const { tiles: drawn, inclusionProbability } = drawTiles(weights, 8, count, [seed, draw]);
          const audited = drawn.map((tile) => ({
            tile,
            inclusionProbability: inclusionProbability[tile],
            chosen: planes[tile],
          }));
          estimated += estimateAccuracy(audited, scores, planeCount, everyTile, total, tiles, noEvent).retained / draws;
          // Tiles that were drawn are right in the map.
          let kept = 0;
          for (let tile = 0; tile < tiles; tile++) {
            kept += drawn.includes(tile) ? best(scores, tile) : scores[tile * planeCount + planes[tile]];
          }
          observed += kept / total / draws;
        }
        expect(estimated).toBeCloseTo(observed, 1.5);
      }),
      { numRuns: 10 },
    );
  });

  it('should always be exact where every tile was drawn', () => {
    fc.assert(
      fc.property(fc.nat(999), (seed) => {
        const { tiles, scores, planes } = imagine(seed);
        const right = planes.map((_, tile) =>
          scores.subarray(tile * planeCount, (tile + 1) * planeCount).indexOf(best(scores, tile)),
        );
        const audited = Array.from({ length: tiles }, (_, tile) => ({
          tile,
          inclusionProbability: 1,
          chosen: planes[tile],
        }));
        const { retained, agreement } = estimateAccuracy(audited, scores, planeCount, everyTile, 60, tiles, noEvent);
        expect({ retained, agreement }).toEqual({
          retained: 1,
          agreement: exactAccuracy(scores, planeCount, right).agreement,
        });
      }),
    );
  });
});
