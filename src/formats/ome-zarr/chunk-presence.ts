// Which chunks of an array there are. Zarr leaves out those that would hold nothing but the fill value, and nobody can tell that from a copy
// that was cut short: they are counted, and said.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AsyncReadable } from 'zarrita';
import { SlideError } from '../../errors.js';
import type { ChunkKeys } from './zarr-metadata.js';
import type { ZarrStore } from './zarr-store.js';

/** Files of an array that are listed when it is opened; of more, chunks are found missing when they are read. 2^20 names take 100 MB. */
const maxListed = 2 ** 20;

/** Whether the chunk that is being read was found. */
const reads = new AsyncLocalStorage<{ found: boolean }>();

/** The same store; it tells ChunkPresence.noticing of the chunks that it has. */
export function noticingChunks(store: ZarrStore): AsyncReadable & Required<Pick<AsyncReadable, 'getRange'>> {
  const noticed = (bytes: Uint8Array | undefined) => {
    const read = reads.getStore();
    if (read && bytes) read.found = true;
    return bytes;
  };
  return {
    get: async (key, options) => noticed(await store.get(key, options)),
    // What is asked for from the end is the index of a shard, not a chunk.
    getRange: async (key, range, options) => {
      const bytes = await store.getRange(key, range, options);
      return 'suffixLength' in range ? bytes : noticed(bytes);
    },
  };
}

export type ChunkedArray = {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly keys: ChunkKeys;
  /** For messages. */
  readonly file: string;
};

export class ChunkPresence {
  /** Chunks that were read and not found. */
  readonly #missing = new Set<string>();
  /** Files that there are; undefined where that is not known. */
  readonly #files: ReadonlySet<string> | undefined;
  readonly #array: ChunkedArray;
  /** Files that there should be, and how many of them are not there, as far as is known. */
  readonly expected: number;
  readonly absent: number;

  private constructor(array: ChunkedArray, expected: number, files: ReadonlySet<string> | undefined) {
    this.#array = array;
    this.expected = expected;
    const isFile = [...(files ?? [])].filter((key) => /\d+$/.test(key)).length;
    this.absent = files ? Math.max(0, expected - isFile) : 0;
    this.#files = this.absent > 0 ? files : undefined;
  }

  /** Lists the files of an array where that can be done; `damaged` where there is none at all. */
  static async of(store: ZarrStore, path: string, array: ChunkedArray): Promise<ChunkPresence> {
    const sides = array.keys.fileShape ?? array.chunks;
    const expected = array.shape.reduce((count, length, i) => count * Math.ceil(length / sides[i]), 1);
    const listed = expected <= maxListed ? await store.list?.(path, 2 * maxListed) : undefined;
    const presence = new ChunkPresence(array, expected, listed);
    if (listed && presence.absent === expected) {
      const hint = 'copy the slide again, with all that is in its folder';
      throw new SlideError('damaged', `none of its ${expected} chunks is there`, { file: array.file, hint });
    }
    return presence;
  }

  /** Whether no chunk is known to be missing. */
  get complete(): boolean {
    return this.absent === 0 && this.#missing.size === 0;
  }

  /** Chunks that were found missing when they were read, of those whose files are there or were not listed. */
  get foundMissing(): number {
    return this.#missing.size;
  }

  /** Whether there is a chunk; true where that is not known yet. */
  has(place: readonly number[]): boolean {
    if (this.#missing.has(place.join('.'))) return false;
    return this.#files?.has(this.#fileOf(place)) ?? true;
  }

  /** Reads the chunk at a place, and notices where there is none; `damaged` where the format does not say what is to be seen then. */
  async noticing<T>(place: readonly number[], read: () => Promise<T>): Promise<T> {
    const noticed = { found: false };
    const chunk = await reads.run(noticed, read);
    if (noticed.found) return chunk;
    const { keys, file } = this.#array;
    if (!keys.filled) {
      const problem = `chunk ${place.join('.')} is missing, and its metadata names no fill value`;
      throw new SlideError('damaged', problem, { file });
    }
    if (this.has(place)) this.#missing.add(place.join('.'));
    return chunk;
  }

  #fileOf(place: readonly number[]): string {
    const { keys, chunks } = this.#array;
    const { fileShape } = keys;
    return keys.keyOf(fileShape ? place.map((at, i) => Math.floor((at * chunks[i]) / fileShape[i])) : place);
  }
}
