// A ByteReader over a local file.
import { type FileHandle, open } from 'node:fs/promises';
import { SlideError, throwIfAborted } from '../errors.js';
import { type ByteReader, checkRange } from './byte-reader.js';

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
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done).catch((cause) => {
        throw new SlideError('unreadable', `reading failed: ${cause.message}`, { file: this.name, cause });
      });
      if (bytesRead === 0) {
        throw new SlideError('damaged', `the file became shorter than ${this.size} bytes`, { file: this.name });
      }
      done += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
