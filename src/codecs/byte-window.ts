// What decoders of the LZ77 family write: bytes that stand in the stream, and bytes that were written before. Everything is checked, so that
// a damaged stream can never show what happened to lie in memory.

/** A decoder's input, read from front to back. */
export class ByteInput {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): number {
    if (this.at >= this.bytes.length) throw new Error('the stream is cut short');
    return this.bytes[this.at++];
  }

  /** A number of so many bytes, the low one first. */
  little(count: 2 | 3 | 4): number {
    let value = 0;
    for (let i = 0; i < count; i++) value += this.next() * 2 ** (8 * i);
    return value;
  }
}

/** A decoder's output, of a length that is known beforehand. */
export class ByteOutput {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Takes so many bytes of the stream as they are. */
  take(input: ByteInput, length: number): void {
    const { bytes, at } = input;
    if (at + length > bytes.length) throw new Error('the stream is cut short');
    this.#makeRoom(length);
    // Short runs are the rule, and a call of set costs more than they do.
    if (length > 32) this.bytes.set(bytes.subarray(at, at + length), this.at);
    else for (let i = 0; i < length; i++) this.bytes[this.at + i] = bytes[at + i];
    this.at += length;
    input.at += length;
  }

  /** Repeats so many bytes that begin `distance` before the end; they may reach into themselves. */
  repeat(distance: number, length: number): void {
    if (distance < 1 || distance > this.at)
      throw new Error(`the stream points ${distance} bytes back, at byte ${this.at}`);
    this.#makeRoom(length);
    const { bytes, at } = this;
    const from = at - distance;
    if (distance === 1) bytes.fill(bytes[from], at, at + length);
    else if (length > 32 && distance >= length) bytes.copyWithin(at, from, from + length);
    else for (let i = 0; i < length; i++) bytes[at + i] = bytes[from + i];
    this.at += length;
  }

  /** Throws unless all of the output was written. */
  finish(): void {
    const { at, bytes } = this;
    if (at !== bytes.length) throw new Error(`expected ${bytes.length} bytes, got ${at}`);
  }

  #makeRoom(length: number): void {
    const { at, bytes } = this;
    if (at + length > bytes.length) throw new Error(`the stream holds more than ${bytes.length} bytes`);
  }
}
