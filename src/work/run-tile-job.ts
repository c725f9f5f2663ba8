// Where the work on tiles is done: in threads of the process, one for each core, once there is enough to do; until they are there,
// and where they can't be, at once.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { doTileJob, type TileJobInput, type TileJobName, type TileJobResult } from './tile-jobs.js';
import { TileThreads } from './tile-threads.js';

/** A thread costs some 50 ms and 20 MB: not worth it for the work on fewer tiles. */
const jobsWithout = 256;
const mostThreads = 8;

const threadFile = fileURLToPath(new URL('./tile-worker.js', import.meta.url));

let threads: TileThreads | undefined;
let jobsSoFar = 0;

/** Does a job on a tile. What goes in must not be changed until it is done. */
export async function runTileJob<Name extends TileJobName>(
  name: Name,
  ...input: TileJobInput<Name>
): Promise<TileJobResult<Name>> {
  if (++jobsSoFar === jobsWithout) startThreads();
  // Between jobs done here, this thread hears of others that are ready, and of Ctrl-C.
  if (!threads?.ready) await setImmediate();
  return threads?.ready ? threads.run(name, ...input) : ((await doTileJob(name, input)) as TileJobResult<Name>);
}

/** Starts the threads, where there are cores for more than one: to be called early by those who know that there is much to do. */
export function startThreads(): void {
  const cores = Math.min(mostThreads, availableParallelism());
  // Run from TypeScript sources, there is no file that a thread could load.
  if (threads || cores < 2 || !existsSync(threadFile)) return;
  threads = new TileThreads(threadFile, cores);
}
