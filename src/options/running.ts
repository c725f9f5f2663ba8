// How the work is run and followed.
import { availableParallelism } from 'node:os';
import type { OptionTable } from './option-table.js';

/** Tiles in flight by default: threads are sent several at a time, and have the next at hand. */
export const defaultConcurrency = 8 * availableParallelism();

export const runningOptions = {
  concurrency: {
    kind: 'number',
    whole: true,
    from: 1,
    to: 1024,
    unit: 'n',
    default: defaultConcurrency,
    text: 'tiles in flight at once',
  },
  signal: {
    kind: 'object',
    what: 'an AbortSignal',
    flag: null,
    text: 'stops the work, which then leaves nothing behind',
  },
  onEvent: { kind: 'object', what: 'a function', flag: null, text: 'is told what happens, as it happens' },
} as const satisfies OptionTable<{ concurrency: number; signal: AbortSignal; onEvent: (event: never) => void }>;
