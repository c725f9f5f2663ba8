import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unstuffScan } from '../../src/jpeg/scan-words.js';

/** Bytes of a scan, many of them FF, in restart intervals. */
const intervals = fc.array(fc.array(fc.oneof(fc.constant(0xff), fc.nat(255)), { maxLength: 40 }), {
  minLength: 1,
  maxLength: 12,
});

describe('unstuffScan', () => {
  it('should always give the bytes that were stuffed, and where restart intervals begin', () => {
    fc.assert(
      fc.property(intervals, fc.nat(5), fc.boolean(), fc.uint8Array({ maxLength: 9 }), (parts, from, fill, rest) => {
        const stuffed = parts.flatMap((bytes, i) => [
          ...(i === 0 ? [] : [...(fill ? [0xff] : []), 0xff, 0xd0 + ((i - 1) & 7)]),
          ...bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])),
        ]);
        const stream = Uint8Array.of(...new Uint8Array(from).fill(0xff), ...stuffed, 0xff, 0xd9, ...rest);
        const { words, segmentStarts, bits } = unstuffScan(stream, from);
        const plain = parts.flat();
        expect(bits).toBe(8 * plain.length);
        expect(plain.map((_, i) => (words[i >> 2] >>> (24 - 8 * (i & 3))) & 255)).toEqual(plain);
        const lengths = parts.map(({ length }) => length);
        expect([...segmentStarts]).toEqual(lengths.map((_, i) => 8 * lengths.slice(0, i).reduce((a, b) => a + b, 0)));
      }),
    );
  });

  it('should leave zeros behind the scan, as far as a decoder may look, whatever the scratch held', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const stream = Uint8Array.of(...bytes.map((byte) => byte & 0x7f), 0xff, 0xd9);
        const { words, bits } = unstuffScan(stream, 0, new Int32Array(200).fill(-1));
        for (let bit = bits; bit < bits + 64 * 31 + 32; bit++) {
          expect((words[bit >> 5] >>> (31 - (bit & 31))) & 1).toBe(0);
        }
      }),
    );
  });

  it('should refuse scans that end without EOI, or with another marker', () => {
    for (const end of [[], [0xff], [0xff, 0xd8], [0xff, 0xda], [0xff, 0xd1], [0xff, 0xff]]) {
      expect(() => unstuffScan(Uint8Array.of(1, 2, 3, 4, 5, ...end), 0)).toThrow(/damaged/);
    }
  });
});
