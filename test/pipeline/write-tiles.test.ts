import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlideError } from '../../src/errors.js';
import type { EngineEvent } from '../../src/pipeline/engine-event.js';
import { type MadeLevel, writeTiles } from '../../src/pipeline/write-tiles.js';
import type { EncodedTile, TileEncoding } from '../../src/slide/encoded-tile.js';
import { layTileGrid, type TileGrid } from '../../src/slide/tile-grid.js';
import { type FileBytes, TileRun, type TileRuns } from '../../src/slide/tile-run.js';
import { rememberingWriter } from '../fixtures/memory-slide.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const tile = (bytes: number): EncodedTile => ({ bytes: new Uint8Array(bytes), encoding: {} as TileEncoding });

const arbitrarySizes = fc.array(
  fc.record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

/** Levels whose coarser tiles are made from all tiles of the finer one. */
function levelsOf(
  sizes: readonly { width: number; height: number }[],
  scheduler: fc.Scheduler,
): MadeLevel<'copied' | 'made'>[] {
  const grids = sizes.map((size) => layTileGrid(size, { width: 16, height: 16 }));
  return grids.map((grid, level) => ({
    level,
    grid,
    fromFiner: level > 0,
    // Of the finest, tiles in odd rows are copied, up to three together
    runs: level > 0 ? undefined : runsOf(grid, scheduler),
    make: async (row, column, readBack) => {
      await scheduler.schedule(Promise.resolve(), `level ${level}, row ${row}, column ${column}`);
      const finer = grids[level - 1];
      if (finer)
        for (let r = 0; r < finer.rows; r++)
          for (let c = 0; c < finer.columns; c++) await readBack({ level: level - 1, plane: 0, row: r, column: c });
      return { tile: tile(1 + row + column), made: finer ? 'made' : 'copied' };
    },
  }));
}

/** Up to three tiles together, in odd rows: they are read at once, or wait. `bad` is one that can't be read, or else not taken. */
function runsOf(
  { columns }: TileGrid,
  scheduler: fc.Scheduler,
  bad?: { readonly row: number; readonly column: number; readonly how: 'now' | 'later' | 'checked' },
): TileRuns<'copied'> {
  const fails = (row: number, column: number) => bad?.row === row && bad.column === column;
  const damaged = () => new SlideError('damaged', 'bytes are missing');
  return {
    from: (row, column) => {
      if (row % 2 === 0) return undefined;
      const run = new TileRun();
      for (let c = column; c < Math.min(column + 3, columns); c++) {
        const readInto: FileBytes['readInto'] = (target) => {
          if (fails(row, c) && bad?.how === 'now') throw damaged();
          target.fill(fails(row, c) ? 255 : c);
          const fault = fails(row, c) && bad?.how === 'later';
          if (c % 2 === 0 && !fault) return undefined;
          return scheduler.schedule(fault ? Promise.reject(damaged()) : Promise.resolve(), `row ${row}, column ${c}`);
        };
        run.add({ file: { readInto }, offset: 0, length: 1 + row + c });
      }
      return run;
    },
    check: (bytes, from) => {
      if (bad?.how === 'checked' && bytes[from] === 255) throw damaged();
    },
    made: 'copied',
  };
}

describe('writeTiles', () => {
  it('should always write in file order, one at a time, a level only when the finer one is whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitrarySizes,
        fc.integer({ min: 1, max: 6 }),
        fc.scheduler(),
        async (sizes, concurrency, scheduler) => {
          const levels = levelsOf(sizes, scheduler);
          const writer = rememberingWriter(() => scheduler.schedule(Promise.resolve(), 'write'));
          const events: EngineEvent[] = [];
          const counts = await scheduler.waitFor(
            writeTiles(levels, writer, { concurrency, onEvent: (event) => events.push(event) }),
          );
          const expected = levels.flatMap(({ level, grid: { rows, columns } }) =>
            Array.from({ length: rows * columns }, (_, i) => ({
              level,
              plane: 0,
              row: Math.floor(i / columns),
              column: i % columns,
            })),
          );
          expect(writer.written).toEqual(expected);
          expect(writer.overlapped()).toBe(false);
          for (const address of expected) {
            const { bytes } = await writer.readBack(address);
            expect(bytes).toHaveLength(1 + address.row + address.column);
          }
          const finest = levels[0].grid.rows * levels[0].grid.columns;
          expect([counts.get('copied') ?? 0, counts.get('made') ?? 0]).toEqual([finest, expected.length - finest]);
          expect(events[0]).toEqual({ type: 'writing', tiles: expected.length });
          expect(events.slice(1)).toEqual(
            expected.map((_, i) => ({ type: 'written', tiles: i + 1, of: expected.length })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('should always fail with what the writer or a tile fails with, and write nothing after it', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('write', 'make'), fc.nat(11), fc.scheduler(), async (where, bad, scheduler) => {
        let writes = 0;
        const writer = rememberingWriter(async () => {
          if (where === 'write' && writes++ === bad) throw new Error('disk full');
        });
        const [level] = levelsOf([{ width: 64, height: 48 }], scheduler);
        let made = 0;
        const make: typeof level.make = (...args) =>
          where === 'make' && made++ === bad ? Promise.reject(new Error('bad tile')) : level.make(...args);
        const outcome = await scheduler.waitFor(
          writeTiles([{ ...level, make, runs: undefined }], writer, { concurrency: 4 }).catch(
            (error: unknown) => error,
          ),
        );
        expect((outcome as Error).message).toBe(where === 'write' ? 'disk full' : 'bad tile');
        expect(writer.written).toHaveLength(bad);
        await scheduler.waitIdle();
      }),
      { numRuns: 30 },
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should always make the tiles of a run one by one where one of them can not be copied', async () => {
    const bad = fc.record({
      row: fc.constantFrom(1, 3),
      column: fc.nat(4),
      how: fc.constantFrom('now' as const, 'later' as const, 'checked' as const),
    });
    await fc.assert(
      fc.asyncProperty(bad, fc.boolean(), fc.scheduler(), async (tile, sound, scheduler) => {
        const [level] = levelsOf([{ width: 80, height: 64 }], scheduler);
        const writer = rememberingWriter(async () => undefined);
        const asked: string[] = [];
        const make: typeof level.make = async (row, column, ...rest) => {
          asked.push(`${row},${column}`);
          if (!sound && row === tile.row && column === tile.column) throw new SlideError('damaged', 'this is the one');
          return level.make(row, column, ...rest);
        };
        const runs = runsOf(level.grid, scheduler, tile);
        const outcome = await scheduler.waitFor(
          writeTiles([{ ...level, make, runs }], writer, { concurrency: 3 }).catch((error: Error) => error),
        );
        const first = 3 * Math.floor(tile.column / 3);
        expect(asked).toContain(`${tile.row},${first}`);
        expect(asked).toContain(`${tile.row},${tile.column}`);
        const before = 5 * tile.row + tile.column;
        if (sound) {
          expect(writer.written).toHaveLength(20);
          expect(outcome).toEqual(new Map([['copied', 20]]));
        } else {
          expect(outcome).toMatchObject({ problem: 'this is the one' });
          expect(writer.written).toHaveLength(before);
        }
        await scheduler.waitIdle();
      }),
      { numRuns: 40 },
    );
  });

  it('should never write once it is told to stop', async () => {
    const controller = new AbortController();
    const writer = rememberingWriter(async ({ column }) => {
      if (column === 2) controller.abort();
    });
    const level: MadeLevel<'copied'> = {
      level: 0,
      grid: layTileGrid({ width: 160, height: 16 }, { width: 16, height: 16 }),
      fromFiner: false,
      make: async () => ({ tile: tile(1), made: 'copied' }),
    };
    await expect(writeTiles([level], writer, { concurrency: 2, signal: controller.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(writer.written).toHaveLength(3);
  });

  it('should hear of a stop while it copies tiles that never make it wait', async () => {
    const controller = new AbortController();
    const writer = rememberingWriter(async () => undefined);
    const level: MadeLevel<'copied'> = {
      level: 0,
      grid: layTileGrid({ width: 16 * 300, height: 16 * 300 }, { width: 16, height: 16 }),
      fromFiner: false,
      make: async () => ({ tile: tile(1), made: 'copied' }),
    };
    setImmediate(() => controller.abort());
    await expect(writeTiles([level], writer, { concurrency: 2, signal: controller.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(writer.written.length).toBeLessThan(300 * 300);
  });
});
