// The thread that jobs are done in.
import { parentPort } from 'node:worker_threads';
import { type JobBatch, type JobMessage, type JobResult, takeApart, unpackBatch } from './job-message.js';
import { doTileJob } from './tile-jobs.js';

async function resultOf({ name, input }: JobBatch[number]): Promise<JobResult> {
  try {
    return { result: await doTileJob(name, input) };
  } catch (error) {
    return { failure: takeApart(error) };
  }
}

async function work(batch: JobBatch): Promise<void> {
  const results: JobResult[] = [];
  for (const job of batch) results.push(await resultOf(job));
  parentPort?.postMessage(results);
}

let done = Promise.resolve();
// Batch by batch: answers come in the order of what was asked.
parentPort?.on('message', (message: JobMessage) => {
  done = done.then(() => work(unpackBatch(message)));
});

// No results: this thread is ready.
parentPort?.postMessage([]);
