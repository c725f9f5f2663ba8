// Runs as streams of what they tell, and back: engineEvents follows a promised run as a stream, finished awaits a streamed one.
import { filter, lastValueFrom, map, Observable, takeUntil, tap } from 'rxjs';
import type { FollowedRun, FollowOptions, RunEvent } from './engine-event.js';
import { whenAborted } from './when-aborted.js';

/**
 * Follows a run: `engineEvents((followed) => flattenSlide(input, output, { target: 0.999, ...followed }))`. The stream is cold: every
 * subscription starts a run of its own. Events come as the engine tells them and wait for nobody: `scored` and `written` come once a
 * tile, so thin them out (auditTime) where handling one takes a while. A run that fails ends the stream with its SlideError;
 * unsubscribing aborts the run, which then leaves nothing behind.
 */
export function engineEvents<Result>(run: (followed: FollowedRun) => Promise<Result>): Observable<RunEvent<Result>> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    run({ signal: controller.signal, onEvent: (event) => subscriber.next(event) }).then(
      (result) => {
        subscriber.next({ type: 'finished', result });
        subscriber.complete();
      },
      // Once unsubscribed, nobody hears that the run was aborted.
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort();
  });
}

/**
 * The other way round: the result of a streamed run, whose events are told on. The signal leaves the stream, and so stops what it has
 * under way, and fails with `aborted` at once.
 */
export function finished<Result>(
  run: Observable<RunEvent<Result>>,
  { signal, onEvent }: FollowOptions,
): Promise<Result> {
  const results = run.pipe(
    takeUntil(whenAborted(signal)),
    tap((event) => event.type !== 'finished' && onEvent?.(event)),
    filter((event) => event.type === 'finished'),
    map(({ result }) => result),
  );
  return lastValueFrom(results);
}
