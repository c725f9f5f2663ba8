import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LargestFirst } from '../../src/planner/largest-first.js';
import { selectInPlace } from '../../src/planner/select.js';

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

describe('the number at a place of a sorted list', () => {
  it('should always be the one that sorting finds, NaN last', () => {
    fc.assert(
      fc.property(numbers, fc.nat(199), (values, place) => {
        fc.pre(values.length > 0);
        const rank = place % values.length;
        const given = Float64Array.from(values);
        expect(selectInPlace(given, rank)).toBe(Float64Array.from(values).sort()[rank]);
        expect(given.sort()).toEqual(Float64Array.from(values).sort());
      }),
    );
  });
});
