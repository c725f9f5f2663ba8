// Reads kept for when they are asked for again: planes are chosen by tiles that are then copied.
import { throwIfAborted } from '../errors.js';
import type { ByteReader } from './byte-reader.js';

/** The most recently used reads of any number of files, bounded by the sum of their lengths. */
export class ReadCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;
  #files = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The same bytes; a range that was read before is not read again while it is kept. */
  over(reader: ByteReader): ByteReader {
    const file = this.#files++;
    const { name, location, size, distant } = reader;
    return {
      name,
      location,
      size,
      distant,
      read: async (offset, length, signal) => {
        throwIfAborted(signal);
        return this.get(`${file}:${offset}:${length}`, () => reader.read(offset, length, signal));
      },
      close: () => reader.close(),
    };
  }

  /** What is kept under a key, else what `read` answers, kept. */
  async get(key: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const bytes = this.#kept.get(key) ?? (await read());
    this.#keep(key, bytes);
    return bytes;
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#forget(key);
    if (bytes.length > this.#maxBytes) return;
    this.#kept.set(key, bytes);
    this.#bytes += bytes.length;
    // A Map lists keys in the order of their insertion: the first was used longest ago.
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const bytes = this.#kept.get(key);
    if (!bytes) return;
    this.#kept.delete(key);
    this.#bytes -= bytes.length;
  }
}
