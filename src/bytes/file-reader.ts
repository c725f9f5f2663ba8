// A ByteReader over a local file. What the system holds in memory is read at once, for a few microseconds: handing the read to another
// thread takes ten times that. What comes from a disk or a share is read by other threads, several reads at a time.
import { constants, readSync, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { SlideError, throwIfAborted } from '../errors.js';
import { checkRange, type LocalReader } from './byte-reader.js';
import { failedFile } from './system-failure.js';

/** A read at once that took longer, in milliseconds, did not come from memory. */
const fromMemory = 0.5;
/** Reads that other threads do before the next is tried at once: twice as many each time that it was slow again. */
const readsElsewhere = { min: 4, max: 64 };
/** Longer reads are never done at once. */
const longestAtOnce = 2 ** 20;

/**
 * Opens a file; `unreadable` where it is missing, no regular file or may not be read, `damaged` where it is empty, `transient` where the
 * system says that it may go later.
 */
export async function openFile(path: string): Promise<LocalReader> {
  const failed = (cause: NodeJS.ErrnoException) => {
    throw failedFile(cause, path);
  };
  // Asked before it is opened: to open a pipe waits for who writes to it, to open a device may move it.
  checkRegular(await stat(path).catch(failed), path);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(failed);
  try {
    const { size } = checkRegular(await handle.stat(), path);
    if (size === 0) throw new SlideError('damaged', 'the file is empty', { file: path, hint: 'copy it again' });
    return new FileReader(path, size, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function checkRegular(found: Stats, file: string): Stats {
  if (found.isFile()) return found;
  const problem = found.isDirectory() ? 'is a folder, not a file' : 'is a device, a pipe or a socket, not a file';
  throw new SlideError('unreadable', problem, { file, hint: 'zflat reads files, in any order: save it as one first' });
}

class FileReader implements LocalReader {
  readonly name: string;
  readonly location: string;
  readonly size: number;
  readonly distant = false;
  readonly #handle: FileHandle;
  /** Reads still to be done by other threads, and how many it will be if the next is slow. */
  #elsewhere = 0;
  #ifSlow = readsElsewhere.min;

  constructor(name: string, size: number, handle: FileHandle) {
    this.name = name;
    this.location = name;
    this.size = size;
    this.#handle = handle;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    throwIfAborted(signal);
    checkRange(this, offset, length);
    const bytes = Buffer.allocUnsafeSlow(length);
    await this.readInto(bytes, offset, signal);
    return bytes;
  }

  readInto(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> | undefined {
    throwIfAborted(signal);
    checkRange(this, offset, target.length);
    if (this.#elsewhere > 0 || target.length > longestAtOnce) {
      this.#elsewhere = Math.max(0, this.#elsewhere - 1);
      return this.#readElsewhere(target, offset);
    }
    const read = this.#readAtOnce(target, offset);
    return read === target.length ? undefined : this.#readElsewhere(target.subarray(read), offset + read);
  }

  /** By other threads. */
  async #readElsewhere(target: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await this.#handle
        .read(target, done, target.length - done, offset + done)
        .catch((cause: Error) => {
          throw failedFile(cause, this.name);
        });
      if (bytesRead === 0) {
        throw new SlideError('damaged', `the file became shorter than ${this.size} bytes`, { file: this.name });
      }
      done += bytesRead;
    }
  }

  #readAtOnce(target: Uint8Array, offset: number): number {
    const start = performance.now();
    try {
      return readSync(this.#handle.fd, target, 0, target.length, offset);
    } catch (cause) {
      throw failedFile(cause as Error, this.name);
    } finally {
      const slow = performance.now() - start > fromMemory;
      this.#elsewhere = slow ? this.#ifSlow : 0;
      this.#ifSlow = slow ? Math.min(2 * this.#ifSlow, readsElsewhere.max) : readsElsewhere.min;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
