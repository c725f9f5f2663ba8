// Runs the built command line as a user would.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command; npm test builds before it runs. */
export const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs `zflat` with these words and waits for its end. */
export function zflat(...words: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A folder of a test's own, and what removes it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'zflat-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
