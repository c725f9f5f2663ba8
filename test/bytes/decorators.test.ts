// What every decorator of a ByteReader must keep, and what each is for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteReader } from '../../src/bytes/byte-reader.js';
import { withCoalescing } from '../../src/bytes/coalescing.js';
import { withPages } from '../../src/bytes/paged-reader.js';
import { ReadCache } from '../../src/bytes/read-cache.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { placeBytes, type RecordedReader, recordedReader } from '../fixtures/recorded-reader.js';

const content = placeBytes(300_000);
const decorators: Record<string, (reader: ByteReader) => ByteReader> = {
  withCoalescing: (reader) => withCoalescing(reader, { windowMs: 1 }),
  withPages: withPages,
  ReadCache: (reader) => new ReadCache(50_000).over(reader),
  'all of them': (reader) => withPages(new ReadCache(100_000).over(withCoalescing(reader, { windowMs: 0 }))),
};

describe.each(Object.entries(decorators))('%s', (_, decorate) => {
  const range = fc
    .tuple(fc.nat(content.length), fc.oneof(fc.nat(300), fc.nat(content.length)))
    .map(([offset, length]) => ({ offset, length: Math.min(length, content.length - offset) }));

  it('should always give the bytes that the file has, whatever is read at once and again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(range, { maxLength: 8 }), { maxLength: 4 }), async (rounds) => {
        const reader = decorate(recordedReader(content));
        for (const ranges of rounds) {
          const read = await Promise.all(ranges.map(({ offset, length }) => reader.read(offset, length)));
          for (const [i, { offset, length }] of ranges.entries())
            expect(Buffer.compare(read[i], content.subarray(offset, offset + length))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should always say of the file what it is', () => {
    const reader = recordedReader(content);
    const { name, location, size, distant } = reader;
    expect(decorate(reader)).toMatchObject({ name, location, size, distant });
  });

  it('should never read past the end, nor once it is told to stop', async () => {
    const inner = recordedReader(content);
    const reader = decorate(inner);
    for (const [offset, length] of [
      [299_999, 2],
      [0, 2 ** 50],
      [2 ** 52, 1],
    ])
      expect(await refusalOf(reader.read(offset, length))).toMatchObject({ code: 'damaged' });
    expect(await refusalOf(reader.read(0, 10, AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect(inner.reads).toEqual([]);
  });

  it('should always pass on a failure to everyone who waits, and read again after it', async () => {
    const inner = recordedReader(content);
    const reader = decorate(inner);
    inner.failure = new Error('cut');
    const failed = await Promise.allSettled([reader.read(10, 20), reader.read(15, 20), reader.read(200_000, 5)]);
    expect(failed.map((each) => each.status === 'rejected' && each.reason.message)).toEqual(['cut', 'cut', 'cut']);
    inner.failure = undefined;
    expect(Buffer.compare(await reader.read(15, 20), content.subarray(15, 35))).toBe(0);
  });
});

describe('withCoalescing', () => {
  const coalescing = (options = {}) => {
    const inner = recordedReader(content);
    return { inner, reader: withCoalescing(inner, { windowMs: 1, gapBytes: 100, maxBytes: 10_000, ...options }) };
  };
  const readAll = (reader: ByteReader, ranges: readonly (readonly [number, number])[]) =>
    Promise.all(ranges.map(([offset, length]) => reader.read(offset, length)));

  it('should always fetch neighbours together, and others apart', async () => {
    const { inner, reader } = coalescing();
    await readAll(reader, [
      [5000, 100],
      [1000, 200],
      [1300, 50],
      [1200, 10],
      [1351, 9],
    ]);
    expect(inner.reads).toEqual([
      [1000, 360],
      [5000, 100],
    ]);
  });

  it('should never make a fetch longer than its bound, unless one read is', async () => {
    const { inner, reader } = coalescing();
    await readAll(reader, [
      [0, 6000],
      [6000, 6000],
      [12_000, 50_000],
    ]);
    expect(inner.reads).toEqual([
      [0, 6000],
      [6000, 6000],
      [12_000, 50_000],
    ]);
  });

  it('should never give one caller a buffer that another has', async () => {
    const { reader } = coalescing();
    const [a, b] = await readAll(reader, [
      [0, 100],
      [50, 100],
    ]);
    a.fill(0);
    expect(Buffer.compare(b, content.subarray(50, 150))).toBe(0);
  });

  it('should always let one caller stop while others go on, and stop the fetch with the last', async () => {
    const { inner, reader } = coalescing();
    const [first, second] = [new AbortController(), new AbortController()];
    const reads = [reader.read(0, 10, first.signal), reader.read(20, 10, second.signal)];
    first.abort();
    expect(await refusalOf(reads[0])).toMatchObject({ code: 'aborted' });
    expect(Buffer.compare(await reads[1], content.subarray(20, 30))).toBe(0);
    const both = [reader.read(0, 10, first.signal).catch((e) => e), reader.read(20, 10, second.signal)];
    second.abort();
    expect(await refusalOf(both[1])).toMatchObject({ code: 'aborted' });
    // What everyone has given up is not even asked for.
    expect(inner.reads).toHaveLength(1);
  });
});

describe('ReadCache', () => {
  it('should always answer what was read before from what it kept, and forget what was used longest ago', async () => {
    const inner = recordedReader(content);
    const reader = new ReadCache(250).over(inner);
    const read = async (offset: number) => {
      const before = inner.reads.length;
      await reader.read(offset, 100);
      return inner.reads.length > before;
    };
    expect([await read(0), await read(100), await read(0)]).toEqual([true, true, false]);
    // 100 is older than 0, which was used again.
    expect([await read(200), await read(0), await read(100)]).toEqual([true, false, true]);
  });

  it('should never keep what is larger than itself, nor mix up files', async () => {
    const [a, b]: RecordedReader[] = [recordedReader(content), recordedReader(placeBytes(1000).reverse())];
    const cache = new ReadCache(250);
    const [first, second] = [cache.over(a), cache.over(b)];
    await first.read(0, 300);
    await first.read(0, 300);
    expect(a.reads).toHaveLength(2);
    await first.read(0, 100);
    expect(Buffer.compare(await second.read(0, 100), placeBytes(1000).reverse().subarray(0, 100))).toBe(0);
  });
});

describe('withPages', () => {
  it('should always fetch a page once, and what a long read lacks at once', async () => {
    const inner = recordedReader(content);
    const reader = withPages(inner);
    for (let offset = 65_000; offset < 66_000; offset += 8) await reader.read(offset, 8);
    expect(inner.reads).toEqual([
      [0, 65_536],
      [65_536, 65_536],
    ]);
    await reader.read(0, 300_000);
    expect(inner.reads.slice(2)).toEqual([[131_072, 300_000 - 131_072]]);
  });
});
