// Numbers of tiles on planes, whichever of both lie side by side: lengths come plane by plane, what planners make is tile by tile.

/** One number for every tile and plane. */
export type NumberTable = {
  readonly numbers: Float64Array;
  readonly tiles: number;
  readonly planeCount: number;
  /** The number of a tile on a plane lies at tile x tileStep + plane x planeStep. */
  readonly tileStep: number;
  readonly planeStep: number;
};

/** Passes over a table go plane by plane through so many tiles at a time: what they keep of these stays in the cache; unmeasured. */
export const tilesAtATime = 256;

/** Numbers [tile][plane]. */
export function tileMajor(numbers: Float64Array, planeCount: number): NumberTable {
  return { numbers, tiles: numbers.length / planeCount, planeCount, tileStep: planeCount, planeStep: 1 };
}

/** Numbers [plane][tile]. */
export function planeMajor(numbers: Float64Array, planeCount: number): NumberTable {
  const tiles = numbers.length / planeCount;
  return { numbers, tiles, planeCount, tileStep: 1, planeStep: tiles };
}

/** The numbers of some tiles, [i][plane]. */
export function rowsOf(table: NumberTable, tiles: readonly number[]): Float64Array {
  const { numbers, planeCount, tileStep, planeStep } = table;
  const rows = new Float64Array(tiles.length * planeCount);
  for (const [i, tile] of tiles.entries()) {
    for (let plane = 0; plane < planeCount; plane++) {
      rows[i * planeCount + plane] = numbers[tile * tileStep + plane * planeStep];
    }
  }
  return rows;
}
