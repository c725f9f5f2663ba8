// Patterns of file names, such as plane_*.tif, and what they stand for.
import { isAbsolute } from 'node:path';
import { SlideError } from '../errors.js';

/** Whether a path that names nothing may be a pattern. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The files that match, sorted, with `folders` the folders too; `unreadable` where none does. */
export async function expandPattern(pattern: string, folders = false): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const matches = await glob(pattern.replaceAll('\\', '/'), {
    expandDirectories: false,
    onlyFiles: !folders,
    absolute: isAbsolute(pattern),
  });
  if (matches.length === 0) throw new SlideError('unreadable', 'no file matches the pattern', { file: pattern });
  return matches.sort();
}
