// A part of an experiment in a process of its own, which compiles as that of a command does.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { v8Flags } from '../../src/cli/v8-flags.js';

/** What a script beside this one tells on standard output, as JSON. */
export function inOwnProcess(script: string, ...words: readonly string[]): unknown {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const told = execFileSync(process.execPath, [...process.execArgv, ...v8Flags, file, ...words], { encoding: 'utf8' });
  return JSON.parse(told);
}
