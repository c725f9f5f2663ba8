// Parts of experiments: done in order, kept when they are done, gone on with after a stop.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createParts } from '../../experiments/harness/record/parts.js';
import { partsLine, partText } from '../../experiments/harness/record/parts-line.js';
import { temporaryFolder } from '../cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);
let folders = 0;
const ownFolder = () => join(folder, String(folders++));
const silent = { begins: () => undefined, ends: () => undefined };
const name = String;

describe('parts', () => {
  it('should always be found whole and in order, however often the run is stopped in between', async () => {
    const stops = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6 }), stops, async (count, stopsAfter) => {
        const parts = Array.from({ length: count }, (_, i) => i);
        const kept = ownFolder();
        const worked: number[] = [];
        const run = (stopAfter: number) => {
          const controller = new AbortController();
          const { each } = createParts(kept, controller.signal, silent);
          let done = 0;
          return each(parts, { name }, async (part) => {
            worked.push(part);
            if (++done === stopAfter) controller.abort();
            return part % 3 === 2 ? undefined : { part, values: Float64Array.of(part, Number.NaN) };
          });
        };
        for (const stopAfter of stopsAfter) await run(stopAfter).catch(() => undefined);
        const found = await run(Number.POSITIVE_INFINITY);
        const expected = parts.filter((part) => part % 3 !== 2);
        expect(found).toEqual(expected.map((part) => ({ part, values: Float64Array.of(part, Number.NaN) })));
        expect(worked).toEqual(parts);
      }),
      { numRuns: 40 },
    );
  });

  it('should throw where the run is stopped, and never begin another', async () => {
    const controller = new AbortController();
    const { each, counts } = createParts(ownFolder(), controller.signal, silent);
    const begun: number[] = [];
    const stopped = each([1, 2, 3], { name }, async (part) => {
      begun.push(part);
      if (part === 2) controller.abort();
      return part;
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(begun).toEqual([1, 2]);
    expect(counts()).toEqual({ kept: 0, done: 2 });
  });

  it('should never keep a part that failed', async () => {
    const kept = ownFolder();
    const { signal } = new AbortController();
    const failing = createParts(kept, signal, silent).each([1, 2], { name }, async (part) => {
      if (part === 2) throw new Error('no luck');
      return part;
    });
    await expect(failing).rejects.toThrow('no luck');
    expect(readdirSync(kept)).toEqual(['0-0.part']);
    const again = createParts(kept, signal, silent);
    expect(await again.each([1, 2], { name }, async (part) => part)).toEqual([1, 2]);
    expect(again.counts()).toEqual({ kept: 1, done: 1 });
  });

  it('should never mix up the parts of several calls, and be done anew once forgotten', async () => {
    const kept = ownFolder();
    const { signal } = new AbortController();
    const first = createParts(kept, signal, silent);
    expect(await first.each(['a'], { name }, async () => 'one')).toEqual(['one']);
    expect(await first.each(['a'], { name }, async () => 'two')).toEqual(['two']);
    await first.forget();
    const second = createParts(kept, signal, silent);
    expect(await second.each(['a'], { name }, async () => 'three')).toEqual(['three']);
  });

  it('should tell what runs and how far it is, by weight, without what was kept', async () => {
    const kept = ownFolder();
    const { signal } = new AbortController();
    await createParts(kept, signal, silent).each([5], { name }, async (part) => part);
    const told: unknown[] = [];
    const listener = { begins: (...words: unknown[]) => told.push(words), ends: () => told.push('end') };
    const { each } = createParts(kept, signal, listener);
    const shape = { name: (part: number) => `part ${part}`, weight: (part: number) => part };
    await each([5, 1, 3], shape, async (part) => part);
    expect(told).toEqual([['part 1', 0, 4], ['part 3', 1, 4], 'end']);
  });
});

describe('the line on parts', () => {
  it('should say how long the rest takes once something is done', () => {
    expect(partText('gravel', 0, 8, 0)).toBe('0 %: gravel');
    expect(partText('gravel', 2, 8, 30)).toBe('25 %, 1:30 left: gravel');
  });

  it('should draw over itself on a terminal alone, no wider than that', () => {
    let text = '';
    let now = 0;
    const write = (more: string) => {
      text += more;
    };
    const terminal = partsLine({ isTTY: true, columns: 20, write }, () => now);
    terminal.begins('a slide of long name', 0, 4);
    now = 6000;
    terminal.begins('b', 1, 4);
    terminal.ends();
    expect(text).toBe('\r\x1b[K0 %: a slide of lon\r\x1b[K25 %, 0:18 left: b\r\x1b[K');
    text = '';
    const file = partsLine({ write }, () => now);
    file.begins('a', 0, 2);
    now = 8000;
    file.begins('b', 1, 2);
    file.ends();
    expect(text).toBe('0 %: a\n50 %, 0:02 left: b\n');
  });
});
