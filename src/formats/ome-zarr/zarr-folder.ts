// A Zarr store (zarrita's interface) over a local folder: missing is undefined, broken is thrown, nothing outside the folder is read.
import { open, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import type { GetOptions, RangeQuery } from 'zarrita';
import { SlideError, throwIfAborted } from '../../errors.js';
import type { ZarrStore } from './zarr-store.js';

/** Metadata of real slides take some kilobytes. */
export const longestMetadata = 1 << 24;

/** Whether the names in a folder are those of a Zarr group. */
export function looksLikeZarr(names: readonly string[]): boolean {
  return names.some((name) => name === '.zattrs' || name === '.zgroup' || name === '.zarray' || name === 'zarr.json');
}

export class ZarrFolder implements ZarrStore {
  readonly root: string;
  longest = longestMetadata;

  constructor(root: string) {
    this.root = resolve(root);
  }

  get name(): string {
    return basename(this.root);
  }

  folder(path: string): ZarrFolder {
    return new ZarrFolder(join(this.root, path));
  }

  pathOf(key: string): string {
    return join(this.root, key);
  }

  get(key: string, options?: GetOptions): Promise<Uint8Array | undefined> {
    return this.#read(key, (size) => ({ from: 0, length: size }), options);
  }

  getRange(key: string, range: RangeQuery, options?: GetOptions): Promise<Uint8Array | undefined> {
    const place = (size: number) =>
      'suffixLength' in range
        ? { from: size - range.suffixLength, length: range.suffixLength }
        : { from: range.offset, length: range.length };
    return this.#read(key, place, options);
  }

  async #read(
    key: string,
    placeIn: (size: number) => { from: number; length: number },
    options?: GetOptions,
  ): Promise<Uint8Array | undefined> {
    throwIfAborted(options?.signal);
    const file = this.pathOf(key);
    if (!file.startsWith(this.root + sep)) return undefined;
    const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR' || cause.code === 'ENAMETOOLONG') return undefined;
      throw new SlideError('unreadable', `the file can't be read: ${cause.message}`, { file, cause });
    });
    if (!found?.isFile()) return undefined;
    const { from, length } = placeIn(found.size);
    if (!(from >= 0 && length >= 0 && from + length <= found.size)) {
      throw new SlideError('damaged', `its index points at bytes ${from} to ${from + length} of ${found.size}`, {
        file,
      });
    }
    if (length > this.longest) {
      throw new SlideError('damaged', `has ${length} bytes, more than what it holds can take`, { file });
    }
    const bytes = new Uint8Array(length);
    const handle = await open(file).catch((cause: Error) => {
      throw new SlideError('unreadable', `the file can't be opened: ${cause.message}`, { file, cause });
    });
    try {
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
        if (bytesRead === 0) throw new SlideError('damaged', 'the file became shorter', { file });
        done += bytesRead;
      }
    } finally {
      await handle.close();
    }
    return bytes;
  }
}
