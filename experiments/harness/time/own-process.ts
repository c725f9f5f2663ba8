// A part of an experiment in a process of its own, which compiles as that of a command does.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { v8Flags } from '../../../src/cli/v8-flags.js';

/**
 * What timed programs are given of this machine's settings: all but one that has Node read certificates before it does anything else, for
 * 35 ms, which no command of zflat asks for.
 */
export const plainEnvironment: NodeJS.ProcessEnv = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** What a script beside this one tells on standard output, as JSON. */
export function inOwnProcess(script: string, ...words: readonly string[]): unknown {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const told = execFileSync(process.execPath, [...process.execArgv, ...v8Flags, file, ...words], {
    encoding: 'utf8',
    env: plainEnvironment,
  });
  return JSON.parse(told);
}
