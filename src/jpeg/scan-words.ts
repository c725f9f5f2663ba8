// The entropy-coded bytes of a scan without their stuffing, as 32-bit words (ITU-T T.81, B.1.1.5 and F.1.2.3).
import { SlideError } from '../errors.js';
import { marker } from './segments.js';

/**
 * An unstuffed scan. Bit i of the scan is bit 31 - i % 32 of `words[i >> 5]`, so the 32 bits from any position are
 *
 *     words[p >>> 5] << (p & 31)  |  words[(p >>> 5) + 1] >>> 1 >>> (31 - (p & 31))
 *
 * with no branch (the shift in two steps is the one by 32 that JavaScript does not have).
 */
export type ScanWords = {
  /** The bits, then at least `overrunWords` words of zeros. */
  readonly words: Int32Array;
  /** Where each restart interval begins, a multiple of 8; one entry, 0, without restart markers. */
  readonly segmentStarts: Int32Array;
  /** Where the scan ends, a multiple of 8; its padding is included. */
  readonly bits: number;
};

/**
 * How far a decoder may read beyond the end before it looks at its position, once a block: a block has at most 64 codes of 16 bits
 * with 15 bits of value each (1,984 bits), and a look takes the word after.
 */
const overrunWords = 64;

/**
 * Unstuffs the scan that begins at `from` and must end with EOI; whatever follows is ignored. `scratch` is used for the words where
 * it is large enough. Throws `damaged` where EOI is missing, or where restart markers are out of order.
 */
export function unstuffScan(bytes: Uint8Array, from: number, scratch?: Int32Array): ScanWords {
  const needed = ((bytes.length - from) >> 2) + 1 + overrunWords;
  if (needed >= 1 << 26)
    throw new SlideError('unsupported', `expected a JPEG scan below 256 MB, got ${bytes.length - from} bytes`);
  const words = scratch && scratch.length >= needed ? scratch : new Int32Array(needed);
  const starts = [0];
  const lastQuad = bytes.length - 4;
  let at = from;
  let out = 0;
  for (;;) {
    // four bytes at a time while none of them is FF: a byte of `word` is FF where one of its complement is 0
    while (at <= lastQuad) {
      const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      if (((~word - 0x01010101) & word & 0x80808080) !== 0) break;
      words[out++] = word;
      at += 4;
    }
    // then one word byte by byte, past stuffing and markers
    let word = 0;
    let filled = 0;
    while (filled < 4) {
      const byte = bytes[at];
      const next = bytes[at + 1];
      if (byte !== 0xff) {
        if (at >= bytes.length) throw new SlideError('damaged', 'damaged JPEG stream: its scan ends without EOI');
        word = (word << 8) | byte;
        filled++;
        at++;
      } else if (next === 0) {
        word = (word << 8) | 0xff;
        filled++;
        at += 2;
      } else if (next === 0xff) {
        at++; // a fill byte
      } else if (next === marker.rst0 + ((starts.length - 1) & 7)) {
        starts.push(32 * out + 8 * filled);
        at += 2;
      } else if (next === marker.eoi) {
        const bits = 32 * out + 8 * filled;
        words[out] = filled === 0 ? 0 : word << (32 - 8 * filled);
        words.fill(0, out + 1, out + 1 + overrunWords);
        return { words, segmentStarts: Int32Array.from(starts), bits };
      } else {
        throw new SlideError(
          'damaged',
          `damaged JPEG stream: its scan is broken off by marker FF ${next?.toString(16)} at byte ${at}`,
        );
      }
    }
    words[out++] = word;
  }
}
