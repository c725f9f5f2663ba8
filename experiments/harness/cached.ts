// Results that take long to come by, kept in .cache under a name that says all they depend on.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';

export const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

/** What is kept at `path` below .cache, made if it is not there yet. */
export async function cached<T>(path: string, make: () => Promise<T>): Promise<T> {
  const file = join(cache, path);
  if (existsSync(file)) return deserialize(await readFile(file)) as T;
  const made = await make();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, serialize(made));
  await rename(`${file}.partial`, file);
  return made;
}
