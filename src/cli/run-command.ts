// What all commands share: options that are checked before anything is opened, a signal that Ctrl-C sets, a progress line, notes on
// standard error, one place that prints errors.
import type { Command } from 'commander';
import { isSlideError } from '../errors.js';
import type { AnyTable } from '../options/option-table.js';
import type { EngineListener } from '../pipeline/engine-event.js';
import { printableJson, printableLine, printableLines, printableTrace } from '../system/printable.js';
import { removeTemporaries } from '../system/temporary-paths.js';
import type { TellingFlags } from './common-flags.js';
import { exitCodeOf, signalExits } from './exit-codes.js';
import { checkFlags, optionsOf } from './flags.js';
import { noProgress, progressLine } from './progress-line.js';

export type Running = { readonly signal: AbortSignal; readonly onEvent: EngineListener };

/** What a command may say while it runs. */
export type Speaking = {
  /** Prints on standard output; the progress line makes way. */
  readonly print: (text: string) => void;
  /** Prints an error on standard error; the work goes on. */
  readonly complain: (error: unknown) => void;
};

/** A native decoder may be at work when Ctrl-C comes: it gets this long to end. */
const patienceMs = 500;

/**
 * Runs a command whose flags are those of `table`. `work` is given what the command line says, and answers the exit code. Errors go to
 * standard error; those that are nobody's fault but zflat's with their stack.
 */
export async function runCommand<Given extends object>(
  command: Command,
  table: AnyTable,
  work: (given: Given, running: Running, speaking: Speaking) => Promise<number>,
): Promise<void> {
  const given = optionsOf(table, command.opts());
  const { progress = true, quiet = false, json = false } = given as TellingFlags;
  const stopping = stopOnSignals();
  const line = progress && !quiet ? progressLine(process.stderr) : noProgress;
  const onEvent: EngineListener = (event) => {
    if (event.type !== 'note') line.listen(event);
    else if (!json && !quiet) {
      line.clear();
      process.stderr.write(`note: ${printableLine(event.text)}\n`);
    }
  };
  const print = (text: string) => {
    if (quiet && !json) return;
    line.clear();
    process.stdout.write(json ? printableJson(text) : printableLines(text));
  };
  const complain = (error: unknown) => {
    line.clear();
    process.stderr.write(`zflat: ${isSlideError(error) ? printableLine(error.message) : printableTrace(error)}\n`);
  };
  try {
    checkFlags(table, given);
    process.exitCode = await work(given as Given, { signal: stopping.signal, onEvent }, { print, complain });
  } catch (error) {
    complain(error);
    process.exitCode = stopping.exitCode() ?? exitCodeOf(error);
  } finally {
    line.end();
    removeTemporaries();
    stopping.end();
  }
}

/** A signal that is set when the process is told to end; whatever still runs a while after that, or at a second signal, is ended. */
function stopOnSignals() {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const exit = () => {
    removeTemporaries();
    process.exit(exitCode);
  };
  const stop = (name: keyof typeof signalExits) => {
    if (exitCode !== undefined) exit();
    exitCode = signalExits[name];
    controller.abort(name);
    setTimeout(exit, patienceMs).unref();
  };
  const names = Object.keys(signalExits) as (keyof typeof signalExits)[];
  for (const name of names) process.on(name, stop);
  const end = () => {
    for (const name of names) process.removeListener(name, stop);
  };
  return { signal: controller.signal, exitCode: () => exitCode, end };
}
