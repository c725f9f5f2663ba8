import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MakeAhead } from '../../src/pipeline/make-ahead.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const arbitraryLoad = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
  running: fc.integer({ min: 1, max: 5 }),
  held: fc.integer({ min: 1, max: 20 }),
});

describe('MakeAhead', () => {
  it('should always yield results in order, and begin before anybody takes, within its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLoad, fc.scheduler(), async ({ sizes, running, held }, scheduler) => {
        let under = 0;
        let waiting = 0;
        let begun = 0;
        const work = async (size: number) => {
          expect(under).toBeLessThan(running);
          under++;
          // The one that is just being taken still counts here.
          expect(waiting - Math.max(...sizes)).toBeLessThan(held);
          begun++;
          await scheduler.schedule(Promise.resolve());
          under--;
          waiting += size;
          return size;
        };
        const ahead = new MakeAhead(sizes, work, { running, held, sizeOf: (size) => size });
        expect(begun).toBe(Math.min(sizes.length, running));
        const taken: number[] = [];
        const all = (async () => {
          for await (const size of ahead.results()) {
            waiting -= size;
            taken.push(size);
            await scheduler.schedule(Promise.resolve());
          }
        })();
        await scheduler.waitFor(all);
        expect(taken).toEqual(sizes);
      }),
    );
  });

  it('should only pull items as results are taken', async () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) yield pulled++;
    })();
    const ahead = new MakeAhead(endless, async () => 1, { running: 3, held: 10, sizeOf: () => 1 });
    let taken = 0;
    for await (const _ of ahead.results()) if (++taken === 50) break;
    expect(pulled).toBeGreaterThan(taken);
    expect(pulled).toBeLessThanOrEqual(taken + 10 + 3);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pulled).toBeLessThanOrEqual(taken + 10 + 3);
  });

  it('should always throw a failure when its turn comes, begin no more after it, and never leave one unhandled', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(fc.nat(9), fc.nat(9), fc.scheduler(), async (first, second, scheduler) => {
        const work = (item: number) =>
          item === first || item === second
            ? scheduler.schedule(Promise.reject(new Error(`item ${item}`)))
            : scheduler.schedule(Promise.resolve(item));
        const items = Array.from({ length: 10 }, (_, i) => i);
        const ahead = new MakeAhead(items, work, { running: 4, held: 100, sizeOf: () => 1 });
        const taken: number[] = [];
        const all = (async () => {
          for await (const item of ahead.results()) taken.push(item);
        })();
        const failure = await scheduler.waitFor(all.catch((error: unknown) => error));
        const bad = Math.min(first, second);
        expect(taken).toEqual(items.slice(0, bad));
        expect((failure as Error).message).toBe(`item ${bad}`);
        await scheduler.waitIdle();
      }),
      { numRuns: 50 },
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should never begin another once it is stopped', async () => {
    let begun = 0;
    const work = async () => ++begun;
    const ahead = new MakeAhead([1, 2, 3, 4], work, { running: 1, held: 1e6, sizeOf: () => 1 });
    ahead.stop();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun).toBe(1);
  });
});
