import fc from 'fast-check';
import { firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../src/pipeline/map-bounded.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';
import { virtualTime } from '../fixtures/virtual-time.js';

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

  it('should only take items as it goes', async () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) yield pulled++;
    })();
    await lastValueFrom(mapBounded(endless, async (item) => item, 3).pipe(take(50)));
    expect(pulled).toBeLessThanOrEqual(50 + 3);
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

  it('should always tell work under way to stop where the stream is left or fails, and start nothing more', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), fc.nat(19), async ({ items, concurrency }, scheduler, after) => {
        fc.pre(after < items);
        const signals: AbortSignal[] = [];
        let ended = 0;
        const { work, counts } = countedWork(scheduler, (item) => item > after);
        const answers = mapBounded(
          upTo(items),
          (item, left) => {
            signals.push(left);
            return work(item);
          },
          concurrency,
        );
        const leaving = new Promise<void>((left) => {
          const subscription = answers.subscribe({
            next: () => {
              if (++ended <= after) return;
              subscription.unsubscribe();
              left();
            },
            error: left,
          });
        });
        await scheduler.waitFor(leaving);
        const { started } = counts;
        expect(signals.every(({ aborted }) => aborted)).toBe(true);
        await scheduler.waitIdle();
        expect(counts.started).toBe(started);
      }),
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should never tell work to stop where the stream ends by itself, and give every subscriber signals of its own', async () => {
    const signals: AbortSignal[] = [];
    const answers = mapBounded(upTo(3), async (_, left) => signals.push(left), 2);
    await lastValueFrom(answers);
    await firstValueFrom(answers);
    expect(signals.slice(0, 3).map(({ aborted }) => aborted)).toEqual([false, false, false]);
    expect(signals.slice(3).every(({ aborted }) => aborted)).toBe(true);
  });

  it('should always begin the next when one ends, as drawn', () => {
    virtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const work = [cold('---(x|)'), cold('-(x|)'), cold('----(x|)'), cold('--(x|)')];
      const answers = mapBounded(work, (each) => each, 2).pipe(map(({ index }) => index));
      expectObservable(answers).toBe('-a-b-(cd|)', { a: 1, b: 0, c: 2, d: 3 });
      expectSubscriptions(work[0].subscriptions).toBe('^--!');
      expectSubscriptions(work[1].subscriptions).toBe('^!');
      expectSubscriptions(work[2].subscriptions).toBe('-^---!');
      expectSubscriptions(work[3].subscriptions).toBe('---^-!');
    });
  });
});
