// Work on many items with a bounded number in flight: the one place where streams are bounded (how far, see concurrency.ts).
import { from, map, mergeMap, type Observable, takeUntil } from 'rxjs';
import { whenAborted } from './when-aborted.js';

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
