// A Zarr store (zarrita's interface) over a local folder: missing is undefined, broken is thrown, nothing outside the folder is read.
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import type { GetOptions, RangeQuery } from 'zarrita';
import { failedFile } from '../../bytes/system-failure.js';
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

  /** The keys of all files in a folder and those in it, at most so many; undefined where there are more. */
  async list(path: string, maxKeys: number): Promise<ReadonlySet<string> | undefined> {
    const keys = new Set<string>();
    const top = this.pathOf(path);
    // The folders still to be looked into, by their keys.
    for (const waiting = ['']; waiting.length > 0; ) {
      const key = waiting.pop() as string;
      const entries = await readdir(join(top, key), { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
        throw failedFile(cause, join(top, key));
      });
      for (const entry of entries) {
        const inner = key === '' ? entry.name : `${key}/${entry.name}`;
        if (entry.isDirectory()) waiting.push(inner);
        else if (entry.isFile() || entry.isSymbolicLink()) keys.add(inner);
        else throw noFile(join(top, inner));
      }
      if (keys.size > maxKeys) return undefined;
    }
    return keys;
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
      throw failedFile(cause, file);
    });
    if (!found) return undefined;
    if (!found.isFile()) throw noFile(file);
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
    const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
      throw failedFile(cause, file);
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

function noFile(file: string): SlideError {
  const hint = 'copy the slide again, as it was written';
  return new SlideError('damaged', 'is no regular file, where a part of the slide should be', { file, hint });
}
