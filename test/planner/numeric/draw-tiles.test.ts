import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTiles } from '../../../src/planner/numeric/draw-tiles.js';

const arbitraryGrid = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }))
  .chain(([columns, rows]) =>
    fc.record({
      columns: fc.constant(columns),
      all: fc.array(fc.constantFrom(0, 0.1, 1, 2, 7, 40), { minLength: columns * rows, maxLength: columns * rows }),
    }),
  );

describe('drawing tiles', () => {
  it('should always draw as many as asked for, or all there are', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 20 }), fc.nat(99), ({ all, columns }, count, seed) => {
        const { tiles, inclusion } = drawTiles(Float64Array.from(all), columns, count, [seed]);
        const expected = Math.min(count, all.filter((size) => size > 0).length);
        expect(inclusion.reduce((sum, each) => sum + each, 0)).toBeCloseTo(expected, 6);
        expect(tiles.length).toBe(expected);
        expect(new Set(tiles).size).toBe(tiles.length);
        for (const tile of tiles) expect(all[tile]).toBeGreaterThan(0);
      }),
    );
  });

  it('should always draw a tile as often as it says', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 8 }), ({ all, columns }, count) => {
        const draws = 600;
        const often = new Float64Array(all.length);
        for (let seed = 0; seed < draws; seed++) {
          for (const tile of drawTiles(Float64Array.from(all), columns, count, [seed, 5]).tiles)
            often[tile] += 1 / draws;
        }
        const { inclusion } = drawTiles(Float64Array.from(all), columns, count, [0, 5]);
        // Five standard errors of 600 draws.
        for (const [tile, share] of often.entries()) {
          expect(Math.abs(share - inclusion[tile])).toBeLessThan(0.11);
          if (inclusion[tile] === 1) expect(share).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('should always draw tiles in proportion to their sizes, but for those that are certain', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 20 }), ({ all, columns }, count) => {
        const { inclusion } = drawTiles(Float64Array.from(all), columns, count, [1]);
        const factors = all.flatMap((size, tile) => (size > 0 && inclusion[tile] < 1 ? [inclusion[tile] / size] : []));
        for (const factor of factors) expect(factor).toBeCloseTo(factors[0], 9);
        const certain = all.filter((size, tile) => size > 0 && inclusion[tile] === 1);
        const others = all.filter((size, tile) => size > 0 && inclusion[tile] < 1);
        if (others.length > 0 && certain.length > 0) {
          expect(Math.min(...certain)).toBeGreaterThan(Math.max(...others));
        }
      }),
    );
  });
});
