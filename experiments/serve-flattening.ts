// npx tsx experiments/serve-flattening.ts <folder> [port]: a program that flattens slides of a folder for others, over HTTP.
//
//   POST   /runs {"slide": "smear.ome.tiff", "output": "flat.ome.tiff", "target": 0.999}    202, and where the run is
//   GET    /runs/1                                                                         what it tells, as it happens (server-sent events)
//   DELETE /runs/1                                                                         stops it: nothing is left behind
//
// It listens on this machine alone, and reads and writes in its folder alone.
// (In a program of your own: import { engineEvents, flattenSlide, isSlideError } from 'zflat'.)
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  catchError,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  Subject,
  scan,
  share,
  takeWhile,
  throttleTime,
} from 'rxjs';
import {
  type EngineEvent,
  engineEvents,
  type FlattenOptions,
  type FlattenResult,
  flattenSlide,
  isSlideError,
  type RunEvent,
  type SlideErrorCode,
} from '../src/index.js';

/** What a client is to make of a failure: its own fault, the slide's, or one that may pass. */
export const httpStatus: Readonly<Record<SlideErrorCode, number>> = {
  usage: 400,
  unreadable: 404,
  output: 409,
  damaged: 422,
  contradictory: 422,
  unsupported: 422,
  mismatch: 422,
  installation: 500,
  aborted: 410,
  transient: 503,
};

/** What a client is told: how far a run is, then that it is finished, or why it is not. */
type Told =
  | { readonly type: 'progress'; readonly scored: number; readonly written: number; readonly of: number }
  | { readonly type: 'finished'; readonly retained: number; readonly cost: number; readonly bytes: number | undefined }
  | { readonly type: 'failed'; readonly status: number; readonly code: string; readonly message: string };

type Run = { readonly told: Observable<Told>; readonly stop: () => void };

/** A server of runs on slides of a folder; to be made to listen, and closed, by the caller. */
export function flatteningServer(folder: string): Server {
  const runs = new Map<string, Run>();
  return createServer(async (request, response) => {
    try {
      const id = /^\/runs\/(\w+)$/.exec(request.url ?? '')?.[1];
      const run = id === undefined ? undefined : runs.get(id);
      if (request.method === 'POST' && request.url === '/runs') {
        const started = startRun(folder, JSON.parse(await bodyOf(request)));
        const name = String(runs.size + 1);
        runs.set(name, started);
        answer(response, 202, { run: `/runs/${name}` }, { location: `/runs/${name}` });
      } else if (!run) answer(response, 404, { message: 'there is no such run' });
      else if (request.method === 'GET') tell(response, run.told);
      else if (request.method === 'DELETE') {
        run.stop();
        answer(response, 204);
      } else answer(response, 405, { message: 'GET or DELETE' });
    } catch (error) {
      const { status, code, message } = failureOf(error);
      answer(response, status, { code, message });
    }
  });
}

/** Starts a run; whoever asks for it later is told from the beginning. */
function startRun(
  folder: string,
  { slide, output, ...options }: { slide: string; output: string } & FlattenOptions,
): Run {
  const inside = (name: unknown) => join(folder, basename(String(name)));
  const stopped = new Subject<void>();
  const events = engineEvents((followed) => flattenSlide(inside(slide), inside(output), { ...options, ...followed }));
  // Leaving the events is what stops the run.
  const stop = stopped.pipe(map((): Told => ({ type: 'failed', ...stoppedFailure })));
  const told = merge(progressOf(events), stop).pipe(
    takeWhile(({ type }) => type === 'progress', true),
    catchError((error: unknown) => of({ type: 'failed', ...failureOf(error) } as const)),
    share({ connector: () => new ReplaySubject<Told>(), resetOnComplete: false, resetOnRefCountZero: false }),
  );
  told.subscribe();
  return { told, stop: () => stopped.next() };
}

/** Events that come once a tile, added up; ten a second at most, and the last of them. */
function progressOf(events: Observable<RunEvent<FlattenResult>>): Observable<Told> {
  const start = { scored: 0, written: 0, of: 0, finished: undefined as FlattenResult | undefined };
  return events.pipe(
    scan(
      (sum, event) => (event.type === 'finished' ? { ...sum, finished: event.result } : { ...sum, ...counted(event) }),
      start,
    ),
    throttleTime(100, undefined, { leading: true, trailing: true }),
    map(({ finished, ...counts }): Told => {
      if (!finished) return { type: 'progress', ...counts };
      const { accuracy, plan, output } = finished.report;
      return { type: 'finished', retained: accuracy.retained, cost: plan.cost, bytes: output?.bytes };
    }),
  );
}

function counted(event: EngineEvent): { scored?: number; written?: number; of?: number } {
  if (event.type === 'scored') return { scored: event.probes };
  if (event.type === 'writing') return { of: event.tiles };
  return event.type === 'written' ? { written: event.tiles } : {};
}

const stoppedFailure = { status: httpStatus.aborted, code: 'aborted', message: 'stopped' };

function failureOf(error: unknown): { status: number; code: string; message: string } {
  if (isSlideError(error)) return { status: httpStatus[error.code], code: error.code, message: error.message };
  const isJson = error instanceof SyntaxError;
  return { status: isJson ? 400 : 500, code: isJson ? 'usage' : 'defect', message: String(error) };
}

/** Server-sent events, as the HTML standard has them; who goes away stops hearing, not the run. */
function tell(response: ServerResponse, told: Observable<Told>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const hearing = told.subscribe({
    next: (event) => response.write(`data: ${JSON.stringify(event)}\n\n`),
    complete: () => response.end(),
  });
  response.on('close', () => hearing.unsubscribe());
}

function answer(response: ServerResponse, status: number, body?: object, headers: Record<string, string> = {}): void {
  const later = status === 503 ? { 'retry-after': '60' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...later, ...headers });
  response.end(body && JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) {
    text += piece;
    if (text.length > 10_000) throw new SyntaxError('the request is too long');
  }
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '.', port = '8080'] = process.argv.slice(2);
  flatteningServer(folder).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/runs`));
}
