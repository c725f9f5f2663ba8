// Reads a file from front to back through a window of bounded size: memory does not depend on the file.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';

/** The first read, enough for most headers, and the longest, where one read follows the other. */
const shortestWindow = 65_536;
const longestWindow = 1_048_576;

/** Little-endian numbers one after the other. */
export class ByteCursor {
  readonly #reader: ByteReader;
  #window: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));
  /** Where the window starts in the file. */
  #start = 0;
  #windowBytes = shortestWindow;
  /** Position of the next byte. */
  at: number;

  constructor(reader: ByteReader, at: number) {
    this.#reader = reader;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.#reader.size;
  }

  get file(): string {
    return this.#reader.name;
  }

  get fileSize(): number {
    return this.#reader.size;
  }

  /** Whether the next `length` bytes (at most 65,536) are at hand; else `fill` first. */
  holds(length: number): boolean {
    return this.at >= this.#start && this.at + length <= this.#start + this.#window.byteLength;
  }

  /** Fetches at least `length` bytes; `damaged` where the file ends before. */
  async fill(length: number): Promise<void> {
    const left = this.#reader.size - this.at;
    if (left < length) {
      const hint = 'the file was cut short: copy it again';
      throw new SlideError('damaged', `ends at byte ${this.#reader.size}, inside its header`, {
        file: this.file,
        hint,
      });
    }
    const goesOn = this.#window.byteLength > 0 && this.at <= this.#start + this.#window.byteLength;
    this.#windowBytes = goesOn ? Math.min(2 * this.#windowBytes, longestWindow) : shortestWindow;
    const bytes = await this.#reader.read(this.at, Math.min(left, Math.max(length, this.#windowBytes)));
    this.#window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = this.at;
  }

  uint8(): number {
    return this.#window.getUint8(this.at++ - this.#start);
  }

  uint16(): number {
    const value = this.#window.getUint16(this.at - this.#start, true);
    this.at += 2;
    return value;
  }

  uint32(): number {
    const value = this.#window.getUint32(this.at - this.#start, true);
    this.at += 4;
    return value;
  }

  /** A copy of the next bytes. */
  bytes(length: number): Uint8Array {
    const from = this.#window.byteOffset + this.at - this.#start;
    this.at += length;
    return new Uint8Array(this.#window.buffer, from, length).slice();
  }
}
