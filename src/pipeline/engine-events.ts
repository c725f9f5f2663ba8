// A run as a stream: what the engine tells while it works, and at its end what came of it.
import { Observable } from 'rxjs';
import type { EngineEvent, EngineListener } from './engine-event.js';

/** What a run takes to be followed and stopped: options of every function of zflat that works on a slide. */
export type FollowedRun = { readonly signal: AbortSignal; readonly onEvent: EngineListener };

/** `finished` is the last event, and comes once. */
export type RunEvent<Result> = EngineEvent | { readonly type: 'finished'; readonly result: Result };

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
