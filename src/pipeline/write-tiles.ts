// Writes the levels of a slide, finest first, in file order. Tiles are made ahead of the writer, those of the next level too.
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../errors.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import type { TileAddress } from '../slide/tile-address.js';
import { tileCount } from '../slide/tile-grid.js';
import type { TileStrips } from '../slide/tile-strips.js';
import type { EngineListener } from './engine-event.js';
import { MakeAhead } from './make-ahead.js';

type Made<How extends string> = { readonly tile: EncodedTile; readonly made: How };

/** A level whose tiles can be made one by one; `made` says how, for the report. */
export type MadeLevel<How extends string> = Level & {
  readonly make: (
    row: number,
    column: number,
    readBack: (address: TileAddress) => Promise<EncodedTile>,
    signal?: AbortSignal,
  ) => Promise<Made<How>>;
  readonly strips?: TileStrips<Made<How>> | undefined;
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
export async function writeTiles<How extends string>(
  levels: readonly MadeLevel<How>[],
  writer: SlideWriter,
  { concurrency, signal, onEvent }: WriteOptions,
): Promise<Map<How, number>> {
  const of = levels.reduce((sum, { grid }) => sum + tileCount(grid), 0);
  const counts = new Map<How, number>();
  let tiles = 0;
  let turned = performance.now();
  onEvent?.({ type: 'writing', tiles: of });
  const start = (level: MadeLevel<How>) =>
    new MakeAhead(stripsOf(level), (strip) => makeStrip(level, strip, writer, signal), {
      running: concurrency,
      countOf: ({ planes }) => Math.max(1, planes.length),
      held: heldBytes,
      sizeOf: ({ made }) => made.reduce((sum, { tile }) => sum + tile.bytes.length + heldBeside, 0),
    });
  let ahead: ReturnType<typeof start> | undefined;
  try {
    for (const [index, own] of levels.entries()) {
      const making = ahead ?? start(own);
      const next = levels[index + 1];
      // Coarser tiles are quilted while finer ones are copied.
      ahead = next && !next.fromFiner ? start(next) : undefined;
      for await (const { row, column, made: strip } of making.results()) {
        throwIfAborted(signal);
        for (const [i, { tile, made }] of strip.entries()) {
          await writer.writeTile({ level: own.level, plane: 0, row, column: column + i }, tile);
          counts.set(made, (counts.get(made) ?? 0) + 1);
          onEvent?.({ type: 'written', tiles: ++tiles, of });
        }
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

/** Tiles side by side that are copied together, or one that is made by itself: then there are no planes. */
type Strip = { readonly row: number; readonly column: number; readonly planes: readonly number[] };

/** The tiles of a level row by row, in strips. */
function* stripsOf({ grid: { rows, columns }, strips }: MadeLevel<string>): Generator<Strip, void, undefined> {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const planes = strips?.planesFrom(row, column) ?? [];
      yield { row, column, planes };
      column += Math.max(1, planes.length);
    }
  }
}

async function makeStrip<How extends string>(
  { make, strips }: MadeLevel<How>,
  { row, column, planes }: Strip,
  writer: SlideWriter,
  signal: AbortSignal | undefined,
): Promise<{ readonly row: number; readonly column: number; readonly made: readonly Made<How>[] }> {
  if (strips && planes.length > 0) return { row, column, made: await strips.copy(row, column, planes, signal) };
  const made = await make(row, column, (address) => writer.readBack(address), signal);
  return { row, column, made: [made] };
}
