// An AbortSignal as a stream.
import { Observable } from 'rxjs';
import { SlideError } from '../errors.js';

/** Never emits; fails with `aborted` when the signal is set, at once if it is set already. */
export function whenAborted(signal: AbortSignal | undefined): Observable<never> {
  return new Observable<never>((subscriber) => {
    if (!signal) return undefined;
    const fail = () =>
      subscriber.error(new SlideError('aborted', 'stopped before it was done', { cause: signal.reason }));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
    return () => signal.removeEventListener('abort', fail);
  });
}
