// Writes the levels of a slide, finest first, in file order. Tiles are made ahead of the writer, those of the next level too.
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../errors.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import type { TileAddress } from '../slide/tile-address.js';
import { type TileGrid, tileCount } from '../slide/tile-grid.js';
import type { EngineListener } from './engine-event.js';
import { MakeAhead } from './make-ahead.js';

/** A level whose tiles can be made one by one; `made` says how, for the report. */
export type MadeLevel<Made extends string> = Level & {
  readonly make: (
    row: number,
    column: number,
    readBack: (address: TileAddress) => Promise<EncodedTile>,
    signal?: AbortSignal,
  ) => Promise<{ readonly tile: EncodedTile; readonly made: Made }>;
  /** Made of the tiles of the finer level, all of which must be written before. */
  readonly fromFiner: boolean;
};

export type WriteOptions = {
  /** Tiles of a level made at once, at least 1; two levels are under way. What is made and waits is bounded by its bytes. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EngineListener | undefined;
};

/** Bytes of tiles that wait for their turn, at most, give or take those being made: of the level being written, and of the next. */
const heldBytes = 16 * 2 ** 20;
/** What a tile takes beside its bytes. */
const heldBeside = 512;

/** Copying may go on without a pause for so long, in milliseconds: then other threads are heard, and Ctrl-C. */
const longestTurn = 4;

/** Makes and writes all tiles; answers how many came about in which way. */
export async function writeTiles<Made extends string>(
  levels: readonly MadeLevel<Made>[],
  writer: SlideWriter,
  { concurrency, signal, onEvent }: WriteOptions,
): Promise<Map<Made, number>> {
  const of = levels.reduce((sum, { grid }) => sum + tileCount(grid), 0);
  const counts = new Map<Made, number>();
  let tiles = 0;
  let turned = performance.now();
  onEvent?.({ type: 'writing', tiles: of });
  const start = ({ grid, make }: MadeLevel<Made>) =>
    new MakeAhead(
      placesOf(grid),
      ({ row, column }) => make(row, column, (address) => writer.readBack(address), signal),
      { running: concurrency, held: heldBytes, sizeOf: ({ tile }) => tile.bytes.length + heldBeside },
    );
  let ahead: ReturnType<typeof start> | undefined;
  try {
    for (const [index, { level, grid, ...own }] of levels.entries()) {
      const making = ahead ?? start({ level, grid, ...own });
      const next = levels[index + 1];
      // Coarser tiles are quilted while finer ones are copied.
      ahead = next && !next.fromFiner ? start(next) : undefined;
      const places = placesOf(grid);
      for await (const { tile, made } of making.results()) {
        throwIfAborted(signal);
        await writer.writeTile({ level, plane: 0, ...(places.next().value as Place) }, tile);
        counts.set(made, (counts.get(made) ?? 0) + 1);
        onEvent?.({ type: 'written', tiles: ++tiles, of });
        if (performance.now() - turned < longestTurn) continue;
        await setImmediate();
        turned = performance.now();
      }
    }
  } finally {
    ahead?.stop();
  }
  return counts;
}

type Place = { readonly row: number; readonly column: number };

/** The tiles of a grid, row by row. */
function* placesOf({ rows, columns }: TileGrid): Generator<Place, void, undefined> {
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) yield { row, column };
}
