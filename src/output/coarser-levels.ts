// Coarser levels of an image that comes in rows of tiles: each row, once whole, is cut into tiles and handed on at half its size.
// Memory: one row of tiles a level, together twice the finest row.
import type { Size } from '../slide/geometry.js';
import type { Level } from '../slide/pyramid.js';
import {
  cropRaster,
  filledRaster,
  halveRaster,
  type PixelFormat,
  padRaster,
  pasteRaster,
  type Raster,
} from '../slide/raster.js';
import { layTileGrid } from '../slide/tile-grid.js';

/** The levels of an image: halves, rounded down, until one tile holds all, or `count` of them. */
export function halvedLevels(image: Size, tile: Size, count = Number.POSITIVE_INFINITY): Level[] {
  const levels: Level[] = [];
  for (let { width, height } = image, level = 0; level < count; level++) {
    levels.push({ level, grid: layTileGrid({ width, height }, tile) });
    if (width <= tile.width && height <= tile.height) break;
    width = Math.max(1, width >> 1);
    height = Math.max(1, height >> 1);
  }
  return levels;
}

/** A tile that is ready: of the true size of the slide's part it shows, padded by repetition. */
export type ReadyTile = {
  readonly level: number;
  readonly row: number;
  readonly column: number;
  readonly raster: Raster;
};

export class PyramidBuilder {
  readonly #levels: readonly Level[];
  /** By level: the band of a row of tiles under way, and how many of its lines are there. */
  readonly #bands: { raster: Raster; lines: number; row: number }[];

  constructor(levels: readonly Level[], format: PixelFormat) {
    this.#levels = levels;
    this.#bands = levels.map(({ grid }) => ({
      raster: filledRaster({ width: grid.width, height: grid.tileHeight }, format, 0),
      lines: 0,
      row: 0,
    }));
  }

  /** Takes the next row of tiles of the finest level, left to right, padded or not; yields all tiles that are ready, row by row. */
  *addRow(tiles: readonly Raster[]): Generator<ReadyTile> {
    const [{ grid }] = this.#levels;
    const band = this.#bands[0];
    const lines = Math.min(grid.tileHeight, grid.height - band.row * grid.tileHeight);
    for (const [column, tile] of tiles.entries()) {
      const x = column * grid.tileWidth;
      pasteRaster(band.raster, x, 0, tile, {
        x: 0,
        y: 0,
        width: Math.min(grid.tileWidth, grid.width - x),
        height: lines,
      });
    }
    band.lines = lines;
    yield* this.#handOn(0);
  }

  /** Cuts the band of a level whose row is whole, and passes it on. */
  *#handOn(index: number): Generator<ReadyTile> {
    const { level, grid } = this.#levels[index];
    const band = this.#bands[index];
    const { row, lines } = band;
    const whole = cropRaster(band.raster, { x: 0, y: 0, width: grid.width, height: lines });
    for (let column = 0; column < grid.columns; column++) {
      const x = column * grid.tileWidth;
      const shown = { x, y: 0, width: Math.min(grid.tileWidth, grid.width - x), height: lines };
      const tile = { width: grid.tileWidth, height: grid.tileHeight };
      const cut = cropRaster(whole, shown);
      // Cut whole, it is the band itself, which the next row overwrites.
      const own = cut === band.raster ? { ...cut, data: cut.data.slice() } : cut;
      yield { level, row, column, raster: padRaster(own, tile) };
    }
    band.lines = 0;
    band.row++;
    if (index + 1 < this.#levels.length) yield* this.#addHalf(index + 1, halveRaster(whole));
  }

  *#addHalf(index: number, half: Raster): Generator<ReadyTile> {
    const { grid } = this.#levels[index];
    const band = this.#bands[index];
    // Halves are rounded down: a last odd line or column is dropped.
    const remaining = Math.max(0, grid.height - band.row * grid.tileHeight - band.lines);
    const height = Math.min(half.height, remaining);
    pasteRaster(band.raster, 0, band.lines, half, { x: 0, y: 0, width: grid.width, height });
    band.lines += height;
    const isLastRow = (band.row + 1) * grid.tileHeight >= grid.height;
    const full = isLastRow ? grid.height - band.row * grid.tileHeight : grid.tileHeight;
    if (height > 0 && band.lines === full) yield* this.#handOn(index);
  }
}
