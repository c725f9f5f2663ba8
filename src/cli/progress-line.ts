// One line on the terminal that tells how far the work is; nothing where the output is no terminal.
import { asyncScheduler, auditTime, map, type Observable, Subject, scan, share, startWith, switchMap } from 'rxjs';
import type { EngineEvent, EngineListener } from '../pipeline/engine-event.js';
import { openingProgress, progressAfter, progressText } from './progress.js';

const refreshMs = 100;

export type ProgressLine = {
  readonly listen: EngineListener;
  /** Takes the line away before something else is printed; it comes back with the next event. */
  readonly clear: () => void;
  /** Takes it away for good. */
  readonly end: () => void;
};

/** Draws on `stream`. */
export function progressLine(stream: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}): ProgressLine {
  const nothing = () => undefined;
  if (!stream.isTTY) return { listen: nothing, clear: nothing, end: nothing };
  const events = new Subject<EngineEvent>();
  const cleared = new Subject<void>();
  const lines = progressLines(events, cleared).subscribe((line) => {
    stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
  });
  const clear = () => {
    cleared.next();
    stream.write('\r\x1b[K');
  };
  return {
    listen: (event) => events.next(event),
    clear,
    end: () => {
      clear();
      lines.unsubscribe();
    },
  };
}

/** What is to be drawn, thinned out: every event counts, the last of a while is shown. What waits when the line is cleared is not. */
export function progressLines(events: Observable<EngineEvent>, cleared: Observable<void>): Observable<string> {
  const now = () => asyncScheduler.now();
  const progress = events.pipe(
    scan((before, event) => progressAfter(before, event, now()), openingProgress),
    share({ resetOnRefCountZero: false }),
  );
  return cleared.pipe(
    startWith(undefined),
    switchMap(() => progress.pipe(auditTime(refreshMs))),
    map((known) => progressText(known, now())),
  );
}
