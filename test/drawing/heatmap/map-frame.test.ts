import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layMapFrame } from '../../../src/drawing/heatmap/map-frame.js';
import { layTileGrid, type TileGrid } from '../../../src/slide/tile-grid.js';

const box = { width: 1120, height: 1400 };
const sides = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 200_000 }));
const tileSides = fc.integer({ min: 16, max: 1024 });
const grids = fc
  .tuple(sides, sides, tileSides, tileSides)
  .map(([width, height, tileWidth, tileHeight]) =>
    layTileGrid({ width, height }, { width: tileWidth, height: tileHeight }),
  )
  .filter(({ columns, rows }) => columns * rows < 500_000);

describe('layMapFrame', () => {
  it('should always be inside its box, but for a pixel', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const { width, height } = layMapFrame(grid, box);
        expect(width).toBeGreaterThan(0);
        expect(height).toBeGreaterThan(0);
        expect(width).toBeLessThanOrEqual(box.width + 1);
        expect(height).toBeLessThanOrEqual(box.height + 1);
      }),
    );
  });

  it('should put every border of tiles where it is on the slide, to one scale, but for a pixel and a half', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const frame = layMapFrame(grid, box);
        const scale = frame.cell / Math.min(shown(grid).width, shown(grid).height);
        const misplaced = (edges: Int32Array, tile: number, length: number) =>
          Array.from(edges).findIndex((edge, i) => Math.abs(edge - Math.min(i * tile, length) * scale) > 1.5);
        expect(misplaced(frame.columnEdges, grid.tileWidth, grid.width)).toBe(-1);
        expect(misplaced(frame.rowEdges, grid.tileHeight, grid.height)).toBe(-1);
      }),
    );
  });

  it('should show every tile that has a pixel or more, however little of it the slide has', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const frame = layMapFrame(grid, box);
        fc.pre(frame.cell >= 1);
        expect(new Set(frame.columnOf).size).toBe(grid.columns);
        expect(new Set(frame.rowOf).size).toBe(grid.rows);
      }),
    );
  });

  it('should give tiles whole pixels where they have four or more', () => {
    const grid = layTileGrid({ width: 64 * 256, height: 50 * 256 }, { width: 256, height: 256 });
    const { cell, columnEdges } = layMapFrame(grid, box);
    expect(cell).toBe(17);
    expect(columnEdges[64]).toBe(64 * 17);
  });

  it('should fill a good part of its box with a slide of few pixels', () => {
    const frame = layMapFrame(layTileGrid({ width: 24, height: 18 }, { width: 256, height: 256 }), box);
    expect([frame.width, frame.height]).toEqual([320, 240]);
  });
});

function shown(grid: TileGrid) {
  return { width: Math.min(grid.tileWidth, grid.width), height: Math.min(grid.tileHeight, grid.height) };
}
