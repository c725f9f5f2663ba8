// Whether a file can be written, found out before any work is done for it.
import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SlideError } from '../errors.js';

/** `output` unless `path` can be written: its folder exists, and there is no such file yet, or `force` allows to replace it. */
export async function checkOutput(path: string, force: boolean): Promise<void> {
  if (path === '') throw new SlideError('usage', 'the name of the file to write is empty', { hint: 'name a file' });
  if (path === '-') {
    throw new SlideError('usage', 'zflat writes files, not to standard output', { file: path, hint: 'name a file' });
  }
  await checkPlace(path, force);
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

/** Files that one command writes: each as checkOutput says, and no two of them the same. */
export async function checkOutputs(paths: readonly (string | undefined)[], force: boolean): Promise<void> {
  const named = paths.filter((path) => path !== undefined);
  for (const path of named) await checkOutput(path, force);
  const twice = named.find((path, i) => named.findIndex((other) => resolve(other) === resolve(path)) < i);
  if (twice === undefined) return;
  const hint = 'give each its own name';
  throw new SlideError('usage', 'is named for two results', { file: twice, hint });
}

/** `output` where something else than a regular file stands at `path`, or anything at all and it may not be replaced. */
export async function checkPlace(path: string, force: boolean): Promise<void> {
  const itself = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENAMETOOLONG') return undefined;
    throw new SlideError('output', 'the name is longer than the file system allows', {
      file: shortened(path),
      cause,
      hint: 'choose a shorter one',
    });
  });
  if (!itself) return;
  // A link is replaced, not what it leads to; but one to a device, or to a folder, was meant for that.
  const found = await stat(path).catch(() => itself);
  if (found.isDirectory()) throw new SlideError('output', 'is a folder', { file: path, hint: 'name a file' });
  if (!found.isFile() && !found.isSymbolicLink()) {
    const hint = 'name a regular file, or one that there is not yet';
    throw new SlideError('output', 'is a device, a pipe or a socket', { file: path, hint });
  }
  if (!force) throw new SlideError('output', 'exists already', { file: path, hint: 'use --force to replace it' });
}

function shortened(path: string): string {
  return path.length > 80 ? `${path.slice(0, 79)}…` : path;
}
