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

/**
 * Fills every area of touching entries below 0 with one plane: the one that most tiles along its border have, the lowest on a tie;
 * 0 where nothing borders on it. What lies between two clumps of other heights then has one seam, not one for every gap.
 */
export function fillAreas({ columns, rows }: TileGrid, planes: ArrayLike<number>): Uint16Array {
  const filled = Int32Array.from(planes);
  const seen = new Uint8Array(filled.length);
  for (let start = 0; start < filled.length; start++) {
    if (filled[start] >= 0 || seen[start]) continue;
    const area = [start];
    const votes = new Map<number, number>();
    seen[start] = 1;
    for (const tile of area) {
      for (const other of neighbours(tile, columns, rows)) {
        if (planes[other] >= 0) votes.set(planes[other], (votes.get(planes[other]) ?? 0) + 1);
        else if (!seen[other]) {
          seen[other] = 1;
          area.push(other);
        }
      }
    }
    const [[plane] = [0]] = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    for (const tile of area) filled[tile] = plane;
  }
  return Uint16Array.from(filled);
}

/** The tiles to the left, right, above and below. */
function neighbours(tile: number, columns: number, rows: number): number[] {
  const column = tile % columns;
  const found: number[] = [];
  if (tile >= columns) found.push(tile - columns);
  if (column > 0) found.push(tile - 1);
  if (column < columns - 1) found.push(tile + 1);
  if (tile < columns * (rows - 1)) found.push(tile + columns);
  return found;
}

/** A tile that is as likely as this to have content is never taken for glass. */
const glassProbability = 0.3;
/** Nor one that could lose this part of its sharpness: however little there is on it, it has a plane of its own (an island's edge). */
const quietLoss = 0.7;

/**
 * The planes that the outlooks name, but for glass: areas of tiles with little to lose, which nobody looked at, take the plane that
 * most tiles around them have. A look is never overruled. Tiles are taken for glass from the emptiest up while what could be lost
 * by that, at worst, adds up to no more than `budget` (in the unit of `counted`).
 */
export function calmGlass(
  { problem, looked, scores }: ScoreBoard,
  outlooks: readonly TileOutlook[],
  { best, content, counted }: TileWeights,
  budget: number,
): Uint16Array {
  const floor = leastScore(scores);
  const possibleLoss = (tile: number) => Math.max(0, 1 - floor / Math.max(best[tile], 1e-9));
  const atStake = counted.map((weight, tile) => weight * possibleLoss(tile));
  const glass = new Uint8Array(outlooks.length);
  const candidates = [...outlooks.keys()].filter(
    (tile) => content[tile] < glassProbability && possibleLoss(tile) < quietLoss,
  );
  let spent = 0;
  for (const tile of candidates.sort((a, b) => atStake[a] - atStake[b])) {
    spent += looked[tile] > 0 ? 0 : atStake[tile];
    if (spent > budget) break;
    glass[tile] = 1;
  }
  const filled = fillAreas(
    problem.level.grid,
    outlooks.map(({ plane }, tile) => (glass[tile] ? -1 : plane)),
  );
  return Uint16Array.from(outlooks, ({ plane }, tile) => (looked[tile] > 0 && plane >= 0 ? plane : filled[tile]));
}
