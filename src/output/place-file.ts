// A file that is whole is given its name, once and for all: it appears at once, and replaces nothing that it may not replace.
import { chmod, link, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SlideError } from '../errors.js';
import { checkPlace } from './check-output.js';

/** What file systems say that have no hard links. */
const withoutLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL'];

/** Renames `temporary` to `path`; a file that is there is replaced by `force` alone, which keeps its mode. */
export async function placeFile(temporary: string, path: string, force: boolean): Promise<void> {
  if (force) await replace(temporary, path);
  else await claim(temporary, path);
  await syncFolder(dirname(path));
}

async function replace(temporary: string, path: string): Promise<void> {
  await checkPlace(path, true);
  const old = await stat(path).catch(() => undefined);
  if (old) await chmod(temporary, old.mode & 0o7777);
  await rename(temporary, path);
}

async function claim(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await unlink(temporary);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw appeared(path, cause);
    if (!withoutLinks.includes(code)) throw cause;
    await claimByName(temporary, path);
  }
}

/** The name is taken by an empty file that only one can make, which is then replaced. */
async function claimByName(temporary: string, path: string): Promise<void> {
  const claimed = await open(path, 'wx').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? appeared(path, cause) : cause;
  });
  await claimed.close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

function appeared(path: string, cause: unknown): SlideError {
  const hint = 'use --force to replace it';
  return new SlideError('output', 'exists already: it appeared while zflat was at work', { file: path, cause, hint });
}

/** The new name is on the disk; where folders can't be synced, as on Windows, the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
