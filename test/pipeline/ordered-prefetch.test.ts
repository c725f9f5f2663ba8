import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedPrefetch } from '../../src/pipeline/ordered-prefetch.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const arbitraryLoad = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  maxHeld: fc.integer({ min: 1, max: 20 }),
});
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Takes all; `taken` has what came before it ended, however it ended. */
async function take<R>(
  prefetch: AsyncIterable<R>,
  taken: R[],
  between: () => Promise<unknown> = async () => undefined,
) {
  for await (const result of prefetch) {
    taken.push(result);
    await between();
  }
}

describe('an ordered prefetch', () => {
  it('should always yield results in order, and begin before anybody takes, within its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ sizes, concurrency, maxHeld }, scheduler) => {
        let under = 0;
        let waiting = 0;
        let begun = 0;
        const taken: number[] = [];
        const work = async (size: number) => {
          expect(under).toBeLessThan(concurrency);
          under++;
          // The one that is just being taken still counts here.
          expect(waiting - Math.max(...sizes)).toBeLessThan(maxHeld);
          begun++;
          await scheduler.schedule(Promise.resolve());
          under--;
          waiting += size;
          return size;
        };
        const prefetch = new OrderedPrefetch(sizes, work, { concurrency, maxHeld, sizeOf: (size) => size });
        expect(begun).toBe(Math.min(sizes.length, concurrency));
        const slowly = async () => {
          waiting -= taken[taken.length - 1];
          await scheduler.schedule(Promise.resolve());
        };
        await scheduler.waitFor(take(prefetch, taken, slowly));
        expect(taken).toEqual(sizes);
      }),
    );
  });

  it('should never be further ahead than twice its concurrency where nothing else is said', async () => {
    const load = fc.record({ items: fc.nat(15), concurrency: fc.integer({ min: 1, max: 6 }) });
    await fc.assert(
      fc.asyncProperty(load, fc.scheduler(), async ({ items, concurrency }, scheduler) => {
        let begun = 0;
        let furthest = 0;
        const taken: number[] = [];
        const work = (item: number) => {
          furthest = Math.max(furthest, ++begun - taken.length);
          return scheduler.schedule(Promise.resolve(item));
        };
        const prefetch = new OrderedPrefetch(upTo(items), work, { concurrency });
        await scheduler.waitFor(take(prefetch, taken, () => scheduler.schedule(Promise.resolve())));
        expect(furthest).toBeLessThanOrEqual(2 * concurrency);
        expect(taken).toEqual(upTo(items));
      }),
    );
  });

  it('should only pull items as results are taken', async () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) yield pulled++;
    })();
    const prefetch = new OrderedPrefetch(endless, async () => 1, { concurrency: 3, maxHeld: 10 });
    let taken = 0;
    for await (const _ of prefetch) if (++taken === 50) break;
    expect(pulled).toBeGreaterThan(taken);
    expect(pulled).toBeLessThanOrEqual(taken + 10 + 3);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pulled).toBeLessThanOrEqual(taken + 10 + 3);
  });

  it('should always throw a failure when its turn comes, begin no more after it, and never leave one unhandled', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(fc.nat(9), fc.nat(9), fc.scheduler(), async (first, second, scheduler) => {
        let begunAfter = 0;
        let failed = false;
        const work = async (item: number) => {
          if (failed) begunAfter++;
          await scheduler.schedule(Promise.resolve());
          if (item !== first && item !== second) return item;
          failed = true;
          throw new Error(`item ${item}`);
        };
        const taken: number[] = [];
        const prefetch = new OrderedPrefetch(upTo(10), work, { concurrency: 4, maxHeld: 100 });
        const failure = await scheduler.waitFor(take(prefetch, taken).catch((error: unknown) => error));
        const bad = Math.min(first, second);
        expect(taken).toEqual(upTo(bad));
        expect((failure as Error).message).toBe(`item ${bad}`);
        await scheduler.waitIdle();
        expect(begunAfter).toBe(0);
      }),
      { numRuns: 50 },
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should always throw what the items, or work before it promises anything, throw in their turn', async () => {
    const unhandled = unhandledRejections();
    for (const concurrency of [1, 2, 9]) {
      const items = (function* () {
        yield* upTo(4);
        throw new Error('no more');
      })();
      const taken: number[] = [];
      await expect(take(new OrderedPrefetch(items, async (item) => item, { concurrency }), taken)).rejects.toThrow(
        'no more',
      );
      expect(taken).toEqual(upTo(4));
      const work = (item: number) => {
        if (item === 2) throw new Error('at once');
        return Promise.resolve(item);
      };
      await expect(take(new OrderedPrefetch(upTo(4), work, { concurrency }), [])).rejects.toThrow('at once');
    }
    expect(await unhandled()).toEqual([]);
  });

  it('should always tell work under way to stop when it is left or fails, and never when it was taken whole', async () => {
    const unhandled = unhandledRejections();
    const told: number[] = [];
    /** Ends at once up to `last`, then only when told to stop. */
    const work = (last: number) => (item: number, left: AbortSignal) =>
      item <= last
        ? Promise.resolve(item)
        : new Promise<never>((_, reject) =>
            left.addEventListener('abort', () => {
              told.push(item);
              reject(new Error('stopped'));
            }),
          );
    for await (const item of new OrderedPrefetch(upTo(9), work(1), { concurrency: 3 })) if (item === 1) break;
    expect(told.splice(0)).toEqual([2, 3, 4]);
    const failing = (item: number, left: AbortSignal) =>
      item === 1 ? Promise.reject(new Error('bad')) : work(0)(item, left);
    await expect(take(new OrderedPrefetch(upTo(9), failing, { concurrency: 3 }), [])).rejects.toThrow('bad');
    expect(told.splice(0)).toEqual([2, 3]);
    const signals: AbortSignal[] = [];
    const whole = async (_: number, left: AbortSignal) => signals.push(left);
    await take(new OrderedPrefetch(upTo(9), whole, { concurrency: 3 }), []);
    expect(signals.some(({ aborted }) => aborted)).toBe(false);
    expect(await unhandled()).toEqual([]);
  });

  it('should always end with aborted once its signal is set, and never leave a listener on it', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const taken: number[] = [];
    const prefetch = new OrderedPrefetch(upTo(9), async (item) => item, { concurrency: 2, signal });
    const stopping = take(prefetch, taken, async () => taken.length === 3 && controller.abort(new Error('Ctrl-C')));
    await expect(stopping).rejects.toMatchObject({ code: 'aborted', cause: new Error('Ctrl-C') });
    expect(taken).toEqual(upTo(3));
    const unset = new AbortController();
    await take(new OrderedPrefetch(upTo(9), async (item) => item, { concurrency: 2, signal: unset.signal }), []);
    expect(getEventListeners(unset.signal, 'abort')).toEqual([]);
  });

  it('should never begin another once it is left', async () => {
    let begun = 0;
    const prefetch = new OrderedPrefetch(upTo(4), async () => ++begun, { concurrency: 1, maxHeld: 1e6 });
    prefetch.leave();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun).toBe(1);
  });
});
