// How many rectangles show on each tile of a grid, in time that grows with tiles and rectangles, not with their product.
import type { Rect, Size } from '../../slide/geometry.js';
import { layTileGrid, type TileGrid } from '../../slide/tile-grid.js';

/** Counts, row-major. Each rectangle adds one to every tile that it has a pixel on; what lies outside the grid is left out. */
export function countOnTiles(rects: Iterable<Rect>, grid: TileGrid): Int32Array {
  const { columns, rows, tileWidth, tileHeight } = grid;
  const stride = columns + 1;
  // Differences at corners, summed up below: one column and row more than the grid has.
  const sums = new Int32Array(stride * (rows + 1));
  for (const { x, y, width, height } of rects) {
    const left = Math.max(0, Math.floor(x / tileWidth));
    const top = Math.max(0, Math.floor(y / tileHeight));
    const right = Math.min(columns, Math.ceil((x + width) / tileWidth));
    const bottom = Math.min(rows, Math.ceil((y + height) / tileHeight));
    if (right <= left || bottom <= top) continue;
    sums[top * stride + left]++;
    sums[top * stride + right]--;
    sums[bottom * stride + left]--;
    sums[bottom * stride + right]++;
  }
  const counts = new Int32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0, across = 0; column < columns; column++) {
      across += sums[row * stride + column];
      counts[row * columns + column] = across + (row > 0 ? counts[(row - 1) * columns + column] : 0);
    }
  }
  return counts;
}

/**
 * Whether rectangles of a level show something wherever those of level 0, `scale` times as fine, do. They are compared by square cells,
 * of which there are `maxCells` or fewer; edges may differ by a cell and by rounding. `size` is the level's.
 */
export function coversAll(
  rects: readonly Rect[],
  finest: readonly Rect[],
  size: Size,
  { scale, maxCells }: { readonly scale: number; readonly maxCells: number },
): boolean {
  const cell = Math.max(1, Math.ceil(Math.sqrt((size.width * size.height) / maxCells)));
  const cells = layTileGrid(size, { width: cell, height: cell });
  const shown = countOnTiles(rects, cells);
  const margin = cell + 1;
  const inner = finest.map(({ x, y, width, height }) => ({
    x: x / scale + margin,
    y: y / scale + margin,
    width: width / scale - 2 * margin,
    height: height / scale - 2 * margin,
  }));
  const needed = countOnTiles(
    inner.filter(({ width, height }) => width > 0 && height > 0),
    cells,
  );
  return needed.every((count, index) => count === 0 || shown[index] > 0);
}
