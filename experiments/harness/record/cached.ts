// What takes long to come by is made once and kept in .cache, under a name that says all it depends on.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';

/** Where slides, scores and parts of experiments are kept. */
export const cacheFolder = process.env.ZFLAT_CACHE ?? fileURLToPath(new URL('../../../.cache', import.meta.url));

/** The value kept at `path` below .cache, made if it is not there yet. */
export async function cached<T>(path: string, make: () => Promise<T>): Promise<T> {
  let made: T | undefined;
  const file = await cachedFile(path, async (partial) => {
    made = await make();
    await writeFile(partial, serialize(made));
  });
  return made ?? (deserialize(await readFile(file)) as T);
}

/** The file kept at `path` below .cache, written by `make` if it is not there yet. */
export async function cachedFile(path: string, make: (partial: string) => Promise<unknown>): Promise<string> {
  const file = join(cacheFolder, path);
  if (existsSync(file)) return file;
  process.stderr.write(`making ${path}\n`);
  await mkdir(dirname(file), { recursive: true });
  // A killed run leaves nothing that looks finished.
  const partial = file.replace(/([^/]+)$/, 'partial-$1');
  await make(partial);
  await rename(partial, file);
  return file;
}
