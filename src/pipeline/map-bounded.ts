// How many tiles are in flight at once: decided here, and nowhere else.
import { availableParallelism } from 'node:os';
import { from, map, mergeMap, type Observable, takeUntil } from 'rxjs';
import { SlideError } from '../errors.js';
import { whenAborted } from './when-aborted.js';

/** In flight by default: twice what can be decoded at a time, so that reading and decoding overlap. */
export const defaultConcurrency = Math.max(4, 2 * availableParallelism());

/** `usage` unless n is a whole number from 1 to 1024. */
export function checkConcurrency(n: number): number {
  if (Number.isInteger(n) && n >= 1 && n <= 1024) return n;
  throw new SlideError('usage', `expected a concurrency of 1 to 1024, got ${n}`);
}

/**
 * The results of `work`, with the index of their item, as they come. mergeMap bounds what is in flight, not what is pulled: all
 * items are in its buffer at once, so items must be small (addresses, never pixels). The signal ends the stream with `aborted`.
 */
export function mapBounded<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  concurrency: number,
  signal?: AbortSignal,
): Observable<{ readonly index: number; readonly result: R }> {
  return from(items).pipe(
    mergeMap((item, index) => from(work(item)).pipe(map((result) => ({ index, result }))), concurrency),
    takeUntil(whenAborted(signal)),
  );
}
