// Tells how far the work is: one line that is drawn anew on a terminal, a line every ten seconds where there is none.
import { asyncScheduler, auditTime, map, type Observable, Subject, scan, share, startWith, switchMap } from 'rxjs';
import type { EngineEvent, EngineListener } from '../pipeline/engine-event.js';
import { openingProgress, type Progress, progressAfter, progressLogLine, progressText } from './progress.js';

const refreshMs = 100;
const logMs = 10_000;

export type ProgressLine = {
  readonly listen: EngineListener;
  /** Takes the line away before something else is printed; it comes back with the next event. */
  readonly clear: () => void;
  /** Takes it away for good. */
  readonly end: () => void;
};

export type ProgressStream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

/** Tells nothing. */
export const noProgress: ProgressLine = { listen: () => undefined, clear: () => undefined, end: () => undefined };

/** Tells on `stream`. */
export function progressLine(stream: ProgressStream): ProgressLine {
  const events = new Subject<EngineEvent>();
  const listen: EngineListener = (event) => events.next(event);
  if (!stream.isTTY) {
    const lines = progressLog(events).subscribe((line) => stream.write(`${line}\n`));
    return { ...noProgress, listen, end: () => lines.unsubscribe() };
  }
  const cleared = new Subject<void>();
  const width = () => Math.max(1, (stream.columns || 80) - 1);
  const lines = progressLines(events, cleared, width).subscribe((line) => stream.write(`\r\x1b[K${line}`));
  const clear = () => {
    cleared.next();
    stream.write('\r\x1b[K');
  };
  return {
    listen,
    clear,
    end: () => {
      clear();
      lines.unsubscribe();
    },
  };
}

/** What is to be drawn, thinned out: every event counts, the last of a while is shown. What waits when the line is cleared is not. */
export function progressLines(
  events: Observable<EngineEvent>,
  cleared: Observable<void>,
  width: () => number = () => Infinity,
): Observable<string> {
  const progress = progressOf(events);
  return cleared.pipe(
    startWith(undefined),
    switchMap(() => progress.pipe(auditTime(refreshMs))),
    map((known) => progressText(known, asyncScheduler.now(), width())),
  );
}

/** What is to be logged: how far the work is, every ten seconds. */
export function progressLog(events: Observable<EngineEvent>): Observable<string> {
  return progressOf(events).pipe(
    auditTime(logMs),
    map((known) => progressLogLine(known, asyncScheduler.now())),
  );
}

function progressOf(events: Observable<EngineEvent>): Observable<Progress> {
  return events.pipe(
    scan((before, event) => progressAfter(before, event, asyncScheduler.now()), openingProgress),
    share({ resetOnRefCountZero: false }),
  );
}
