import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/pipeline/read-ahead.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const arbitraryLoad = fc.record({ items: fc.nat(15), ahead: fc.integer({ min: 1, max: 6 }) });
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('readAhead', () => {
  it('should always keep the order of the items, whichever ends first', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ items, ahead }, scheduler) => {
        const work = scheduler.scheduleFunction(async (item: number) => 10 * item);
        const all = (async () => {
          const results: number[] = [];
          for await (const result of readAhead(upTo(items), work, ahead)) results.push(result);
          return results;
        })();
        expect(await scheduler.waitFor(all)).toEqual(upTo(items).map((item) => 10 * item));
      }),
    );
  });

  it('should never be further ahead than it may: what is started and not yet taken is bounded', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ items, ahead }, scheduler) => {
        let started = 0;
        let taken = 0;
        let furthest = 0;
        const work = (item: number) => {
          furthest = Math.max(furthest, ++started - taken);
          return scheduler.schedule(Promise.resolve(item));
        };
        const all = (async () => {
          for await (const _ of readAhead(upTo(items), work, ahead)) {
            taken++;
            // A slow side that takes its time.
            await scheduler.schedule(Promise.resolve());
          }
        })();
        await scheduler.waitFor(all);
        // The one being taken, and those ahead of it.
        expect(furthest).toBeLessThanOrEqual(ahead + 1);
        expect(started).toBe(items);
      }),
    );
  });

  it('should only pull items as it goes', async () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) yield pulled++;
    })();
    let taken = 0;
    for await (const _ of readAhead(endless, async (item) => item, 4)) if (++taken === 10) break;
    expect(pulled).toBeLessThanOrEqual(taken + 4);
  });

  it('should always throw a failure when its turn comes, after all before it, and never leave one unhandled', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), fc.nat(14), async ({ items, ahead }, scheduler, bad) => {
        fc.pre(bad < items);
        const work = scheduler.scheduleFunction(async (item: number) => {
          if (item >= bad) throw new Error(`item ${item}`);
          return item;
        });
        const results: number[] = [];
        const all = (async () => {
          for await (const result of readAhead(upTo(items), work, ahead)) results.push(result);
        })();
        const failure = await scheduler.waitFor(all.catch((error: unknown) => error));
        expect(failure).toEqual(new Error(`item ${bad}`));
        expect(results).toEqual(upTo(bad));
        await scheduler.waitIdle();
      }),
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should never leave a failure unhandled when the taking side stops early', async () => {
    const unhandled = unhandledRejections();
    for await (const result of readAhead(
      upTo(9),
      async (item) => (item > 1 ? Promise.reject(new Error('late')) : item),
      5,
    )) {
      if (result === 1) break;
    }
    expect(await unhandled()).toEqual([]);
  });

  it('should always throw what the items themselves throw', async () => {
    const items = (function* () {
      yield 1;
      throw new Error('no more');
    })();
    const all = (async () => {
      for await (const _ of readAhead(items, async (item) => item, 1));
    })();
    await expect(all).rejects.toThrow('no more');
  });
});
