// A Zarr store below a URL: each key is a file of its own, which a server has or has not. Nothing is listed: OME's metadata name all.
import type { GetOptions, RangeQuery } from 'zarrita';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { httpStatusOf } from '../../bytes/http-failure.js';
import { isUrl, nameOfLocation, shownLocation } from '../../bytes/location.js';
import { SlideError, throwIfAborted } from '../../errors.js';
import { longestMetadata } from './zarr-folder.js';
import type { ZarrStore } from './zarr-store.js';

/** Whether a URL is that of a Zarr image, or of one of several in it: a server does not tell what a folder is. */
export function isZarrUrl(location: string): boolean {
  return isUrl(location) && URL.canParse(location) && /\.zarr(\/|$)/i.test(new URL(location).pathname);
}

export class ZarrUrl implements ZarrStore {
  readonly name: string;
  longest = longestMetadata;
  readonly #base: URL;
  readonly #access: ByteAccess;

  constructor(location: string, access: ByteAccess) {
    this.#base = new URL(location);
    this.#base.pathname = this.#base.pathname.replace(/\/*$/, '/');
    this.#access = access;
    this.name = nameOfLocation(this.#base.href.replace(/\/(?=$|\?)/, ''));
  }

  pathOf(key: string): string {
    return shownLocation(this.#urlOf(key));
  }

  folder(path: string): ZarrUrl {
    return new ZarrUrl(this.#urlOf(path), this.#access);
  }

  async get(key: string, options?: GetOptions): Promise<Uint8Array | undefined> {
    const url = this.#urlOf(key);
    if (!this.#holds(url)) return undefined;
    const { signal } = options ?? {};
    return orMissing(this.#access.fetch(url, { maxBytes: this.longest, signal: signal ?? undefined }));
  }

  async getRange(key: string, range: RangeQuery, options?: GetOptions): Promise<Uint8Array | undefined> {
    throwIfAborted(options?.signal ?? undefined);
    const url = this.#urlOf(key);
    if (!this.#holds(url)) return undefined;
    const shard = await orMissing(this.#access.open(url));
    if (!shard) return undefined;
    const length = 'suffixLength' in range ? range.suffixLength : range.length;
    const from = 'suffixLength' in range ? shard.size - length : range.offset;
    if (!(from >= 0 && length >= 0 && from + length <= shard.size)) {
      const problem = `its index points at bytes ${from} to ${from + length} of ${shard.size}`;
      throw new SlideError('damaged', problem, { file: shard.name });
    }
    if (length > this.longest) {
      throw new SlideError('damaged', `has a chunk of ${length} bytes, more than it can take`, { file: shard.name });
    }
    return shard.read(from, length, options?.signal ?? undefined);
  }

  /** A URL keeps its query, which may be what lets one in. */
  #urlOf(key: string): string {
    const url = new URL(this.#base);
    const path = key
      .replace(/^\//, '')
      .split('/')
      .map((part) => encodeURIComponent(part));
    url.pathname = this.#base.pathname + path.join('/');
    return url.href;
  }

  #holds(url: string): boolean {
    return new URL(url).pathname.startsWith(this.#base.pathname);
  }
}

/** Undefined where the server says that there is no such file. */
async function orMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ([404, 410].includes(httpStatusOf(error) ?? 0)) return undefined;
    throw error;
  }
}
