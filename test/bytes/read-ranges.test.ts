import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteReader } from '../../src/bytes/byte-reader.js';
import { type ByteRange, readRanges } from '../../src/bytes/read-ranges.js';

const file = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 2_654_435_761) >>> 24);

/** Reads of `file`, which are counted. */
function countedReader(): ByteReader & { readonly reads: ByteRange[] } {
  const reads: ByteRange[] = [];
  return {
    name: 'file',
    location: 'file',
    size: file.length,
    distant: false,
    reads,
    read: async (offset, length) => {
      reads.push({ offset, length });
      return file.slice(offset, offset + length);
    },
    close: async () => undefined,
  };
}

const arbitraryRanges = fc.array(
  fc
    .record({ offset: fc.nat(file.length), length: fc.oneof(fc.nat(3000), fc.nat(file.length)) })
    .map(({ offset, length }) => ({ offset, length: Math.min(length, file.length - offset) })),
  { maxLength: 30 },
);

describe('readRanges', () => {
  it('should always give the bytes of every range, in no more reads than ranges', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRanges, async (ranges) => {
        const reader = countedReader();
        const read = await readRanges(reader, ranges);
        expect(read).toHaveLength(ranges.length);
        for (const [i, { offset, length }] of ranges.entries())
          expect(Buffer.compare(read[i], file.subarray(offset, offset + length))).toBe(0);
        expect(reader.reads.length).toBeLessThanOrEqual(ranges.length);
        // What serves several ranges is bounded, and read for nothing only between them
        const longest = Math.max(0, ...ranges.map(({ length }) => length));
        for (const { length } of reader.reads) expect(length).toBeLessThanOrEqual(Math.max(longest, 131_072));
      }),
    );
  });

  it('should read neighbours together, whatever their order, and what lies far apart alone', async () => {
    const reader = countedReader();
    await readRanges(reader, [
      { offset: 300_000, length: 10 },
      { offset: 5000, length: 1000 },
      { offset: 0, length: 5000 },
      { offset: 6100, length: 400 },
    ]);
    expect(reader.reads).toEqual([
      { offset: 0, length: 6500 },
      { offset: 300_000, length: 10 },
    ]);
  });
});
