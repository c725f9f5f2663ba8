// One line that tells which part of an experiment runs, and how long the rest will take.
import { clock } from '../../../src/cli/progress.js';
import type { PartsListener } from './parts.js';

type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

/** Draws over itself on a terminal; elsewhere it is a line a part. `now` is a clock in milliseconds. */
export function partsLine(stream: Stream, now: () => number = () => performance.now()): PartsListener {
  let since = Number.NaN;
  return {
    begins(name, done, of) {
      if (done === 0) since = now();
      const text = partText(name, done, of, (now() - since) / 1000);
      stream.write(stream.isTTY ? `\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
    },
    ends() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

/** "35 %, 1:40 left: gravel-8k"; nothing is known of the time before something is done. */
export function partText(name: string, done: number, of: number, seconds: number): string {
  const left = done > 0 ? `, ${clock((seconds * (of - done)) / done)} left` : '';
  return `${Math.floor((100 * done) / of)} %${left}: ${name}`;
}
