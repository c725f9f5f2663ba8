// Scores kept on disk between runs: one file for every way a level of a slide was scored, named by all that its numbers depend on.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDistant } from '../../bytes/location.js';
import { SlideError } from '../../errors.js';
import { temporaryBeside } from '../../system/temporary-names.js';
import { forgetTemporary, rememberTemporary } from '../../system/temporary-paths.js';

/** Where scores are kept unless another folder is named: the user's folder for caches. */
export function defaultCacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === 'win32') return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'zflat', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'zflat');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'zflat');
}

/**
 * What tells files from others and from what they were before: path, size and time of the last change. Undefined for files on
 * servers, of which that is not known.
 */
export async function identityOf(files: readonly string[]): Promise<readonly unknown[] | undefined> {
  if (files.some(isDistant)) return undefined;
  return Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [resolve(file), size, mtimeMs];
    }),
  );
}

export class NumberCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The numbers kept for `key`, `length` of them; undefined where there are none, or no such. */
  async load(key: unknown, length: number): Promise<Float64Array | undefined> {
    const bytes = await readFile(this.#path(key)).catch(() => undefined);
    if (bytes?.length !== length * Float64Array.BYTES_PER_ELEMENT) return undefined;
    return new Float64Array(Uint8Array.from(bytes).buffer);
  }

  /** Keeps numbers, whole or not at all. */
  async save(key: unknown, numbers: Float64Array): Promise<void> {
    const path = this.#path(key);
    const partial = temporaryBeside(path);
    try {
      await mkdir(this.#folder, { recursive: true });
      rememberTemporary(partial);
      const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      await writeFile(partial, bytes, { flag: 'wx' });
      await rename(partial, path);
    } catch (cause) {
      const hint = 'name another folder with --cache';
      throw new SlideError('output', 'scores can not be kept', { file: this.#folder, hint, cause });
    } finally {
      forgetTemporary(partial);
    }
  }

  #path(key: unknown): string {
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex');
    return join(this.#folder, `${hash.slice(0, 32)}.scores`);
  }
}
