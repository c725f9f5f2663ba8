// Areas of tiles without a plane take the plane of their border.
import type { TileGrid } from '../../slide/tile-grid.js';

/**
 * Fills every area of touching entries below 0 with one plane: the one that lies along most of its border, the lowest on a tie; 0
 * where nothing borders on it. What lies between two clumps of other heights then has one seam, not one for every gap.
 */
export function fillAreas(grid: TileGrid, planes: ArrayLike<number>): Uint16Array {
  const filled = Uint16Array.from(planes);
  const areas = new Areas(grid, planes);
  for (let start = 0; start < planes.length; start++) {
    if (planes[start] >= 0 || areas.isVisited(start)) continue;
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
  readonly #visited: Uint8Array;
  /** The tiles of the area at hand, one after the other as they are reached, and how often each plane lies along its border. */
  readonly #members: Uint32Array;
  #count = 0;
  readonly #votes: Uint32Array;

  constructor(grid: TileGrid, planes: ArrayLike<number>) {
    this.#grid = grid;
    this.#planes = planes;
    this.#visited = new Uint8Array(planes.length);
    this.#members = new Uint32Array(planes.length);
    let highest = 0;
    for (let tile = 0; tile < planes.length; tile++) if (planes[tile] > highest) highest = planes[tile];
    this.#votes = new Uint32Array(highest + 1);
  }

  /** Whether a tile belongs to an area that was walked. */
  isVisited(tile: number): boolean {
    return this.#visited[tile] === 1;
  }

  /** Walks the area that a tile belongs to: its tiles, until the next walk. */
  around(start: number): Uint32Array {
    const { columns } = this.#grid;
    const { length } = this.#planes;
    this.#votes.fill(0);
    this.#count = 0;
    this.#visit(start);
    for (let i = 0; i < this.#count; i++) {
      const tile = this.#members[i];
      const column = tile % columns;
      // The tile itself was visited: visiting it with its row changes nothing
      const last = column < columns - 1 ? tile + 1 : tile;
      for (let beside = column > 0 ? tile - 1 : tile; beside <= last; beside++) this.#visit(beside);
      for (let beside = tile - columns; beside <= tile + columns; beside += 2 * columns) {
        if (beside >= 0 && beside < length) this.#visit(beside);
      }
    }
    return this.#members.subarray(0, this.#count);
  }

  #visit(tile: number): void {
    const plane = this.#planes[tile];
    if (plane >= 0) this.#votes[plane]++;
    else if (this.#visited[tile] === 0) {
      this.#visited[tile] = 1;
      this.#members[this.#count++] = tile;
    }
  }

  /** The plane along most of the border of the area, the lowest on a tie. */
  get plane(): number {
    let best = 0;
    for (let plane = 1; plane < this.#votes.length; plane++) if (this.#votes[plane] > this.#votes[best]) best = plane;
    return best;
  }
}
