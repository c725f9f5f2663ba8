// Writes entropy-coded bits: codes, runs of bits copied from another scan, restart markers, stuffing (ITU-T T.81, F.1.2.3).
import { marker } from './segments.js';

/**
 * A scan being written. Bits gather as 32-bit words, as ScanWords has them; at a restart and at the end they are padded and stuffed
 * into bytes. One writer can write many scans; its memory is bounded by the longest, twice.
 */
export class BitWriter {
  private words = new Int32Array(1 << 12);
  /** Whole words written, and the bits behind them at the top of `partial`. */
  private count = 0;
  private partial = 0;
  private partialBits = 0;
  private bytes = new Uint8Array(1 << 14);
  private length = 0;

  /** Makes room for `bits` more; `put` relies on it. */
  reserve(bits: number): void {
    const needed = this.count + (bits >> 5) + 2;
    if (needed <= this.words.length) return;
    const larger = new Int32Array(2 * needed);
    larger.set(this.words);
    this.words = larger;
  }

  /** Appends the low `count` bits (0 to 31) of `bits`, whose other bits must be 0. */
  put(bits: number, count: number): void {
    const free = 32 - this.partialBits;
    if (count < free) {
      this.partial |= bits << (free - count);
      this.partialBits += count;
    } else {
      const rest = count - free;
      this.words[this.count++] = this.partial | (bits >>> rest);
      this.partial = rest === 0 ? 0 : bits << (32 - rest);
      this.partialBits = rest;
    }
  }

  /** Appends a code as codeTable has it; false for 0, no code. */
  putCode(code: number): boolean {
    this.put(code >> 5, code & 31);
    return code !== 0;
  }

  /** Appends a code and the `size` bits (0 to 15) of the value it announces (F.1.2.1, F.1.2.2); false for 0, no code. */
  putValue(code: number, value: number, size: number): boolean {
    const bits = value + ((value >> 31) & ((1 << size) - 1));
    this.put(((code >> 5) << size) | bits, (code & 31) + size);
    return code !== 0;
  }

  /** Appends a DC difference, by the codes of codeTable (F.1.2.1); false where they have none for it. */
  putDifference(codes: Int32Array, difference: number): boolean {
    const size = magnitudeBits(difference);
    return size < 16 && this.putValue(codes[size], difference, size);
  }

  /** Appends bits `from` to `to` (excluded) of `source`, which must have a word behind them. */
  copy(source: Int32Array, from: number, to: number): void {
    this.reserve(to - from);
    const { words, partialBits } = this;
    let { count, partial } = this;
    let word = from >>> 5;
    const shift = from & 31;
    const wholes = (to - from) >>> 5;
    for (let i = 0; i < wholes; i++, word++) {
      const bits = (source[word] << shift) | ((source[word + 1] >>> 1) >>> (31 - shift));
      words[count++] = partial | (bits >>> partialBits);
      partial = (bits << 1) << (31 - partialBits);
    }
    this.count = count;
    this.partial = partial;
    const rest = (to - from) & 31;
    if (rest === 0) return;
    const last = (source[word] << shift) | ((source[word + 1] >>> 1) >>> (31 - shift));
    this.put(last >>> (32 - rest), rest);
  }

  /** Fills the last byte with ones and writes a restart marker of this number, counted from 0. */
  restart(number: number): void {
    this.stuff();
    this.bytes[this.length++] = 0xff;
    this.bytes[this.length++] = marker.rst0 + (number & 7);
  }

  /** The scan between a header and EOI; the writer is empty again. */
  finish(header: Uint8Array): Uint8Array {
    this.stuff();
    const whole = new Uint8Array(header.length + this.length + 2);
    whole.set(header);
    whole.set(this.bytes.subarray(0, this.length), header.length);
    whole[whole.length - 2] = 0xff;
    whole[whole.length - 1] = marker.eoi;
    this.length = 0;
    return whole;
  }

  /** Forgets what was written. */
  discard(): void {
    this.count = 0;
    this.partial = 0;
    this.partialBits = 0;
    this.length = 0;
  }

  /** Moves all bits to `bytes`: an FF gets a zero behind it. */
  private stuff(): void {
    const padding = -this.partialBits & 7;
    this.put((1 << padding) - 1, padding);
    const tail = this.partialBits >> 3;
    const { words, count } = this;
    words[count] = this.partial;
    this.count = 0;
    this.partial = 0;
    this.partialBits = 0;

    // the worst case, every byte stuffed, and a marker
    const needed = this.length + 8 * count + 2 * tail + 2;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < count; i++) {
      const word = words[i];
      if (((~word - 0x01010101) & word & 0x80808080) === 0) {
        bytes[at] = word >>> 24;
        bytes[at + 1] = word >>> 16;
        bytes[at + 2] = word >>> 8;
        bytes[at + 3] = word;
        at += 4;
      } else {
        at = stuffBytes(bytes, at, word, 4);
      }
    }
    this.length = stuffBytes(bytes, at, words[count], tail);
  }
}

/** SSSS: bits of the magnitude of a value, 0 for 0 (tables F.1 and F.2). */
export function magnitudeBits(value: number): number {
  return 32 - Math.clz32(value < 0 ? -value : value);
}

function stuffBytes(bytes: Uint8Array, at: number, word: number, count: number): number {
  for (let i = 0, shift = 24; i < count; i++, shift -= 8) {
    const byte = (word >>> shift) & 255;
    bytes[at++] = byte;
    if (byte === 0xff) bytes[at++] = 0;
  }
  return at;
}
