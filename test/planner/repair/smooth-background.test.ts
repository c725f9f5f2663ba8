import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreTable } from '../../../src/planner/contract/score-table.js';
import { TileRisks } from '../../../src/planner/model/tile-risks.js';
import { fillAreas } from '../../../src/planner/repair/fill-areas.js';
import { fillFromNeighbours } from '../../../src/planner/repair/fill-from-neighbours.js';
import { smoothBackground } from '../../../src/planner/repair/smooth-background.js';
import type { TileGrid } from '../../../src/slide/tile-grid.js';

type Holes = { readonly columns: number; readonly rows: number; readonly planes: readonly number[] };

const arbitraryHoles: fc.Arbitrary<Holes> = fc
  .record({ columns: fc.integer({ min: 1, max: 8 }), rows: fc.integer({ min: 1, max: 8 }) })
  .chain(({ columns, rows }) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.constant(rows),
      planes: fc.array(fc.constantFrom(-1, -1, 0, 1, 2, 5), { minLength: columns * rows, maxLength: columns * rows }),
    }),
  );

function gridOf({ columns, rows }: Holes): TileGrid {
  return { columns, rows, tileWidth: 1, tileHeight: 1, width: columns, height: rows };
}

function distance({ columns }: Holes, a: number, b: number): number {
  return Math.abs((a % columns) - (b % columns)) + Math.abs(Math.floor(a / columns) - Math.floor(b / columns));
}

describe.each([
  ['fillFromNeighbours', fillFromNeighbours],
  ['fillAreas', fillAreas],
])('%s', (_, fill) => {
  it('should never change what has a plane, and always give one to the rest', () => {
    fc.assert(
      fc.property(arbitraryHoles, (holes) => {
        const filled = fill(gridOf(holes), holes.planes);
        const present = new Set([
          ...holes.planes.filter((plane) => plane >= 0),
          ...(holes.planes.every((p) => p < 0) ? [0] : []),
        ]);
        for (const [tile, plane] of holes.planes.entries()) {
          if (plane >= 0) expect(filled[tile]).toBe(plane);
          else expect(present.has(filled[tile])).toBe(true);
        }
      }),
    );
  });
});

describe('filling from neighbours', () => {
  it('should always take the plane of a nearest tile, on open ground', () => {
    fc.assert(
      fc.property(arbitraryHoles, (holes) => {
        const filled = fillFromNeighbours(gridOf(holes), holes.planes);
        const holders = [...holes.planes.keys()].filter((tile) => holes.planes[tile] >= 0);
        if (holders.length === 0) return;
        for (const tile of holes.planes.keys()) {
          const near = Math.min(...holders.map((other) => distance(holes, tile, other)));
          const nearest = holders.filter((other) => distance(holes, tile, other) === near);
          expect(nearest.map((other) => holes.planes[other])).toContain(filled[tile]);
        }
      }),
    );
  });
});

describe('filling areas', () => {
  it('should never leave a seam inside an area', () => {
    fc.assert(
      fc.property(arbitraryHoles, (holes) => {
        const filled = fillAreas(gridOf(holes), holes.planes);
        for (const a of holes.planes.keys()) {
          for (const b of holes.planes.keys()) {
            if (holes.planes[a] < 0 && holes.planes[b] < 0 && distance(holes, a, b) === 1)
              expect(filled[a]).toBe(filled[b]);
          }
        }
      }),
    );
  });

  it('should always take the plane that most of its border has', () => {
    const grid = gridOf({ columns: 4, rows: 3, planes: [] });
    expect([...fillAreas(grid, [3, 3, 2, 2, 3, -1, -1, 2, 3, 3, 3, 1])]).toEqual([3, 3, 2, 2, 3, 3, 3, 2, 3, 3, 3, 1]);
  });
});

describe('smoothing the background', () => {
  it('should always take the tiles that can lose least, as many as the budget allows', () => {
    const tile = fc.record({ best: fc.constantFrom(51, 60, 60, 90, 140), counted: fc.constantFrom(0.5, 1, 1, 2) });
    const slide = fc.array(tile, { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(slide, fc.nat(1000), fc.nat(110), (tiles, look, percent) => {
        const grid = gridOf({ columns: tiles.length, rows: 1, planes: [] });
        const lengths = { comparable: false, reason: 'imagined without' } as const;
        const table = new ScoreTable({ level: { level: 0, grid }, coarser: [], planeCount: 99, lengths }, 1);
        const seen = look % tiles.length;
        table.recall(new Float64Array(99 * tiles.length).fill(Number.NaN).fill(50, 99 * seen, 99 * seen + 1));
        const risks = new TileRisks(tiles.length);
        // No two tiles have one plane: what is smoothed takes another's
        for (const i of tiles.keys()) risks.plane[i] = i + 1;
        const best = Float64Array.from(tiles, (each) => each.best);
        const counted = Float64Array.from(tiles, (each) => each.counted);
        const nothing = new Float64Array(tiles.length);
        const total = counted.reduce((sum, each) => sum + each, 0);
        const weights = {
          best,
          counted,
          content: nothing,
          predicted: nothing,
          rule: { difference: 0, border: 0 },
          total,
        };
        const costs = tiles.map((each) => each.counted * (1 - 50 / each.best));
        const budget = (percent / 100) * costs.reduce((sum, cost) => sum + cost, 0);
        const planes = smoothBackground(table, risks, weights, budget);
        expect(planes[seen]).toBe(seen + 1);
        const others = [...tiles.keys()].filter((i) => i !== seen);
        const smoothed = others.filter((i) => planes[i] !== i + 1);
        const left = others.filter((i) => planes[i] === i + 1);
        const spent = smoothed.reduce((sum, i) => sum + costs[i], 0);
        expect(spent).toBeLessThanOrEqual(budget + 1e-9);
        if (left.length === 0) return;
        const cheapest = Math.min(...left.map((i) => costs[i]));
        expect(spent + cheapest).toBeGreaterThan(budget - 1e-9);
        for (const i of smoothed) expect(costs[i]).toBeLessThanOrEqual(cheapest);
      }),
    );
  });
});
