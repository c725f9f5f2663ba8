// The guard that nothing is written over what is read.
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { SlideError } from '../errors.js';
import { isDistant } from './location.js';

/** `usage` if `path` is one of the files that are read, or lies in a folder that is read as one; `what` they are. */
export async function refuseInput(path: string, inputs: readonly string[], what = 'the slide'): Promise<void> {
  const output = await placeOf(path);
  if (output === undefined) return;
  for (const input of inputs) {
    // What lies on a server has no path here.
    const read = isDistant(input) ? undefined : await placeOf(input);
    if (read === undefined) continue;
    const inside = read.folder && output.path.startsWith(read.path + sep);
    if (!inside && !sameFile(read, output)) continue;
    const hint = 'write the result to another file';
    throw new SlideError('usage', inside ? `lies in ${what} itself` : `is ${what} itself`, { file: path, hint });
  }
}

type FilePlace = { readonly path: string; readonly folder: boolean; readonly id: string | undefined };

/** Where a file is, or would be, whatever links lead there; undefined where there is no such folder. */
async function placeOf(path: string): Promise<FilePlace | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    const folder = await realpath(dirname(path)).catch(() => undefined);
    return folder === undefined ? undefined : { path: join(folder, basename(path)), folder: false, id: undefined };
  }
  const found = await stat(real, { bigint: true }).catch(() => undefined);
  // A file with several names stays when one of them is given to another.
  const id = found?.isFile() && found.nlink === 1n ? `${found.dev}:${found.ino}` : undefined;
  return { path: real, folder: found?.isDirectory() ?? false, id };
}

/** Also where two mounts, or two spellings of its name, lead to it. */
function sameFile(a: FilePlace, b: FilePlace): boolean {
  return a.path === b.path || (a.id !== undefined && a.id === b.id);
}
