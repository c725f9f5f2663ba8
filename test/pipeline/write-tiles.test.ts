import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/pipeline/engine-event.js';
import { type MadeLevel, writeTiles } from '../../src/pipeline/write-tiles.js';
import type { EncodedTile, TileEncoding } from '../../src/slide/encoded-tile.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
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
    strips:
      level > 0
        ? undefined
        : {
            planesFrom: (row, column) => (row % 2 ? Array(Math.min(3, grid.columns - column)).fill(7) : []),
            copy: async (row, column, planes) => {
              await scheduler.schedule(Promise.resolve(), `row ${row}, column ${column}, planes ${planes}`);
              return planes.map((_, i) => ({ tile: tile(1 + row + column + i), made: 'copied' }));
            },
          },
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
        const strips = undefined;
        const outcome = await scheduler.waitFor(
          writeTiles([{ ...level, make, strips }], writer, { concurrency: 4 }).catch((error: unknown) => error),
        );
        expect((outcome as Error).message).toBe(where === 'write' ? 'disk full' : 'bad tile');
        expect(writer.written).toHaveLength(bad);
        await scheduler.waitIdle();
      }),
      { numRuns: 30 },
    );
    expect(await unhandled()).toEqual([]);
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
