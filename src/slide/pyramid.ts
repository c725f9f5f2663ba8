// The levels of a slide. Level 0 is the finest; level k is 2^k times coarser. A slide may lack a level between two others.
import type { Size } from './geometry.js';
import type { TileGrid } from './tile-grid.js';

export type Level = {
  /** 0 is the finest. */
  readonly level: number;
  readonly grid: TileGrid;
};

/** Levels from fine to coarse; the first is level 0. */
export type Pyramid = readonly Level[];

/** A block of tiles: rows and columns, last ones excluded. */
export type TileBlock = {
  readonly row: number;
  readonly column: number;
  readonly rowEnd: number;
  readonly columnEnd: number;
};

/** The level, or undefined where the slide lacks it. */
export function findLevel(pyramid: Pyramid, level: number): Level | undefined {
  return pyramid.find((candidate) => candidate.level === level);
}

/**
 * The level number of an image of this size below a finest image of that size: the k with size = finest / 2^k, each side
 * rounded in any way, writers differ. Undefined where there is no such k.
 */
export function levelNumber(finest: Size, size: Size): number | undefined {
  const level = Math.round(Math.log2(Math.max(finest.width / size.width, finest.height / size.height)));
  const fits = (whole: number, part: number) => Math.abs(whole / 2 ** level - part) < 1 || part === 1;
  return level >= 0 && fits(finest.width, size.width) && fits(finest.height, size.height) ? level : undefined;
}

/**
 * How many tiles of `fine` lie along each side of a tile of `coarse`: a whole number, or undefined where the borders of
 * coarse tiles do not all fall on borders of fine ones.
 */
export function tilesPerSide(fine: Level, coarse: Level): { readonly x: number; readonly y: number } | undefined {
  const scale = 2 ** (coarse.level - fine.level);
  const x = (coarse.grid.tileWidth * scale) / fine.grid.tileWidth;
  const y = (coarse.grid.tileHeight * scale) / fine.grid.tileHeight;
  return Number.isInteger(x) && Number.isInteger(y) ? { x, y } : undefined;
}

/** The tiles of `fine` under one tile of `coarse`, at least one; their borders must coincide (see tilesPerSide). */
export function tilesUnder(fine: Level, coarse: Level, row: number, column: number): TileBlock {
  const side = tilesPerSide(fine, coarse);
  if (!side) throw new RangeError(`tiles of level ${coarse.level} do not nest in those of level ${fine.level}`);
  const { rows, columns } = fine.grid;
  return {
    // Rounding may give a coarser level a last row or column that the finer one lacks: it goes with the last there is.
    row: Math.min(row * side.y, rows - 1),
    column: Math.min(column * side.x, columns - 1),
    rowEnd: Math.min((row + 1) * side.y, rows),
    columnEnd: Math.min((column + 1) * side.x, columns),
  };
}

/** How many tiles a block has. */
export function blockTiles({ row, column, rowEnd, columnEnd }: TileBlock): number {
  return (rowEnd - row) * (columnEnd - column);
}
