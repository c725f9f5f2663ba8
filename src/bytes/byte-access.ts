// How the files of one slide are opened, wherever they lie: those on servers share their connections, a cache and its bounds.
import { SlideError, throwIfAborted } from '../errors.js';
import type { NetworkTransfer } from '../slide/slide-source.js';
import type { ByteReader } from './byte-reader.js';
import { withCoalescing } from './coalescing.js';
import { openFile } from './file-reader.js';
import type { WholeRequest } from './http-answer.js';
import { HttpClient, type NetworkOptions } from './http-client.js';
import { openUrl } from './http-reader.js';
import { isUrl } from './location.js';
import { ReadCache } from './read-cache.js';
import { Semaphore } from './semaphore.js';

/** Bytes of tiles kept: those of a few thousand tiles of 256 pixels. */
const cacheBytes = 96 << 20;

/** Tiles fetched at once: as many as browsers ask a host for. Servers that make tiles when asked do so at the cost of others. */
const maxTiles = 6;

/** Files on servers that are not opened again, when they are asked for again: a file that is looked into, then read. */
const maxReaders = 256;

export class ByteAccess {
  readonly #client: HttpClient;
  readonly #cache = new ReadCache(cacheBytes);
  readonly #semaphore = new Semaphore(maxTiles);
  /** Something was fetched of which nobody knows how much there is. */
  #unsized = false;
  readonly #readers = new Map<string, Promise<ByteReader>>();
  readonly #opened = new Map<string, number>();

  /** `given` is what the person names as their slide: its servers get token and headers. */
  constructor(options: NetworkOptions = {}, given: readonly string[] = []) {
    this.#client = new HttpClient(options, given);
  }

  /** Opens a file by its path or URL; throws as openFile and openUrl do. */
  async open(location: string): Promise<ByteReader> {
    if (!isUrl(location)) return openFile(location);
    const known = this.#readers.get(location);
    const reader = known ?? this.#openUrl(location);
    this.#readers.delete(location);
    this.#readers.set(location, reader);
    // One that could not be opened is tried anew.
    if (!known) reader.catch(() => this.#readers.delete(location));
    for (const oldest of this.#readers.keys()) {
      if (this.#readers.size <= maxReaders) break;
      this.#readers.delete(oldest);
    }
    return reader;
  }

  async #openUrl(location: string): Promise<ByteReader> {
    const reader = await openUrl(location, this.#client);
    this.#opened.set(location, reader.size);
    return this.#cache.over(withCoalescing(reader));
  }

  /** What is whole under a URL, such as a tile; kept for when it is asked for again. Throws as HttpClient.whole does. */
  async fetch(url: string, request: WholeRequest): Promise<Uint8Array> {
    throwIfAborted(request.signal);
    this.#unsized = true;
    return this.#cache.get(url, () => this.#semaphore.run(() => this.ask(url, request)));
  }

  /** All of a file, by its path or URL; `unreadable` where it is longer than `request` allows. */
  async whole(location: string, request: WholeRequest): Promise<Uint8Array> {
    if (isUrl(location)) return this.fetch(location, request);
    const reader = await openFile(location);
    try {
      if (reader.size > request.maxBytes) {
        const problem = `has ${reader.size} bytes, where ${request.maxBytes} would be many`;
        throw new SlideError('unreadable', problem, { file: location, hint: 'check the path' });
      }
      return await reader.read(0, reader.size, request.signal);
    } finally {
      await reader.close();
    }
  }

  /** What a server answers now. */
  ask(url: string, request: WholeRequest): Promise<Uint8Array> {
    return this.#client.whole(url, request);
  }

  /** Undefined where nothing was opened over a network. */
  get transfer(): NetworkTransfer | undefined {
    if (this.#client.transfer.requests === 0) return undefined;
    const sizes = [...this.#opened.values()];
    const fileBytes = sizes.length > 0 && !this.#unsized ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
    return { ...this.#client.transfer, fileBytes };
  }
}
