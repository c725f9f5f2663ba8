import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, halved } from '../../experiments/harness/fixtures/pictures.js';
import { halvedLevels, PyramidBuilder, type ReadyTile } from '../../src/output/coarser-levels.js';
import { tileRect } from '../../src/slide/tile-grid.js';
import { arbitraryRaster, pixelFormats } from '../arbitraries/raster.js';

const arbitraryPicture = fc.constantFrom(...pixelFormats).chain((format) => arbitraryRaster(format, 90));
const arbitraryTile = fc.record({ width: fc.constantFrom(8, 16, 24), height: fc.constantFrom(8, 16, 24) });

describe('halvedLevels', () => {
  it('should always halve until one tile holds all', () => {
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 1, max: 1e5 }), height: fc.integer({ min: 1, max: 1e5 }) }),
        arbitraryTile,
        (image, tile) => {
          const levels = halvedLevels(image, tile);
          expect(levels.map(({ level }) => level)).toEqual(levels.map((_, i) => i));
          for (const [i, { grid }] of levels.entries()) {
            expect([grid.width, grid.height]).toEqual([
              Math.max(1, Math.floor(image.width / 2 ** i)),
              Math.max(1, Math.floor(image.height / 2 ** i)),
            ]);
            expect(grid.columns * grid.rows === 1).toBe(i === levels.length - 1);
          }
          expect(halvedLevels(image, tile, 2)).toEqual(levels.slice(0, 2));
        },
      ),
    );
  });
});

describe('PyramidBuilder', () => {
  it('should always give every tile of every level once, as halving the whole picture gives it', () => {
    fc.assert(
      fc.property(arbitraryPicture, arbitraryTile, (picture, tile) => {
        const levels = halvedLevels(picture, tile);
        const pictures = [picture];
        while (pictures.length < levels.length) pictures.push(halved(pictures[pictures.length - 1], 'down'));
        const builder = new PyramidBuilder(levels, picture);
        const ready: ReadyTile[] = [];
        const [{ grid }] = levels;
        for (let row = 0; row < grid.rows; row++) {
          const tiles = Array.from({ length: grid.columns }, (_, column) =>
            cut(picture, column * tile.width, row * tile.height, tile),
          );
          ready.push(...builder.addRow(tiles));
        }
        const found = new Map(ready.map((each) => [`${each.level},${each.row},${each.column}`, each.raster]));
        expect(found.size).toBe(ready.length);
        expect(ready).toHaveLength(levels.reduce((sum, level) => sum + level.grid.rows * level.grid.columns, 0));
        for (const { level, row, column, raster } of ready) {
          const rect = tileRect(levels[level].grid, row, column);
          expect([raster.width, raster.height]).toEqual([tile.width, tile.height]);
          // Of the true size, and padded by repetition.
          expect(raster).toEqual(cut(cut(pictures[level], rect.x, rect.y, rect), 0, 0, tile));
        }
      }),
      { numRuns: 60 },
    );
  });
});
