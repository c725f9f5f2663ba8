import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockSize, blocksPerTile, type DepthMap } from '../../src/slide/depth-map.js';
import type { Level } from '../../src/slide/pyramid.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
import { exactSide, tilePlanes } from '../../src/slide/tile-planes.js';
import { arbitraryDepthMap } from '../arbitraries/depth-map.js';

const planeCount = 4;

/** A map of a level, and a level as fine or coarser; sides of tiles are one block to four, those of the levels alike. */
const arbitraryLevels = fc
  .record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 300 }),
    across: fc.integer({ min: 1, max: 4 }),
    down: fc.integer({ min: 1, max: 4 }),
    coarser: fc.nat(3),
    first: fc.nat(2),
    mixing: fc.constantFrom(0, 0.3, 1),
  })
  .chain(({ width, height, across, down, coarser, first, mixing }) => {
    const tile = { width: blockSize * across, height: blockSize * down };
    const decision: Level = { level: first, grid: layTileGrid({ width, height }, tile) };
    const half = (side: number) => Math.max(1, side >> coarser);
    const level: Level = {
      level: first + coarser,
      grid: layTileGrid({ width: half(width), height: half(height) }, tile),
    };
    return arbitraryDepthMap(decision.grid, planeCount, mixing).map((map) => ({ map, decision, level }));
  });

/** The plane of each block of the whole map, row-major. */
function allBlocks(map: DepthMap, { grid }: Level) {
  const { columns, rows } = blocksPerTile(grid);
  const [across, down] = [map.columns * columns, map.rows * rows];
  const planes = Array.from({ length: across * down }, (_, i) => {
    const [x, y] = [i % across, Math.floor(i / across)];
    const tile = Math.floor(y / rows) * map.columns + Math.floor(x / columns);
    return map.blocks.get(tile)?.[(y % rows) * columns + (x % columns)] ?? map.planes[tile];
  });
  return { across, down, at: (x: number, y: number) => planes[y * across + x] };
}

describe('tilePlanes', () => {
  it('should always show the plane of most of the blocks below, the lowest on a tie, and the map itself at its level', () => {
    fc.assert(
      fc.property(arbitraryLevels, fc.boolean(), ({ map, decision, level }, exact) => {
        const { across, down, at } = allBlocks(map, decision);
        const pixels = exact ? exactSide(decision, level) : blockSize;
        const columns = level.grid.tileWidth / pixels;
        const rows = level.grid.tileHeight / pixels;
        const side = (pixels / blockSize) * 2 ** (level.level - decision.level);
        if (exact) expect(side).toBe(1);
        for (let tile = 0; tile < level.grid.columns * level.grid.rows; tile++) {
          const [row, column] = [Math.floor(tile / level.grid.columns), tile % level.grid.columns];
          const expected = Array.from({ length: columns * rows }, (_, block) => {
            const left = (column * columns + (block % columns)) * side;
            const top = (row * rows + Math.floor(block / columns)) * side;
            const counts = Array<number>(planeCount).fill(0);
            // Beyond the last blocks of the map, those at its edge count.
            for (let y = Math.min(top, down - 1); y <= Math.min(top + side - 1, down - 1); y++) {
              for (let x = Math.min(left, across - 1); x <= Math.min(left + side - 1, across - 1); x++)
                counts[at(x, y)]++;
            }
            return counts.indexOf(Math.max(...counts));
          });
          const found = tilePlanes(map, decision, level, row, column, pixels);
          const shown = found.uniform ? expected.map(() => found.plane) : [...found.blocks];
          expect(shown).toEqual(expected);
          expect(found.uniform).toBe(new Set(expected).size === 1);
          if (!found.uniform) expect(found.columns).toBe(columns);
        }
      }),
    );
  });

  it('should never name a plane that no block below has', () => {
    fc.assert(
      fc.property(arbitraryLevels, fc.nat(planeCount - 1), ({ map, decision, level }, absent) => {
        const other = (plane: number) => (plane === absent ? (absent + 1) % planeCount : plane);
        const without: DepthMap = {
          ...map,
          planes: map.planes.map(other),
          blocks: new Map([...map.blocks].map(([tile, blocks]) => [tile, blocks.map(other)])),
        };
        for (let tile = 0; tile < level.grid.columns * level.grid.rows; tile++) {
          const [row, column] = [Math.floor(tile / level.grid.columns), tile % level.grid.columns];
          const found = tilePlanes(without, decision, level, row, column);
          expect(found.uniform ? [found.plane] : [...found.blocks]).not.toContain(absent);
        }
      }),
    );
  });
});
