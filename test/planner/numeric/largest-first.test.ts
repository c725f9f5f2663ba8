import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LargestFirst } from '../../../src/planner/numeric/largest-first.js';

/** Few different numbers among many, so that ties are common. */
const numbers = fc.array(
  fc.oneof(fc.double({ min: -1, max: 1000 }), fc.constantFrom(0, 1, 2, 1e-300, 1e300, Number.NaN)),
  { maxLength: 200 },
);

describe('tiles from the largest value down', () => {
  it('should always be those above 0, the lowest first on a tie; put back, they come again by their value as it is then', () => {
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
        // What is left comes in order
        const rest = [...left].filter((tile) => now[tile] > 0).sort((a, b) => now[b] - now[a] || a - b);
        expect(Array.from({ length: rest.length + 1 }, () => tiles.next())).toEqual([...rest, -1]);
      }),
    );
  });
});
