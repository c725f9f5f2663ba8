import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectInPlace } from '../../../src/planner/numeric/select.js';

/** Few different numbers among many, so that ties are common. */
const numbers = fc.array(fc.oneof(fc.double({ min: -1, max: 1000 }), fc.constantFrom(0, 1, 2, 1e300, Number.NaN)), {
  minLength: 1,
  maxLength: 200,
});

describe('the number at a place of a sorted list', () => {
  it('should always be the one that sorting finds, NaN last', () => {
    fc.assert(
      fc.property(numbers, fc.nat(199), (values, place) => {
        const rank = place % values.length;
        const numbersInPlace = Float64Array.from(values);
        expect(selectInPlace(numbersInPlace, rank)).toBe(Float64Array.from(values).sort()[rank]);
        expect(numbersInPlace.sort()).toEqual(Float64Array.from(values).sort());
      }),
    );
  });
});
