// Tiles without an opinion (clean glass) take their neighbours' plane, so that glass is calm and seams are few.
import type { TileGrid } from '../slide/tile-grid.js';
import type { TileWeights } from './content.js';
import type { TileOutlook } from './focus-curve.js';
import { leastScore, type ScoreBoard } from './score-board.js';

/**
 * Fills entries below 0 with the plane of the nearest tile (in steps to the left, right, up or down) that has one; of equally
 * near ones the lowest plane. Without any, plane 0 everywhere.
 */
export function fillFromNeighbours({ columns, rows }: TileGrid, planes: ArrayLike<number>): Uint16Array {
  const filled = Int32Array.from(planes);
  let frontier: number[] = [];
  for (let tile = 0; tile < filled.length; tile++) if (filled[tile] >= 0) frontier.push(tile);
  while (frontier.length > 0) {
    // All tiles at one distance are found before any is filled, so the order of visits does not matter.
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

/** A tile that is as likely as this to have content is never taken for glass. */
const glassProbability = 0.3;

/**
 * The planes that the outlooks name, but for glass: tiles with little to lose, which nobody looked at, take the plane of the nearest
 * tile that has an opinion. A look is never overruled. Tiles are taken for glass from the emptiest up while what could be lost by
 * that, at worst, adds up to no more than `budget` (in the unit of `counted`).
 */
export function calmGlass(
  { problem, looked, scores }: ScoreBoard,
  outlooks: readonly TileOutlook[],
  { best, content, counted }: TileWeights,
  budget: number,
): Uint16Array {
  const floor = leastScore(scores);
  const atStake = counted.map((weight, tile) => weight * Math.max(0, 1 - floor / Math.max(best[tile], 1e-9)));
  const glass = new Uint8Array(outlooks.length);
  const candidates = [...outlooks.keys()].filter((tile) => content[tile] < glassProbability);
  let spent = 0;
  for (const tile of candidates.sort((a, b) => atStake[a] - atStake[b])) {
    spent += looked[tile] > 0 ? 0 : atStake[tile];
    if (spent > budget) break;
    glass[tile] = 1;
  }
  const filled = fillFromNeighbours(
    problem.level.grid,
    outlooks.map(({ plane }, tile) => (glass[tile] ? -1 : plane)),
  );
  return Uint16Array.from(outlooks, ({ plane }, tile) => (looked[tile] > 0 && plane >= 0 ? plane : filled[tile]));
}
