// What the numbers of an experiment depend on, in one word: they may be put together with others of the same word only.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Of `facts` and of all code of zflat and its experiments. */
export function fingerprint(facts: unknown, folders: readonly string[] = ['src', 'experiments']): string {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((each) => /\.(ts|py)$/.test(each)).sort()) {
      hash.update(`\0${file}\0`).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
