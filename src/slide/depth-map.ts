// What planning decides: the chosen plane of every tile of one level, and of every block inside tiles that mix planes.
import type { TileGrid } from './tile-grid.js';

/** Width and height in pixels of the blocks that planes are chosen for inside a tile: the MCU of JPEG 4:2:0. */
export const blockSize = 16;

/** Arrays are row-major, one entry a tile. */
export type DepthMap = {
  readonly level: number;
  readonly columns: number;
  readonly rows: number;
  readonly planeCount: number;
  /** The chosen plane, an index; of a tile that mixes planes the one that most of its blocks have. */
  readonly planes: Uint16Array;
  /** How sure the choice is: 0 (a guess) to 1. */
  readonly confidence: Float32Array;
  /** How many planes of the tile were scored at the decision level. */
  readonly looked: Uint16Array;
  /** Tiles that mix planes, by index: the plane of each block, row-major. */
  readonly blocks: ReadonlyMap<number, Uint16Array>;
};

/** A map of plane 0 everywhere, with no confidence. */
export function emptyDepthMap(level: number, grid: TileGrid, planeCount: number): DepthMap {
  const tiles = grid.columns * grid.rows;
  return {
    level,
    columns: grid.columns,
    rows: grid.rows,
    planeCount,
    planes: new Uint16Array(tiles),
    confidence: new Float32Array(tiles),
    looked: new Uint16Array(tiles),
    blocks: new Map(),
  };
}

/** How many blocks lie across and down a tile of the grid. */
export function blocksPerTile({ tileWidth, tileHeight }: TileGrid): {
  readonly columns: number;
  readonly rows: number;
} {
  return { columns: Math.ceil(tileWidth / blockSize), rows: Math.ceil(tileHeight / blockSize) };
}

/** The plane that most blocks have; the lowest on a tie. */
export function mostFrequentPlane(blocks: Uint16Array): number {
  // A large tile has more blocks than a call can have arguments.
  let last = 0;
  for (const plane of blocks) if (plane > last) last = plane;
  const counts = new Uint32Array(last + 1);
  for (const plane of blocks) counts[plane]++;
  let most = 0;
  for (let plane = 1; plane <= last; plane++) if (counts[plane] > counts[most]) most = plane;
  return most;
}

/** The planes that blocks have, ascending, each once. */
export function planesIn(blocks: Uint16Array): number[] {
  const found: number[] = [];
  let last = -1;
  for (const plane of blocks) {
    if (plane !== last && !found.includes(plane)) found.push(plane);
    last = plane;
  }
  return found.sort((a, b) => a - b);
}
