// Numbers as experiments compare them: tile by tile.
import { planeMajor, rowsOf } from '../../../src/planner/contract/number-table.js';

/** Numbers [plane][tile] as numbers [tile][plane]. */
export function byTile(numbers: Float64Array, planeCount: number): Float64Array {
  const table = planeMajor(numbers, planeCount);
  return rowsOf(table, [...Array(table.tiles).keys()]);
}
