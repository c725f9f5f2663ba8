// Tiles without an opinion (clean glass) take their neighbours' plane, so that glass is calm and seams are few.
import type { TileGrid } from '../../slide/tile-grid.js';
import type { ScoreBoard } from '../contract/score-table.js';
import type { TileWeights } from '../model/content.js';
import type { Outlooks } from '../model/tile-risks.js';

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
export function fillAreas(grid: TileGrid, planes: ArrayLike<number>): Uint16Array {
  const filled = Uint16Array.from(planes);
  const areas = new Areas(grid, planes);
  for (let start = 0; start < planes.length; start++) {
    if (planes[start] >= 0 || areas.isKnown(start)) continue;
    const area = areas.around(start);
    const plane = areas.plane;
    for (let i = 0; i < area.length; i++) filled[area[i]] = plane;
  }
  return filled;
}

/** Areas of touching entries below 0, one after the other. */
class Areas {
  readonly #grid: TileGrid;
  readonly #planes: ArrayLike<number>;
  readonly #known: Uint8Array;
  /** The tiles of the area at hand, one after the other as they are found, and how often each plane lies along its border. */
  readonly #found: Uint32Array;
  #count = 0;
  readonly #votes: Uint32Array;

  constructor(grid: TileGrid, planes: ArrayLike<number>) {
    this.#grid = grid;
    this.#planes = planes;
    this.#known = new Uint8Array(planes.length);
    this.#found = new Uint32Array(planes.length);
    let highest = 0;
    for (let tile = 0; tile < planes.length; tile++) if (planes[tile] > highest) highest = planes[tile];
    this.#votes = new Uint32Array(highest + 1);
  }

  /** Whether a tile belongs to an area that was walked. */
  isKnown(tile: number): boolean {
    return this.#known[tile] === 1;
  }

  /** Walks the area that a tile belongs to: its tiles, until the next walk. */
  around(start: number): Uint32Array {
    const { columns } = this.#grid;
    const { length } = this.#planes;
    this.#votes.fill(0);
    this.#count = 0;
    this.#visit(start);
    for (let i = 0; i < this.#count; i++) {
      const tile = this.#found[i];
      const column = tile % columns;
      // The tile itself is known: visiting it with its row changes nothing
      const last = column < columns - 1 ? tile + 1 : tile;
      for (let beside = column > 0 ? tile - 1 : tile; beside <= last; beside++) this.#visit(beside);
      for (let beside = tile - columns; beside <= tile + columns; beside += 2 * columns) {
        if (beside >= 0 && beside < length) this.#visit(beside);
      }
    }
    return this.#found.subarray(0, this.#count);
  }

  #visit(tile: number): void {
    const plane = this.#planes[tile];
    if (plane >= 0) this.#votes[plane]++;
    else if (this.#known[tile] === 0) {
      this.#known[tile] = 1;
      this.#found[this.#count++] = tile;
    }
  }

  /** The plane that most tiles along the border of the area have, the lowest on a tie. */
  get plane(): number {
    let most = 0;
    for (let plane = 1; plane < this.#votes.length; plane++) if (this.#votes[plane] > this.#votes[most]) most = plane;
    return most;
  }
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
  { problem, looked, lookedTiles, leastScore, tiles }: ScoreBoard,
  { plane }: Outlooks,
  { best, content, counted }: TileWeights,
  budget: number,
): Uint16Array {
  const atStake = new Float64Array(tiles).fill(Number.POSITIVE_INFINITY);
  const costs = new Float64Array(tiles);
  let count = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const possibleLoss = Math.max(0, 1 - leastScore / Math.max(best[tile], 1e-9));
    if (content[tile] >= glassProbability || possibleLoss >= quietLoss) continue;
    atStake[tile] = counted[tile] * possibleLoss;
    if (looked[tile] === 0) costs[count++] = atStake[tile];
  }
  const { most, times } = affordable(costs.subarray(0, count), budget);
  const open = new Int32Array(plane);
  for (let tile = 0, equal = 0; tile < tiles; tile++) {
    if (atStake[tile] > most) continue;
    if (atStake[tile] === most && looked[tile] === 0) equal++;
    if (atStake[tile] < most || equal <= times) open[tile] = -1;
  }
  const filled = fillAreas(problem.level.grid, open);
  for (const tile of lookedTiles) if (plane[tile] >= 0) filled[tile] = plane[tile];
  return filled;
}

/** The most that may be paid for one, and how many times, where the least costs are paid first, in all up to `budget`; the order is lost. */
function affordable(costs: Float64Array, budget: number): { readonly most: number; readonly times: number } {
  costs.sort();
  let spent = 0;
  for (let i = 0; i < costs.length; i++) {
    spent += costs[i];
    if (spent > budget) return { most: costs[i], times: i - costs.indexOf(costs[i]) };
  }
  return { most: Number.MAX_VALUE, times: 0 };
}
