// What planning decides: the chosen plane of every tile of one level.
import type { TileGrid } from './tile-grid.js';

/** Arrays are row-major, one entry a tile. */
export type DepthMap = {
  readonly level: number;
  readonly columns: number;
  readonly rows: number;
  readonly planeCount: number;
  /** The chosen plane, an index. */
  readonly planes: Uint16Array;
  /** How sure the choice is: 0 (a guess) to 1. */
  readonly confidence: Float32Array;
  /** How many planes of the tile were scored at the decision level. */
  readonly looked: Uint16Array;
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
  };
}
