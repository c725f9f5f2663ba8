// A file that appears under its name only when it is whole: written beside it under a temporary name, synced, then renamed.
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { openFilesSpent } from '../bytes/system-failure.js';
import { SlideError } from '../errors.js';
import { sweepLeftovers, temporaryBeside } from '../system/temporary-names.js';
import { forgetTemporary, rememberTemporary } from '../system/temporary-paths.js';
import { checkOutput } from './check-output.js';
import { placeFile } from './place-file.js';

/** Bytes of a write: many small tiles make one, and what was gathered for it is still in the processor's cache. */
const bufferBytes = 2 ** 20;
/** Bytes that can be appended in place at most. */
export const maxInPlace = bufferBytes;

export class OutputFile {
  readonly path: string;
  /** Bytes appended so far. */
  length = 0;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #force: boolean;
  /** What waits to be written, and what is being written: they take turns. */
  #buffer: Uint8Array = Buffer.allocUnsafeSlow(bufferBytes);
  #other: Uint8Array = Buffer.allocUnsafeSlow(bufferBytes);
  #waiting = 0;
  #open = true;
  /** The write under way, and all before it. */
  #written: Promise<void> = Promise.resolve();
  /** Settled when nobody fills a part of the buffer. */
  #filled: Promise<void> = Promise.resolve();

  private constructor(path: string, temporary: string, handle: FileHandle, force: boolean) {
    this.path = path;
    this.#force = force;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Starts a file that is to become `path`; see checkOutput. */
  static async create(path: string, force: boolean): Promise<OutputFile> {
    await checkOutput(path, force);
    sweepLeftovers(path);
    const temporary = temporaryBeside(path);
    rememberTemporary(temporary);
    // Exclusively: whatever stands at that name, a link above all, is not ours.
    const handle = await open(temporary, 'wx+').catch((cause) => {
      forgetTemporary(temporary);
      throw outputFailure(cause, path);
    });
    return new OutputFile(path, temporary, handle, force);
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
   * Adds so many bytes, maxInPlace at most, which `fill` puts into the room it is given; answers where they start. Nothing is added
   * when it fails.
   */
  async appendInPlace(length: number, fill: (room: Uint8Array) => Promise<void>): Promise<number> {
    if (length > maxInPlace) throw new RangeError(`expected ${maxInPlace} bytes at most, got ${length}`);
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

  /** Makes the file appear under its name; what has come to be there meanwhile is only replaced by force. */
  async finish(): Promise<void> {
    await this.#flush();
    try {
      await this.#handle.sync();
      await this.#handle.close();
      this.#open = false;
      await placeFile(this.#temporary, this.path, this.#force);
      forgetTemporary(this.#temporary);
    } catch (cause) {
      throw outputFailure(cause as NodeJS.ErrnoException, this.path);
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
      throw outputFailure(cause as NodeJS.ErrnoException, this.path);
    }
  }
}

function outputFailure(cause: NodeJS.ErrnoException, file: string): SlideError {
  if (cause instanceof SlideError) return cause;
  const sentences: Readonly<Record<string, readonly [string, string]>> = {
    ENOSPC: ['no space is left on the disk', 'nothing was left behind'],
    EDQUOT: ['no space is left on the disk', 'nothing was left behind'],
    EFBIG: ['the file is larger than the file system allows', 'write to another disk'],
    EROFS: ['the disk can only be read', 'choose another folder'],
    ...openFilesSpent,
  };
  const [problem, hint] = sentences[cause.code ?? ''] ?? [
    `can not be written: ${cause.message}`,
    'choose another folder',
  ];
  return new SlideError('output', problem, { file, cause, hint });
}
