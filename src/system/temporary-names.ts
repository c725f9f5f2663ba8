// Names of files that are to become others once they are whole: nobody can foretell them, no two runs share one, and what a killed run
// left is known for what it is.
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Bytes that a name may have on all common file systems. */
const longestName = 255;
/** Milliseconds without a write after which a file of another machine is nobody's any more. */
const abandonedMs = 24 * 3600 * 1000;

/** Where process numbers are told apart: this boot of this machine, this container. */
const where = createHash('sha256').update([hostname(), bootOf(), numberSpace()].join('\n')).digest('hex').slice(0, 8);

/** A free name beside `path`, in the same folder: to be opened exclusively. */
export function temporaryBeside(path: string): string {
  const own = `${where}-${process.pid}-${randomBytes(6).toString('hex')}.partial`;
  return join(dirname(path), `${stemOf(path)}${own}`);
}

/** Removes what runs that were killed left of this same file; what may belong to a run at work stays. */
export function sweepLeftovers(path: string): void {
  const folder = dirname(path);
  const stem = stemOf(path);
  for (const name of namesIn(folder)) {
    const [, place, pid] = name.startsWith(stem)
      ? (/^(\w{8})-(\d+)-\w{12}\.partial$/.exec(name.slice(stem.length)) ?? [])
      : [];
    if (place === undefined) continue;
    try {
      const left = join(folder, name);
      const found = lstatSync(left);
      const abandoned = place === where ? !isRunning(Number(pid)) : Date.now() - found.mtimeMs > abandonedMs;
      if (found.isFile() && abandoned) unlinkSync(left);
    } catch {
      // Another run was quicker, or it is not ours to remove.
    }
  }
}

/** ".name.", cut so that the whole is a name. */
function stemOf(path: string): string {
  let stem = basename(path);
  while (Buffer.byteLength(stem) > longestName - 48) stem = stem.slice(0, -1);
  return `.${stem}.`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function bootOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    return '';
  }
}

function numberSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
