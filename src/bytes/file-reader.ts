// A ByteReader over a local file. What the system holds in memory is read at once, for a few microseconds: handing the read to another
// thread takes ten times that. What comes from a disk or a share is read by other threads, several reads at a time.
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SlideError, throwIfAborted } from '../errors.js';
import { type ByteReader, checkRange } from './byte-reader.js';

/** A read at once that took longer, in milliseconds, did not come from memory. */
const fromMemory = 0.5;
/** Reads that other threads do before the next is tried at once: twice as many each time that it was slow again. */
const readsElsewhere = { least: 4, most: 64 };
/** Longer reads are never done at once. */
const longestAtOnce = 2 ** 20;

/** Opens a file; `unreadable` where it is missing, no regular file or may not be read, `damaged` where it is empty. */
export async function openFile(path: string): Promise<ByteReader> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new SlideError('unreadable', unreadable(cause), { file: path, cause, hint: 'check the path' });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new SlideError('unreadable', 'is not a file', { file: path });
    if (stat.size === 0) throw new SlideError('damaged', 'the file is empty', { file: path, hint: 'copy it again' });
    return new FileReader(path, stat.size, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function unreadable(cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') return 'there is no such file';
  if (cause.code === 'EACCES' || cause.code === 'EPERM') return 'the file may not be read';
  return `the file can't be opened: ${cause.message}`;
}

class FileReader implements ByteReader {
  readonly name: string;
  readonly location: string;
  readonly size: number;
  readonly distant = false;
  readonly #handle: FileHandle;
  /** Reads still to be done by other threads, and how many it will be if the next is slow. */
  #elsewhere = 0;
  #ifSlow = readsElsewhere.least;

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
    for (let done = 0; done < length; ) {
      const read = await this.#readInto(bytes.subarray(done), offset + done);
      if (read === 0) {
        throw new SlideError('damaged', `the file became shorter than ${this.size} bytes`, { file: this.name });
      }
      done += read;
    }
    return bytes;
  }

  async #readInto(bytes: Buffer, offset: number): Promise<number> {
    try {
      if (this.#elsewhere === 0 && bytes.length <= longestAtOnce) return this.#readAtOnce(bytes, offset);
      this.#elsewhere = Math.max(0, this.#elsewhere - 1);
      return (await this.#handle.read(bytes, 0, bytes.length, offset)).bytesRead;
    } catch (cause) {
      const problem = `reading failed: ${(cause as Error).message}`;
      throw new SlideError('unreadable', problem, { file: this.name, cause });
    }
  }

  #readAtOnce(bytes: Buffer, offset: number): number {
    const start = performance.now();
    const read = readSync(this.#handle.fd, bytes, 0, bytes.length, offset);
    const slow = performance.now() - start > fromMemory;
    this.#elsewhere = slow ? this.#ifSlow : 0;
    this.#ifSlow = slow ? Math.min(2 * this.#ifSlow, readsElsewhere.most) : readsElsewhere.least;
    return read;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
