// Where the work on tiles is done: in this thread, and once there is enough to do in one more for each other core.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { doTileJob, type TileJobInput, type TileJobName, type TileJobResult } from './tile-jobs.js';
import { TileThreads, type WaitingJob } from './tile-threads.js';

/** A thread costs some 50 ms and 20 MB: not worth it for the work on fewer tiles. */
const jobsWithout = 256;
const maxThreads = 8;

const threadFile = fileURLToPath(new URL('./tile-worker.js', import.meta.url));

let threads: TileThreads | undefined;
let jobsSoFar = 0;
/** Runs under way. They share the threads: several at once are to keep the cores busy, no more. */
let owners = 0;

/** Not begun yet: no more than callers have in flight. */
const waiting: WaitingJob[] = [];
let turning = false;

/** Does a job on a tile. What goes in must not be changed until it is done. */
export function runTileJob<Name extends TileJobName>(
  name: Name,
  ...input: TileJobInput<Name>
): Promise<TileJobResult<Name>> {
  if (++jobsSoFar === jobsWithout) startThreads();
  return new Promise((resolve, reject) => {
    waiting.push({ name, input, resolve: resolve as WaitingJob['resolve'], reject });
    if (turning) return;
    turning = true;
    // What is asked in one turn of the event loop is handed out together.
    setImmediate(takeTurn);
  });
}

/** Threads beside the one that a program begins with. */
export function threadCount(): number {
  return Math.min(maxThreads, availableParallelism() - 1);
}

/** What a run holds while it works on tiles, and closes: the threads end with the last run. */
export class TileWork {
  #open = true;

  constructor() {
    owners++;
  }

  /** To be called when nobody waits for a job of this run; harmless after the first time. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    owners--;
    if (owners > 0) return;
    const ending = threads;
    threads = undefined;
    jobsSoFar = 0;
    await ending?.stop();
  }
}

/**
 * Starts the threads, where there are cores for them: to be called early by those who know that there is much to do. None without a run to
 * end them, and none from TypeScript sources, where there is no file that a thread could load.
 */
export function startThreads(): void {
  const count = threadCount();
  if (threads || owners === 0 || count < 1 || !existsSync(threadFile)) return;
  const started = new TileThreads(threadFile, count, () => started.take(waiting));
  threads = started;
}

/** Other threads take what they can of what waits, and one job is done here: then they are heard again, and Ctrl-C. */
async function takeTurn(): Promise<void> {
  threads?.take(waiting);
  const job = waiting.shift();
  turning = job !== undefined;
  if (!job) return;
  try {
    job.resolve(await doTileJob(job.name, job.input));
  } catch (error) {
    job.reject(error);
  }
  setImmediate(takeTurn);
}
