import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTiles } from '../../../src/planner/numeric/draw-tiles.js';

const arbitraryGrid = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }))
  .chain(([columns, rows]) =>
    fc.record({
      columns: fc.constant(columns),
      weights: fc.array(fc.constantFrom(0, 0.1, 1, 2, 7, 40), { minLength: columns * rows, maxLength: columns * rows }),
    }),
  );

describe('drawing tiles', () => {
  it('should always draw as many as asked for, or all there are', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 20 }), fc.nat(99), ({ weights, columns }, count, seed) => {
        const { tiles, inclusionProbability } = drawTiles(Float64Array.from(weights), columns, count, [seed]);
        const expected = Math.min(count, weights.filter((weight) => weight > 0).length);
        expect(inclusionProbability.reduce((sum, each) => sum + each, 0)).toBeCloseTo(expected, 6);
        expect(tiles.length).toBe(expected);
        expect(new Set(tiles).size).toBe(tiles.length);
        for (const tile of tiles) expect(weights[tile]).toBeGreaterThan(0);
      }),
    );
  });

  it('should always draw a tile as often as it says', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 8 }), ({ weights, columns }, count) => {
        const draws = 600;
        const often = new Float64Array(weights.length);
        for (let seed = 0; seed < draws; seed++) {
          for (const tile of drawTiles(Float64Array.from(weights), columns, count, [seed, 5]).tiles)
            often[tile] += 1 / draws;
        }
        const { inclusionProbability } = drawTiles(Float64Array.from(weights), columns, count, [0, 5]);
        // Five standard errors of 600 draws.
        for (const [tile, share] of often.entries()) {
          expect(Math.abs(share - inclusionProbability[tile])).toBeLessThan(0.11);
          if (inclusionProbability[tile] === 1) expect(share).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('should always draw tiles in proportion to their weights, but for those that are certain', () => {
    fc.assert(
      fc.property(arbitraryGrid, fc.integer({ min: 1, max: 20 }), ({ weights, columns }, count) => {
        const { inclusionProbability } = drawTiles(Float64Array.from(weights), columns, count, [1]);
        const factors = weights.flatMap((weight, tile) =>
          weight > 0 && inclusionProbability[tile] < 1 ? [inclusionProbability[tile] / weight] : [],
        );
        for (const factor of factors) expect(factor).toBeCloseTo(factors[0], 9);
        const certain = weights.filter((weight, tile) => weight > 0 && inclusionProbability[tile] === 1);
        const others = weights.filter((weight, tile) => weight > 0 && inclusionProbability[tile] < 1);
        if (others.length > 0 && certain.length > 0) {
          expect(Math.min(...certain)).toBeGreaterThan(Math.max(...others));
        }
      }),
    );
  });
});
