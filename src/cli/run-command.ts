// What all commands share: options that are checked before anything is opened, a signal that Ctrl-C sets, a progress line, notes on
// standard error, one place that prints errors.
import type { Command } from 'commander';
import { isSlideError } from '../errors.js';
import type { AnyTable } from '../options/option-table.js';
import type { EngineListener } from '../pipeline/engine-event.js';
import { removeTemporaries } from '../system/temporary-paths.js';
import type { TellingFlags } from './common-flags.js';
import { exitCodeOf } from './exit-codes.js';
import { checkFlags, optionsOf } from './flags.js';
import { progressLine } from './progress-line.js';

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
  const { progress, json } = given as TellingFlags;
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    controller.abort(signal);
    // Whatever still runs after that can't be waited for; what it would leave behind is removed here.
    setTimeout(() => {
      removeTemporaries();
      process.kill(process.pid, 'SIGKILL');
    }, patienceMs).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const line = progressLine(progress === false ? { write: () => undefined } : process.stderr);
  const onEvent: EngineListener = (event) => {
    if (event.type !== 'note') line.listen(event);
    else if (!json) {
      line.clear();
      process.stderr.write(`note: ${event.text}\n`);
    }
  };
  const print = (text: string) => {
    line.clear();
    process.stdout.write(text);
  };
  const complain = (error: unknown) => {
    line.clear();
    process.stderr.write(`zflat: ${isSlideError(error) ? error.message : (error as Error).stack}\n`);
  };
  try {
    checkFlags(table, given);
    const running = { signal: controller.signal, onEvent };
    process.exitCode = await work(given as Given, running, { print, complain });
  } catch (error) {
    complain(error);
    process.exitCode = controller.signal.aborted ? 130 : exitCodeOf(error);
  } finally {
    line.end();
    removeTemporaries();
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}
