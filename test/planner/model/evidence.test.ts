import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planeMajor, rowsOf, tileMajor } from '../../../src/planner/contract/number-table.js';
import { evidenceFrom, tileNumbers } from '../../../src/planner/model/evidence.js';

/** Lengths, mostly whole and often the same; and what is none. */
const lengths = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }) },
    fc.double({ min: 0.5, max: 1e9, noNaN: true }),
    fc.constantFrom(0, Number.NaN, 70_000),
  ),
  { maxLength: 900 },
);

describe('evidence', () => {
  it('should always be the logarithm of what is left of each number, however often it comes', () => {
    fc.assert(
      fc.property(lengths, fc.constantFrom(0, 0.5, 0.95), (numbers, share) => {
        const empty = 20;
        const floor = 0.5 * (1 - share) * empty;
        const plain = numbers.map((number) =>
          number > 0 ? Math.log(Math.max(number - share * empty, floor, 1e-6)) : Number.NaN,
        );
        expect([...evidenceFrom(tileMajor(Float64Array.from(numbers), 1), empty, share)]).toEqual(plain);
      }),
    );
  });
});

describe('what numbers say of tiles', () => {
  it('should always be their strongest, and of all of them a number near the least', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 9 }), (all, planeCount) => {
        const tiles = Math.floor(all.length / planeCount);
        const rows = Array.from({ length: tiles }, (_, tile) =>
          all.slice(tile * planeCount, (tile + 1) * planeCount).filter((number) => number > 0),
        );
        const { strongest, empty } = tileNumbers(
          tileMajor(Float64Array.from(all.slice(0, tiles * planeCount)), planeCount),
        );
        expect([...strongest]).toEqual(rows.map((row) => (row.length > 0 ? Math.max(...row) : Number.NaN)));
        const minima = rows.flatMap((row) => (row.length > 0 ? [Math.min(...row)] : [])).sort((a, b) => a - b);
        expect(empty).toBe(minima[Math.floor(0.02 * (minima.length - 1))] ?? 0);
      }),
    );
  });
});

describe('a table', () => {
  it('should always say the same of lengths as they lie and of lengths tile by tile', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 9 }), (all, planeCount) => {
        const tiles = Math.floor(all.length / planeCount);
        const lying = planeMajor(Float64Array.from(all.slice(0, tiles * planeCount)), planeCount);
        const turned = rowsOf(lying, [...Array(tiles).keys()]);
        expect([...turned]).toEqual(
          Array.from(turned, (_, slot) => all[(slot % planeCount) * tiles + Math.floor(slot / planeCount)]),
        );
        const rows = tileMajor(turned, planeCount);
        expect(rowsOf(rows, [...Array(tiles).keys()])).toEqual(turned);
        expect(tileNumbers(lying)).toEqual(tileNumbers(rows));
        expect(evidenceFrom(lying, 20, 0.8)).toEqual(evidenceFrom(rows, 20, 0.8));
      }),
    );
  });
});
