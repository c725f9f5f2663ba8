// Files and folders that must not outlive the process: removed one by one when their work ends, or all at once when the process is
// told to stop.
import { rmSync } from 'node:fs';

const paths = new Set<string>();

/** Remembers a path that is to be removed should the process end early. */
export function rememberTemporary(path: string): void {
  paths.add(path);
}

/** The path is gone, or has become a result. */
export function forgetTemporary(path: string): void {
  paths.delete(path);
}

/** Removes what is left, now, with no way to fail. */
export function removeTemporaries(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Nothing more can be done while the process ends.
    }
  }
  paths.clear();
}
