// The grid of equal tiles that covers one level; tiles at the right and bottom edge may reach beyond the image.
import { clipToImage, type Rect, type Size } from './geometry.js';

export type TileGrid = Size & {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  readonly rows: number;
};

/** Side, in pixels, of the tiles laid over planes that have none, where nobody chooses another. */
export const defaultTileSize = 256;

/** The grid of tiles of the given size over an image of the given size; all in pixels, all above 0. */
export function layTileGrid(image: Size, tile: Size): TileGrid {
  return {
    width: image.width,
    height: image.height,
    tileWidth: tile.width,
    tileHeight: tile.height,
    columns: Math.ceil(image.width / tile.width),
    rows: Math.ceil(image.height / tile.height),
  };
}

/** How many tiles the grid has. */
export function tileCount(grid: TileGrid): number {
  return grid.columns * grid.rows;
}

/** Row-major index of a tile, 0 to tileCount - 1. */
export function tileIndex(grid: TileGrid, row: number, column: number): number {
  return row * grid.columns + column;
}

/** The part of the image that a tile shows: smaller than the tile at the right and bottom edge. */
export function tileRect(grid: TileGrid, row: number, column: number): Rect {
  const { tileWidth, tileHeight } = grid;
  const whole = {
    x: column * tileWidth,
    y: row * tileHeight,
    width: tileWidth,
    height: tileHeight,
  };
  return clipToImage(whole, grid);
}

/** Pixels of a tile as its codec decodes it, padding included. */
export function tilePixels(grid: TileGrid): number {
  return grid.tileWidth * grid.tileHeight;
}

/** Whether two grids lay the same tiles over the same image. */
export function sameGrid(a: TileGrid, b: TileGrid): boolean {
  return a.width === b.width && a.height === b.height && a.tileWidth === b.tileWidth && a.tileHeight === b.tileHeight;
}
