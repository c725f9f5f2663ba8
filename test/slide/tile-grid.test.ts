import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipToImage } from '../../src/slide/geometry.js';
import { type Level, levelNumber, tilesPerSide, tilesUnder } from '../../src/slide/pyramid.js';
import { layTileGrid, tileCount, tileIndex, tileRect } from '../../src/slide/tile-grid.js';

const side = fc.integer({ min: 1, max: 400 });
const size = fc.record({ width: side, height: side });
const tile = fc.record({ width: fc.integer({ min: 1, max: 80 }), height: fc.integer({ min: 1, max: 80 }) });

describe('a tile grid', () => {
  it('should always cover every pixel of the image once', () => {
    fc.assert(
      fc.property(size, tile, (image, tileSize) => {
        const grid = layTileGrid(image, tileSize);
        const seen = new Uint8Array(image.width * image.height);
        for (let row = 0; row < grid.rows; row++) {
          for (let column = 0; column < grid.columns; column++) {
            const { x, y, width, height } = tileRect(grid, row, column);
            expect(width > 0 && height > 0 && width <= tileSize.width && height <= tileSize.height).toBe(true);
            for (let j = y; j < y + height; j++) for (let i = x; i < x + width; i++) seen[j * image.width + i]++;
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('should always number its tiles row by row, each once', () => {
    fc.assert(
      fc.property(size, tile, (image, tileSize) => {
        const grid = layTileGrid(image, tileSize);
        const numbers: number[] = [];
        for (let row = 0; row < grid.rows; row++) {
          for (let column = 0; column < grid.columns; column++) numbers.push(tileIndex(grid, row, column));
        }
        expect(numbers).toEqual(Array.from({ length: tileCount(grid) }, (_, i) => i));
      }),
    );
  });

  it('should never clip to anything outside the image', () => {
    const place = fc.integer({ min: -100, max: 500 });
    fc.assert(
      fc.property(size, place, place, size, (image, x, y, rect) => {
        const clipped = clipToImage({ x, y, ...rect }, image);
        expect(
          clipped.x >= 0 &&
            clipped.y >= 0 &&
            clipped.x + clipped.width <= image.width &&
            clipped.y + clipped.height <= image.height,
        ).toBe(true);
        expect(clipToImage(clipped, image)).toEqual(clipped);
        const overlap = (a: number, length: number, limit: number) =>
          Math.max(0, Math.min(a + length, limit) - Math.max(a, 0));
        expect([clipped.width, clipped.height]).toEqual([
          overlap(x, rect.width, image.width),
          overlap(y, rect.height, image.height),
        ]);
      }),
    );
  });
});

describe('a pyramid', () => {
  const roundings = { down: Math.floor, up: Math.ceil, nearest: Math.round } as const;
  const rounding = fc.constantFrom(...(Object.keys(roundings) as (keyof typeof roundings)[]));

  /** The size of level k, halved step by step or at once. */
  function sizeAt(
    finest: { width: number; height: number },
    level: number,
    how: keyof typeof roundings,
    stepwise: boolean,
  ) {
    const round = (length: number) => {
      if (!stepwise) return Math.max(1, roundings[how](length / 2 ** level));
      let result = length;
      for (let i = 0; i < level; i++) result = Math.max(1, roundings[how](result / 2));
      return result;
    };
    return { width: round(finest.width), height: round(finest.height) };
  }

  it('should always know the number of a level, however its size was rounded', () => {
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 300, max: 1e6 }), height: fc.integer({ min: 300, max: 1e6 }) }),
        fc.integer({ min: 0, max: 7 }),
        rounding,
        fc.boolean(),
        (finest, level, how, stepwise) => {
          expect(levelNumber(finest, sizeAt(finest, level, how, stepwise))).toBe(level);
        },
      ),
    );
  });

  it('should never take a picture of another shape or scale for a level', () => {
    const finest = { width: 1000, height: 800 };
    for (const other of [
      { width: 500, height: 410 },
      { width: 333, height: 266 },
      { width: 2000, height: 1600 },
      { width: 700, height: 560 },
      { width: 160, height: 128 },
    ]) {
      expect(levelNumber(finest, other)).toBeUndefined();
    }
  });

  it('should always give every fine tile to one coarse tile where tiles nest, at least one to each', () => {
    const tiles = fc.constantFrom(16, 32, 64);
    fc.assert(
      fc.property(
        size,
        tiles,
        tiles,
        fc.integer({ min: 1, max: 3 }),
        rounding,
        fc.boolean(),
        (image, fineTile, coarseTile, level, how, stepwise) => {
          const fine: Level = { level: 0, grid: layTileGrid(image, { width: fineTile, height: fineTile }) };
          const coarse: Level = {
            level,
            grid: layTileGrid(sizeAt(image, level, how, stepwise), { width: coarseTile, height: coarseTile }),
          };
          const nests = (coarseTile * 2 ** level) % fineTile === 0;
          expect(tilesPerSide(fine, coarse) !== undefined).toBe(nests);
          if (!nests) {
            expect(() => tilesUnder(fine, coarse, 0, 0)).toThrow(RangeError);
            return;
          }
          const owners = new Map<string, number>();
          for (let row = 0; row < coarse.grid.rows; row++) {
            for (let column = 0; column < coarse.grid.columns; column++) {
              const block = tilesUnder(fine, coarse, row, column);
              expect(block.rowEnd > block.row && block.columnEnd > block.column).toBe(true);
              for (let r = block.row; r < block.rowEnd; r++)
                for (let c = block.column; c < block.columnEnd; c++)
                  owners.set(`${r},${c}`, (owners.get(`${r},${c}`) ?? 0) + 1);
            }
          }
          // Rounding up may give a coarse level a row or column of its own, which then shares the last fine one.
          const shared = [...owners.values()].filter((times) => times > 1).length;
          if (how === 'down') expect(shared).toBe(0);
          for (const key of owners.keys()) {
            const [row, column] = key.split(',').map(Number);
            expect([key, row < fine.grid.rows && column < fine.grid.columns]).toEqual([key, true]);
          }
        },
      ),
    );
  });
});
