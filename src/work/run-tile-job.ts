// Threads for the work on tiles: decoding, measuring, quilting. They are the process's own, one for each core, start when there is
// enough to do, and keep no process alive. Until they are there, and where they can't be, the work is done at once.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { type JobBatch, type JobResult, putTogether } from './job-message.js';
import { doTileJob, type TileJobInput, type TileJobName, type TileJobResult } from './tile-jobs.js';

/** A thread costs some 50 ms and 20 MB: not worth it for the work on fewer tiles. */
const jobsWithout = 256;
const mostThreads = 8;
/** Jobs sent at a time, a message costing as much as a small job. */
const batchJobs = 8;
/** Batches a thread has, so that it need not wait for the next. */
const batchesAhead = 2;

type Job = JobBatch[number] & {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; readonly batches: Job[][]; ready: boolean };

const threadFile = fileURLToPath(new URL('./tile-worker.js', import.meta.url));
/** Run from TypeScript sources, there is no file that a thread could load. */
const threadCount = existsSync(threadFile) ? Math.min(mostThreads, availableParallelism()) : 1;

const threads: Thread[] = [];
/** Bounded by what its callers have in flight. */
let waiting: Job[] = [];
let sending = false;
let jobsSoFar = 0;

/** Does a job on a tile, in another thread where there are any. What goes in must not be changed until it is done. */
export async function runTileJob<Name extends TileJobName>(
  name: Name,
  ...input: TileJobInput<Name>
): Promise<TileJobResult<Name>> {
  if (++jobsSoFar === jobsWithout) startThreads();
  if (!threads.some(({ ready }) => ready)) return (await doTileJob(name, input)) as TileJobResult<Name>;
  return new Promise((resolve, reject) => {
    waiting.push({ name, input, resolve: resolve as Job['resolve'], reject });
    if (sending) return;
    sending = true;
    setImmediate(send);
  });
}

/** Starts the threads, where there are cores for more than one: to be called early by those who know that there is much to do. */
export function startThreads(): void {
  if (threads.length > 0 || threadCount < 2) return;
  for (let i = 0; i < threadCount; i++) threads.push(startThread());
}

function startThread(): Thread {
  const worker = new Worker(threadFile);
  const thread: Thread = { worker, batches: [], ready: false };
  worker.unref();
  worker.on('message', (results: readonly JobResult[]) => {
    // The first message, of no results, says that the thread has loaded what it needs.
    thread.ready = true;
    const batch = thread.batches.shift() ?? [];
    if (thread.batches.length === 0) worker.unref();
    for (const [i, outcome] of results.entries()) {
      if ('result' in outcome) batch[i].resolve(outcome.result);
      else batch[i].reject(putTogether(outcome.failure));
    }
    send();
  });
  worker.on('error', (error) => {
    threads.splice(threads.indexOf(thread), 1);
    const lost = threads.length === 0 ? waiting.splice(0) : [];
    for (const job of [...thread.batches.flat(), ...lost]) job.reject(error);
    send();
  });
  return thread;
}

/** Hands what waits to the threads with the least to do. */
function send(): void {
  sending = false;
  while (waiting.length > 0) {
    const able = threads.filter(({ ready, batches }) => ready && batches.length < batchesAhead);
    if (able.length === 0) break;
    const thread = able.reduce((least, each) => (each.batches.length < least.batches.length ? each : least));
    const share = Math.ceil(waiting.length / threads.length);
    const batch = waiting.slice(0, Math.min(batchJobs, share));
    waiting = waiting.slice(batch.length);
    // A thread with work keeps the process alive until it is done.
    if (thread.batches.length === 0) thread.worker.ref();
    thread.batches.push(batch);
    thread.worker.postMessage(batch.map(({ name, input }) => ({ name, input: input.map(withOwnBytes) })));
  }
}

const ownEncodings = new WeakMap<TileEncoding, TileEncoding>();

/** Tiles with bytes of their own: of a view, all that it is a view of would be copied. */
function withOwnBytes(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(withOwnBytes);
  if (typeof input !== 'object' || input === null || !('encoding' in input)) return input;
  const { bytes, encoding } = input as EncodedTile;
  let own = ownEncodings.get(encoding);
  if (!own) {
    own = { ...encoding, jpegTables: encoding.jpegTables && ownBytes(encoding.jpegTables) };
    ownEncodings.set(encoding, own);
  }
  return { bytes: ownBytes(bytes), encoding: own };
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
