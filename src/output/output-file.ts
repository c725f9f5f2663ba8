// A file that appears under its name only when it is whole: written beside it under a temporary name, synced, then renamed.
import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SlideError } from '../errors.js';
import { forgetTemporary, rememberTemporary } from '../temporary-paths.js';

/** Bytes that wait to be written: many small tiles make one write. */
const bufferBytes = 4 * 2 ** 20;

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
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #open = true;
  /** The write under way, and all before it. */
  #written: Promise<void> = Promise.resolve();

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

  /** Adds bytes at the end; answers where they start. While a piece is written the next is gathered, no more than that. */
  async append(bytes: Uint8Array): Promise<number> {
    const start = this.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.length += bytes.length;
    if (this.#waitingBytes >= bufferBytes) {
      const before = this.#written;
      void this.#flush();
      await before;
    }
    return start;
  }

  /** Replaces bytes that were appended before. */
  async overwrite(start: number, bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#write([bytes], start);
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
    this.#waiting = [];
    if (this.#open) await this.#handle.close();
    this.#open = false;
    await unlink(this.#temporary).catch(() => undefined);
    forgetTemporary(this.#temporary);
  }

  /** Writes what waits; done when it and all before it are written, whoever asked for that. */
  #flush(): Promise<void> {
    if (this.#waiting.length > 0) {
      const parts = this.#waiting;
      const start = this.length - this.#waitingBytes;
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#written = this.#written.then(() => this.#write(parts, start));
      // The failure is thrown to whoever waits for it.
      this.#written.catch(() => undefined);
    }
    return this.#written;
  }

  /** Writes parts one behind the other, in as few calls as the system needs. */
  async #write(parts: readonly Uint8Array[], start: number): Promise<void> {
    try {
      for (let [left, at] = [parts, start]; left.length > 0; ) {
        const { bytesWritten } = await this.#handle.writev(left, at);
        at += bytesWritten;
        left = withoutFirst(left, bytesWritten);
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

/** What is left of parts without their first bytes. */
function withoutFirst(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  for (const part of parts) {
    if (bytes < part.length) left.push(part.subarray(bytes));
    bytes = Math.max(0, bytes - part.length);
  }
  return left;
}
