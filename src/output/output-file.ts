// A file that appears under its name only when it is whole: written beside it under a temporary name, synced, then renamed.
import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SlideError } from '../errors.js';
import { forgetTemporary, rememberTemporary } from '../system/temporary-paths.js';

/** Bytes of a write: many small tiles make one, and what was gathered for it is still in the processor's cache. */
const bufferBytes = 2 ** 20;
/** Bytes that can be appended in place at most. */
export const mostInPlace = bufferBytes;

/** `output` unless `path` can be written: its folder exists, and there is no such file yet, or `force` allows to replace it. */
export async function checkOutput(path: string, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new SlideError('output', 'is a folder', { file: path, hint: 'name a file' });
  if (found && !force)
    throw new SlideError('output', 'exists already', { file: path, hint: 'use --force to replace it' });
  const folder = dirname(path);
  if ((await stat(folder).catch(() => undefined))?.isDirectory() === false) {
    throw new SlideError('output', 'is no folder', { file: folder, hint: 'name a folder that there is' });
  }
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    const problem = missing ? 'the folder does not exist' : 'the folder can not be written to';
    const hint = missing ? 'make it, or name another' : 'choose another folder';
    throw new SlideError('output', problem, { file: folder, cause, hint });
  });
}

/** `usage` if `path` is one of the files that are read; `what` they are. */
export async function refuseInput(path: string, inputs: readonly string[], what = 'the slide'): Promise<void> {
  const output = await realpath(path).catch(() => undefined);
  if (output === undefined) return;
  for (const input of inputs) {
    // What lies on a server has no path here.
    if ((await realpath(input).catch(() => undefined)) !== output) continue;
    throw new SlideError('usage', `is ${what} itself`, { file: path, hint: 'write the result to another file' });
  }
}

/** Tells files that are written at the same time apart. */
let files = 0;

export class OutputFile {
  readonly path: string;
  /** Bytes appended so far. */
  length = 0;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  /** What waits to be written, and what is being written: they take turns. */
  #buffer: Uint8Array = Buffer.allocUnsafeSlow(bufferBytes);
  #other: Uint8Array = Buffer.allocUnsafeSlow(bufferBytes);
  #waiting = 0;
  #open = true;
  /** The write under way, and all before it. */
  #written: Promise<void> = Promise.resolve();
  /** Settled when nobody fills a part of the buffer. */
  #filled: Promise<void> = Promise.resolve();

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Starts a file that is to become `path`; see checkOutput. */
  static async create(path: string, force: boolean): Promise<OutputFile> {
    await checkOutput(path, force);
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${files++}.partial`);
    rememberTemporary(temporary);
    const handle = await open(temporary, 'w+').catch((cause) => {
      const hint = 'choose another folder';
      throw new SlideError('output', `can not be written: ${cause.message}`, { file: path, cause, hint });
    });
    return new OutputFile(path, temporary, handle);
  }

  /** Adds bytes at the end; answers where they start. Bytes are added one after the other; reads may overlap that. */
  async append(bytes: Uint8Array): Promise<number> {
    const start = this.length;
    for (let done = 0; done < bytes.length; ) {
      if (this.#waiting === bufferBytes) await this.#turnOver();
      const part = bytes.subarray(done, done + bufferBytes - this.#waiting);
      this.#buffer.set(part, this.#waiting);
      this.#waiting += part.length;
      this.length += part.length;
      done += part.length;
    }
    return start;
  }

  /**
   * Adds so many bytes, mostInPlace at most, which `fill` puts into the room it is given; answers where they start. Nothing is added
   * when it fails.
   */
  async appendInPlace(length: number, fill: (room: Uint8Array) => Promise<void>): Promise<number> {
    if (length > mostInPlace) throw new RangeError(`expected ${mostInPlace} bytes at most, got ${length}`);
    if (length > bufferBytes - this.#waiting) await this.#turnOver();
    const start = this.length;
    const filled = fill(this.#buffer.subarray(this.#waiting, this.#waiting + length)).then(() => {
      this.#waiting += length;
      this.length += length;
    });
    this.#filled = filled.catch(() => undefined);
    await filled;
    return start;
  }

  /** Replaces bytes that were appended before. */
  async overwrite(start: number, bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#write(bytes, start);
  }

  /** Bytes that were appended before. */
  async read(start: number, length: number): Promise<Uint8Array> {
    await this.#flush();
    const bytes = Buffer.allocUnsafeSlow(length);
    await this.#handle.read(bytes, 0, length, start);
    return bytes;
  }

  /** Makes the file appear under its name. */
  async finish(): Promise<void> {
    await this.#flush();
    try {
      await this.#handle.sync();
      await this.#handle.close();
      this.#open = false;
      await rename(this.#temporary, this.path);
      forgetTemporary(this.#temporary);
    } catch (cause) {
      throw this.#failure(cause as NodeJS.ErrnoException);
    }
  }

  /** Leaves nothing behind; harmless after finish. */
  async discard(): Promise<void> {
    if (this.#open) await this.#handle.close();
    this.#open = false;
    await unlink(this.#temporary).catch(() => undefined);
    forgetTemporary(this.#temporary);
  }

  /** Starts to write what waits, once the write before is done: then its buffer takes what comes. */
  async #turnOver(): Promise<void> {
    const before = this.#written;
    let filled: Promise<void>;
    do {
      filled = this.#filled;
      await Promise.all([before, filled]);
    } while (filled !== this.#filled);
    // Who reads meanwhile may have asked for it, too.
    if (this.#written !== before) return;
    const full = this.#buffer.subarray(0, this.#waiting);
    this.#written = this.#write(full, this.length - full.length);
    // The failure is thrown to whoever waits for it.
    this.#written.catch(() => undefined);
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
    this.#waiting = 0;
  }

  /** Writes what waits; done when all is written. */
  async #flush(): Promise<void> {
    if (this.#waiting > 0) await this.#turnOver();
    await this.#written;
  }

  async #write(bytes: Uint8Array, start: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
      }
    } catch (cause) {
      throw this.#failure(cause as NodeJS.ErrnoException);
    }
  }

  #failure(cause: NodeJS.ErrnoException): SlideError {
    const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
    const problem = full ? 'no space is left on the disk' : `can not be written: ${cause.message}`;
    return new SlideError('output', problem, {
      file: this.path,
      cause,
      hint: full ? 'nothing was left behind' : undefined,
    });
  }
}
