import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { mapBounded } from '../../src/pipeline/map-bounded.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const arbitraryLoad = fc.record({ items: fc.nat(20), concurrency: fc.integer({ min: 1, max: 6 }) });

/** Work whose order of completion the scheduler chooses, counted. */
function countedWork(scheduler: fc.Scheduler, fail: (item: number) => boolean = () => false) {
  const counts = { started: 0, inFlight: 0, most: 0 };
  const work = async (item: number) => {
    counts.started++;
    counts.most = Math.max(counts.most, ++counts.inFlight);
    await scheduler.schedule(Promise.resolve(), `item ${item}`);
    counts.inFlight--;
    if (fail(item)) throw new Error(`item ${item}`);
    return 10 * item;
  };
  return { counts, work };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('mapBounded', () => {
  it('should always answer every item once, with its index, whatever the order in which they end', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ items, concurrency }, scheduler) => {
        const { work } = countedWork(scheduler);
        const all = lastValueFrom(mapBounded(upTo(items), work, concurrency).pipe(toArray()));
        const answers = await scheduler.waitFor(all);
        const sorted = [...answers].sort((a, b) => a.index - b.index);
        expect(sorted).toEqual(upTo(items).map((index) => ({ index, result: 10 * index })));
      }),
    );
  });

  it('should never have more in flight than asked, nor fewer while there is work', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ items, concurrency }, scheduler) => {
        const { work, counts } = countedWork(scheduler);
        await scheduler.waitFor(lastValueFrom(mapBounded(upTo(items), work, concurrency).pipe(toArray())));
        expect(counts.most).toBe(Math.min(items, concurrency));
        expect(counts.started).toBe(items);
      }),
    );
  });

  it('should always fail with the first failure, and start nothing after it', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), fc.nat(19), async ({ items, concurrency }, scheduler, bad) => {
        fc.pre(bad < items);
        const { work, counts } = countedWork(scheduler, (item) => item >= bad);
        const stream = lastValueFrom(mapBounded(upTo(items), work, concurrency).pipe(toArray()));
        const failure = await scheduler.waitFor(stream.catch((error: unknown) => error));
        expect((failure as Error).message).toMatch(/^item \d+$/);
        const { started } = counts;
        await scheduler.waitIdle();
        expect(counts.started).toBe(started);
      }),
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should always end at once when told to stop, though work goes on, and start nothing more', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), fc.nat(19), async ({ items, concurrency }, scheduler, after) => {
        fc.pre(after < items);
        const controller = new AbortController();
        let ended = 0;
        let startedBefore = 0;
        // The item that ends then stops all; the others that are stopped fail later, as reads do.
        const { work, counts } = countedWork(scheduler, () => {
          if (ended++ === after) {
            controller.abort(new Error('Ctrl-C'));
            startedBefore = counts.started;
          }
          return ended > after + 1;
        });
        const stream = lastValueFrom(mapBounded(upTo(items), work, concurrency, controller.signal).pipe(toArray()));
        const outcome = scheduler.waitFor(stream.catch((reason: unknown) => reason));
        const error = await outcome;
        expect(isSlideError(error, 'aborted')).toBe(true);
        expect((error as Error).cause).toEqual(new Error('Ctrl-C'));
        await scheduler.waitIdle();
        expect(counts.started).toBe(startedBefore);
      }),
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should never start anything where the signal is set already', async () => {
    let started = 0;
    const stream = mapBounded([1, 2, 3], async () => started++, 2, AbortSignal.abort());
    const error = await lastValueFrom(stream).catch((reason: unknown) => reason);
    expect(isSlideError(error, 'aborted')).toBe(true);
    expect(started).toBe(0);
  });

  it('should never leave a listener on the signal', async () => {
    const added: unknown[] = [];
    const removed: unknown[] = [];
    const watched = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => added.push(listener),
      removeEventListener: (_: string, listener: unknown) => removed.push(listener),
    } as unknown as AbortSignal;
    await lastValueFrom(mapBounded([1, 2, 3], async (item) => item, 2, watched).pipe(toArray()));
    expect(added).toHaveLength(1);
    expect(removed).toEqual(added);
  });
});
