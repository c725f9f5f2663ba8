// An AbortSignal as a stream, for takeUntil.
import { fromEventPattern, ignoreElements, NEVER, type Observable, startWith, tap } from 'rxjs';
import { onAbort } from '../bytes/on-abort.js';
import { throwIfAborted } from '../errors.js';

/** Never emits; fails with `aborted` when the signal is set, at once if it is set already. */
export function whenAborted(signal: AbortSignal | undefined): Observable<never> {
  if (!signal) return NEVER;
  return fromEventPattern(
    (listener) => onAbort(signal, () => listener(undefined)),
    (_listener, forget: () => void) => forget(),
  ).pipe(
    startWith(undefined),
    tap(() => throwIfAborted(signal)),
    ignoreElements(),
  );
}
