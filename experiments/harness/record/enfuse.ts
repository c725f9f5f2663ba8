// enfuse, which fuses pictures of one field pixel by pixel.
import { execFileSync, spawnSync } from 'node:child_process';

/** By contrast alone, hard masks: what its manual advises for focus stacks. */
const focusStack = ['--exposure-weight=0', '--saturation-weight=0', '--contrast-weight=1', '--hard-mask'];

/** Fuses files to a file; milliseconds, undefined where enfuse is not installed (Debian: enfuse). */
export function fuseByEnfuse(files: readonly string[], output: string): number | undefined {
  if (spawnSync('enfuse', ['--version']).status !== 0) return undefined;
  const start = performance.now();
  execFileSync('enfuse', [...focusStack, '-o', output, ...files], { stdio: 'ignore' });
  return performance.now() - start;
}
