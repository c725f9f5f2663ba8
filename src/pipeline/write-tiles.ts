// Writes the levels of a slide, finest first, in file order. Tiles are made ahead of the writer, those of the next level too.
import { setImmediate } from 'node:timers/promises';
import { isSlideError } from '../errors.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import type { TileAddress } from '../slide/tile-address.js';
import { tileCount } from '../slide/tile-grid.js';
import { TileRun, type TileRuns } from '../slide/tile-run.js';
import type { FollowOptions } from './engine-event.js';
import { OrderedPrefetch } from './ordered-prefetch.js';

type Made<How extends string> = { readonly tile: EncodedTile; readonly made: How };

/** A level whose tiles can be made one by one; `made` says how, for the report. */
export type MadeLevel<How extends string> = Level & {
  readonly make: (
    row: number,
    column: number,
    readBack: (address: TileAddress) => Promise<EncodedTile>,
    signal?: AbortSignal,
  ) => Promise<Made<How>>;
  readonly runs?: TileRuns<How> | undefined;
  /** Made of the tiles of the finer level, all of which must be written before. */
  readonly fromFiner: boolean;
};

export type WriteOptions = FollowOptions & {
  /** Tiles of a level made at once, at least 1; two levels are under way. What is made and waits is bounded by its bytes. */
  readonly concurrency: number;
};

/** Bytes of tiles that wait for their turn, at most, give or take those being made: of the level being written, and of the next. */
const maxHeldBytes = 16 * 2 ** 20;
/** What a tile takes beside its bytes. */
const heldBeside = 512;

/** Copying may go on without a pause for so long, in milliseconds: then other threads are heard, and Ctrl-C. */
const maxTurnMs = 4;

/**
 * Makes and writes all tiles; answers how many came about in which way. Pulled, not a stream that is left: it ends between two writes,
 * however it ends, so that a writer is never discarded beneath one.
 */
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
  const begin = (level: MadeLevel<How>) =>
    new OrderedPrefetch(placesOf(level), (place, left) => makePart(level, place, writer, left), {
      concurrency,
      maxHeld: maxHeldBytes,
      sizeOf: heldBytes,
      signal,
    });
  let ahead: OrderedPrefetch<PartPlace, Part<How>> | undefined;
  try {
    for (const [index, level] of levels.entries()) {
      const parts = ahead ?? begin(level);
      const next = levels[index + 1];
      // Coarser tiles are quilted while finer ones are copied.
      ahead = next && !next.fromFiner ? begin(next) : undefined;
      for await (const part of parts) {
        for (const how of await writePart(level, part, writer, signal)) {
          counts.set(how, (counts.get(how) ?? 0) + 1);
          onEvent?.({ type: 'written', tiles: ++tiles, of });
        }
        if (performance.now() - turned < maxTurnMs) continue;
        await setImmediate();
        turned = performance.now();
      }
    }
  } finally {
    ahead?.leave();
  }
  return counts;
}

/** A tile of a level, or the first of a run. */
type PartPlace = { readonly row: number; readonly column: number; readonly run: TileRun | undefined };

/** A tile that was made, or a run, which is copied when its turn comes. */
type Part<How extends string> = Omit<PartPlace, 'run'> & { readonly made: Made<How> | TileRun };

function heldBytes({ made }: Part<string>): number {
  if (made instanceof TileRun) return made.lengths.length * heldBeside;
  return made.tile.bytes.length + heldBeside;
}

/** The tiles of a level row by row, in runs where there are any. */
function* placesOf({ grid: { rows, columns }, runs }: MadeLevel<string>): Generator<PartPlace, void, undefined> {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const run = runs?.from(row, column);
      yield { row, column, run };
      column += run?.lengths.length ?? 1;
    }
  }
}

async function makePart<How extends string>(
  level: MadeLevel<How>,
  { row, column, run }: PartPlace,
  writer: SlideWriter,
  signal: AbortSignal | undefined,
): Promise<Part<How>> {
  return { row, column, made: run ?? (await makeOne(level, row, column, writer, signal)) };
}

function makeOne<How extends string>(
  { make }: MadeLevel<How>,
  row: number,
  column: number,
  writer: SlideWriter,
  signal: AbortSignal | undefined,
): Promise<Made<How>> {
  return make(row, column, (address) => writer.readBack(address), signal);
}

/** Answers how each tile came about. */
async function writePart<How extends string>(
  level: MadeLevel<How>,
  { row, column, made }: Part<How>,
  writer: SlideWriter,
  signal: AbortSignal | undefined,
): Promise<readonly How[]> {
  const first = { level: level.level, plane: 0, row, column };
  if (!(made instanceof TileRun)) {
    await writer.writeTile(first, made.tile);
    return [made.made];
  }
  const { runs } = level;
  if (runs && (await copyRun(first, made, runs, writer, signal))) return made.lengths.map(() => runs.made);
  // One by one, it turns out which tile can't be copied.
  const ways: How[] = [];
  for (let c = column; c < column + made.lengths.length; c++) {
    const one = await makeOne(level, row, c, writer, signal);
    await writer.writeTile({ ...first, column: c }, one.tile);
    ways.push(one.made);
  }
  return ways;
}

/** False, and nothing is written, where a tile can't be read or is not what it should be. */
async function copyRun(
  first: TileAddress,
  run: TileRun,
  { check }: TileRuns<string>,
  writer: SlideWriter,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await writer.writeRun(first, run.lengths, async (room) => {
      await run.readInto(room, signal);
      let at = 0;
      for (const length of run.lengths) {
        check(room, at, at + length);
        at += length;
      }
    });
    return true;
  } catch (error) {
    if (isSlideError(error, 'damaged', 'contradictory', 'unreadable', 'transient')) return false;
    throw error;
  }
}
