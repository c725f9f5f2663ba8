// Threads that do jobs on tiles. Jobs are sent in batches, since a message costs about as much as a small job, and a thread always has
// the next batch at hand. Threads keep no process alive but while they work.
import { Worker } from 'node:worker_threads';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { type JobBatch, type JobResult, putTogether } from './job-message.js';
import type { TileJobInput, TileJobName, TileJobResult } from './tile-jobs.js';

const mostInBatch = 16;
const batchesAhead = 2;

type Job = JobBatch[number] & {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; readonly batches: Job[][]; ready: boolean };

export class TileThreads {
  readonly #threads: Thread[];
  /** Bounded by what callers have in flight. */
  #waiting: Job[] = [];
  #sending = false;

  /** Starts `count` threads of a file; see tile-worker. */
  constructor(file: string, count: number) {
    this.#threads = Array.from({ length: count }, () => this.#start(file));
  }

  /** Whether there is a thread that has loaded what it needs. */
  get ready(): boolean {
    return this.#threads.some(({ ready }) => ready);
  }

  /** Does a job; throws what it throws, or the error that ended its thread. What goes in must not change until it is done. */
  run<Name extends TileJobName>(name: Name, ...input: TileJobInput<Name>): Promise<TileJobResult<Name>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, input, resolve: resolve as Job['resolve'], reject });
      if (this.#sending) return;
      this.#sending = true;
      // What is asked in one turn goes together.
      setImmediate(() => {
        this.#sending = false;
        this.#send();
      });
    });
  }

  /** Ends the threads; jobs under way are never answered. */
  async stop(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #start(file: string): Thread {
    const worker = new Worker(file);
    const thread: Thread = { worker, batches: [], ready: false };
    worker.unref();
    worker.on('message', (results: readonly JobResult[]) => {
      // The first message, of no results, says that the thread is ready.
      thread.ready = true;
      this.#settle(thread.batches.shift() ?? [], results);
      if (thread.batches.length === 0) worker.unref();
      this.#send();
    });
    worker.on('error', (error) => {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      const unheard = this.#threads.length === 0 ? this.#waiting.splice(0) : [];
      for (const job of [...thread.batches.flat(), ...unheard]) job.reject(error);
    });
    return thread;
  }

  #settle(batch: readonly Job[], results: readonly JobResult[]): void {
    for (const [i, outcome] of results.entries()) {
      if ('result' in outcome) batch[i].resolve(outcome.result);
      else batch[i].reject(putTogether(outcome.failure));
    }
  }

  /** Hands what waits to the threads with the least to do. */
  #send(): void {
    while (this.#waiting.length > 0) {
      const able = this.#threads.filter(({ ready, batches }) => ready && batches.length < batchesAhead);
      if (able.length === 0) return;
      const thread = able.reduce((least, each) => (each.batches.length < least.batches.length ? each : least));
      const share = Math.ceil(this.#waiting.length / this.#threads.length);
      const batch = this.#waiting.splice(0, Math.min(mostInBatch, share));
      thread.worker.ref();
      thread.batches.push(batch);
      thread.worker.postMessage(batch.map(({ name, input }) => ({ name, input: input.map(withOwnBytes) })));
    }
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
