import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LargestFirst } from '../../src/planner/numeric/largest-first.js';
import { selectInPlace } from '../../src/planner/numeric/select.js';

/** Few different numbers among many, so that ties are common. */
const numbers = fc.array(
  fc.oneof(fc.double({ min: -1, max: 1000 }), fc.constantFrom(0, 1, 2, 1e-300, 1e300, Number.NaN)),
  { maxLength: 200 },
);

describe('tiles from the largest value down', () => {
  it('should always be those above 0, sorted, the lowest tile first on a tie', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const tiles = new LargestFirst(Float64Array.from(values));
        const taken: number[] = [];
        for (let tile = tiles.next(); tile >= 0; tile = tiles.next()) taken.push(tile);
        const all = [...values.keys()].filter((tile) => values[tile] > 0);
        expect(taken).toEqual(all.sort((a, b) => values[b] - values[a] || a - b));
        expect(tiles.next()).toBe(-1);
      }),
    );
  });
});

describe('tiles that are put back', () => {
  it('should always come again by their value as it is then, and all of them after a new beginning', () => {
    const steps = fc.array(fc.oneof(fc.constantFrom('next', 'restart'), fc.nat(1000)), { maxLength: 300 });
    fc.assert(
      fc.property(numbers, steps, (values, chosen) => {
        const now = Float64Array.from(values);
        const tiles = new LargestFirst(now);
        const left = new Set(now.keys());
        const taken: number[] = [];
        for (const step of chosen) {
          if (step === 'restart') {
            tiles.restart();
            for (const tile of taken.splice(0)) left.add(tile);
          } else if (step === 'next') {
            const [first = -1] = [...left].filter((tile) => now[tile] > 0).sort((a, b) => now[b] - now[a] || a - b);
            expect(tiles.next()).toBe(first);
            if (first >= 0) taken.push(first);
            left.delete(first);
          } else if (taken.length > 0) {
            const [tile] = taken.splice(step % taken.length, 1);
            now[tile] = step;
            tiles.put(tile);
            left.add(tile);
          }
        }
      }),
    );
  });
});

describe('the number at a place of a sorted list', () => {
  it('should always be the one that sorting finds, NaN last', () => {
    fc.assert(
      fc.property(numbers, fc.nat(199), (values, place) => {
        fc.pre(values.length > 0);
        const rank = place % values.length;
        const numbersInPlace = Float64Array.from(values);
        expect(selectInPlace(numbersInPlace, rank)).toBe(Float64Array.from(values).sort()[rank]);
        expect(numbersInPlace.sort()).toEqual(Float64Array.from(values).sort());
      }),
    );
  });
});
