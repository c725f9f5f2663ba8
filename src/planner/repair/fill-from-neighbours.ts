// Tiles without a plane take that of the nearest tile that has one.
import type { TileGrid } from '../../slide/tile-grid.js';

/**
 * Fills entries below 0 with the plane of the nearest tile (in steps to the left, right, up or down) that has one; of equally
 * near ones the lowest plane. Without any, plane 0 everywhere.
 */
export function fillFromNeighbours({ columns, rows }: TileGrid, planes: ArrayLike<number>): Uint16Array {
  const filled = Int32Array.from(planes);
  let frontier: number[] = [];
  for (let tile = 0; tile < filled.length; tile++) if (filled[tile] >= 0) frontier.push(tile);
  while (frontier.length > 0) {
    // All tiles at one distance are collected before any is filled, so the order of visits does not matter.
    const reached = new Map<number, number>();
    for (const tile of frontier) {
      const column = tile % columns;
      const row = (tile - column) / columns;
      if (column > 0) reach(tile - 1, filled[tile]);
      if (column < columns - 1) reach(tile + 1, filled[tile]);
      if (row > 0) reach(tile - columns, filled[tile]);
      if (row < rows - 1) reach(tile + columns, filled[tile]);
    }
    for (const [tile, plane] of reached) filled[tile] = plane;
    frontier = [...reached.keys()];

    function reach(tile: number, plane: number): void {
      if (filled[tile] < 0) reached.set(tile, Math.min(plane, reached.get(tile) ?? plane));
    }
  }
  return Uint16Array.from(filled, (plane) => Math.max(0, plane));
}
