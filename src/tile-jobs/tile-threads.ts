// Threads that do jobs on tiles. Jobs are sent in batches, since a message costs about as much as a small job, and a thread always has
// the next batch at hand. Threads keep no process alive but while they work.
import { Worker } from 'node:worker_threads';
import { type JobBatch, type JobResult, packBatch, putTogether } from './job-message.js';

const maxInBatch = 8;
const batchesAhead = 2;

/** A job with those who wait for its result: what it throws, or the error that ended its thread. What goes in must not change. */
export type WaitingJob = JobBatch[number] & {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; readonly batches: WaitingJob[][]; ready: boolean };

export class TileThreads {
  readonly #threads: Thread[];
  readonly #free: () => void;

  /** Starts `count` threads of a file (see tile-worker); `free` is called whenever one of them could do more. */
  constructor(file: string, count: number, free: () => void) {
    this.#free = free;
    this.#threads = Array.from({ length: count }, () => this.#start(file));
  }

  /** Takes jobs off the list, for threads that have loaded what they need and can do more; some are left for who asks. */
  take(waiting: WaitingJob[]): void {
    while (waiting.length > 0) {
      const able = this.#threads.filter(({ ready, batches }) => ready && batches.length < batchesAhead);
      if (able.length === 0) return;
      const thread = able.reduce((least, each) => (each.batches.length < least.batches.length ? each : least));
      const share = Math.ceil(waiting.length / (this.#threads.length + 1));
      const batch = waiting.splice(0, Math.min(maxInBatch, share));
      thread.worker.ref();
      thread.batches.push(batch);
      const message = packBatch(batch);
      thread.worker.postMessage(message, [message.bytes.buffer]);
    }
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
      this.#free();
    });
    worker.on('error', (error) => {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      for (const job of thread.batches.flat()) job.reject(error);
    });
    return thread;
  }

  #settle(batch: readonly WaitingJob[], results: readonly JobResult[]): void {
    for (const [i, outcome] of results.entries()) {
      if ('result' in outcome) batch[i].resolve(outcome.result);
      else batch[i].reject(putTogether(outcome.failure));
    }
  }
}
