// Writes the levels of a slide, finest first, in file order. Tiles are made ahead of the writer, never more than it can take.
import { throwIfAborted } from '../errors.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import type { TileAddress } from '../slide/tile-address.js';
import { tileCount } from '../slide/tile-grid.js';
import type { EngineListener } from './engine-event.js';
import { readAhead } from './read-ahead.js';

/** A level whose tiles can be made one by one; `made` says how, for the report. */
export type MadeLevel<Made extends string> = Level & {
  readonly make: (
    row: number,
    column: number,
    readBack: (address: TileAddress) => Promise<EncodedTile>,
    signal?: AbortSignal,
  ) => Promise<{ readonly tile: EncodedTile; readonly made: Made }>;
};

export type WriteOptions = {
  /** Tiles made ahead of the writer, at least 1: with the bytes of as many tiles, this is what writing holds in memory. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EngineListener | undefined;
};

/** Makes and writes all tiles; answers how many came about in which way. */
export async function writeTiles<Made extends string>(
  levels: readonly MadeLevel<Made>[],
  writer: SlideWriter,
  { concurrency, signal, onEvent }: WriteOptions,
): Promise<Map<Made, number>> {
  const of = levels.reduce((sum, { grid }) => sum + tileCount(grid), 0);
  const counts = new Map<Made, number>();
  let tiles = 0;
  onEvent?.({ type: 'writing', tiles: of });
  for (const { level, grid, make } of levels) {
    const indices = Array.from({ length: tileCount(grid) }, (_, index) => index);
    const place = (index: number) => ({ row: Math.floor(index / grid.columns), column: index % grid.columns });
    const work = (index: number) => {
      const { row, column } = place(index);
      return make(row, column, (address) => writer.readBack(address), signal);
    };
    let index = 0;
    for await (const { tile, made } of readAhead(indices, work, concurrency)) {
      throwIfAborted(signal);
      await writer.writeTile({ level, plane: 0, ...place(index++) }, tile);
      counts.set(made, (counts.get(made) ?? 0) + 1);
      onEvent?.({ type: 'written', tiles: ++tiles, of });
    }
  }
  return counts;
}
