import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAccuracy } from '../../src/planner/contract/accuracy.js';
import { judgedTiles } from '../../src/planner/contract/content.js';
import { findWorstTiles, middlePlaneOf, sampleCurves } from '../../src/report/tile-samples.js';
import type { DepthMap } from '../../src/slide/depth-map.js';

/** Scores [tile][plane] and any map over them. */
const cases = fc.integer({ min: 1, max: 5 }).chain((planeCount) =>
  fc
    .record({
      columns: fc.integer({ min: 1, max: 6 }),
      tiles: fc.array(
        fc.record({
          curve: fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), {
            minLength: planeCount,
            maxLength: planeCount,
          }),
          plane: fc.nat(planeCount - 1),
        }),
        { minLength: 1, maxLength: 40 },
      ),
    })
    .map(({ columns, tiles }) => {
      const rows = Math.ceil(tiles.length / columns);
      const count = tiles.length;
      const map: DepthMap = {
        ...{ level: 0, columns, rows, planeCount, blocks: new Map() },
        planes: Uint16Array.from(tiles, ({ plane }) => plane),
        confidence: new Float32Array(count),
        looked: new Uint16Array(count),
      };
      return { scores: Float64Array.from(tiles.flatMap(({ curve }) => curve)), map };
    }),
);

describe('findWorstTiles', () => {
  it('should always begin with the tile that the accuracy calls worst, and go up from there', () => {
    fc.assert(
      fc.property(cases, ({ scores, map }) => {
        const worst = findWorstTiles(scores, map);
        const { worst: least } = exactAccuracy(scores, map.planeCount, map.planes);
        // Without content there is no worst tile
        const known = Number.isNaN(least) ? 1 : least;
        expect(worst.length === 0 ? 1 : worst[0].kept).toBeCloseTo(known, 12);
        for (let i = 1; i < worst.length; i++) expect(worst[i].kept).toBeGreaterThanOrEqual(worst[i - 1].kept);
        expect(worst.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('should only have tiles with content that are not on their sharpest plane, and share all of the loss', () => {
    fc.assert(
      fc.property(cases, ({ scores, map }) => {
        const judged = judgedTiles(scores, map.planeCount);
        const worst = findWorstTiles(scores, map);
        for (const { row, column, chosen, best, kept, middleKept } of worst) {
          const tile = row * map.columns + column;
          const of = (plane: number) => scores[tile * map.planeCount + plane];
          expect(judged[tile]).toBe(1);
          expect(chosen).toBe(map.planes[tile]);
          expect([kept, middleKept]).toEqual([of(chosen) / of(best), of(middlePlaneOf(map.planeCount)) / of(best)]);
          expect(kept).toBeLessThan(1);
        }
        const shares = worst.reduce((sum, { shareOfLoss }) => sum + shareOfLoss, 0);
        if (worst.length > 0 && worst.length < 10) expect(shares).toBeCloseTo(1, 9);
        expect(shares).toBeLessThan(1 + 1e-9);
      }),
    );
  });
});

describe('sampleCurves', () => {
  it('should only show tiles with content, each once, in their order, all where they are few', () => {
    fc.assert(
      fc.property(cases, ({ scores, map }) => {
        const judged = judgedTiles(scores, map.planeCount);
        const tiles = sampleCurves(scores, map).map(({ row, column }) => row * map.columns + column);
        expect(tiles).toEqual([...new Set(tiles)].sort((a, b) => a - b));
        for (const tile of tiles) expect(judged[tile]).toBe(1);
        expect(tiles).toHaveLength(Math.min(12, judged.filter(Boolean).length));
      }),
    );
  });

  it('should always have 1 on the sharpest plane, and nothing above it', () => {
    fc.assert(
      fc.property(cases, ({ scores, map }) => {
        for (const { best, relative } of sampleCurves(scores, map)) {
          expect(relative[best]).toBe(1);
          expect(Math.max(...relative)).toBe(1);
        }
      }),
    );
  });
});
