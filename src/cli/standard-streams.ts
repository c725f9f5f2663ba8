// Who reads what is printed may stop reading, and what it is written to may be full: neither is a defect of zflat.
import { printableLine } from '../system/printable.js';

/** What ends reading, such as head, is no error; what else goes wrong with standard output is told once, and ends with 1. */
export function guardStandardStreams(): void {
  let failed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || failed) return;
    failed = true;
    const problem = error.code === 'ENOSPC' ? 'no space is left' : error.message;
    process.stderr.write(`zflat: standard output can not be written: ${printableLine(problem)}\n`);
    process.on('exit', () => {
      process.exitCode = 1;
    });
  });
  // There is nobody to tell.
  process.stderr.on('error', () => undefined);
}
