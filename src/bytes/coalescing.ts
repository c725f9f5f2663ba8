// A ByteReader that gathers reads asked for at nearly the same time and fetches neighbours together: a round trip costs more than
// the few bytes between them.
import { SlideError, throwIfAborted } from '../errors.js';
import { type ByteReader, checkRange } from './byte-reader.js';
import { onAbort } from './on-abort.js';

export type CoalescingOptions = {
  /** Milliseconds that a read waits for others: little beside a round trip of 10 to 100 ms. */
  readonly windowMs: number;
  /** Bytes between two reads that are fetched for nothing at most: what a line of 10 MB/s brings in 1.6 ms. */
  readonly gapBytes: number;
  /** Bytes of one fetch at most, where it serves several reads. */
  readonly maxBytes: number;
};

const defaults: CoalescingOptions = { windowMs: 3, gapBytes: 16_384, maxBytes: 4 << 20 };

type Read = {
  readonly offset: number;
  readonly length: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
};

/** Reads from `offset` to `end` that one fetch serves. */
type Run = { readonly offset: number; end: number; readonly reads: Read[] };

/** The same bytes in fewer reads. Buffers no more than callers ask for at once. */
export function withCoalescing(reader: ByteReader, options: Partial<CoalescingOptions> = {}): ByteReader {
  const settings = { ...defaults, ...options };
  let waiting: Read[] = [];
  const flush = () => {
    const reads = waiting;
    waiting = [];
    for (const run of runsOf(reads, settings)) void serve(reader, run);
  };
  const { name, location, size, distant } = reader;
  return {
    name,
    location,
    size,
    distant,
    read: (offset, length, signal) =>
      new Promise((resolve, reject) => {
        throwIfAborted(signal);
        checkRange(reader, offset, length);
        if (waiting.length === 0) setTimeout(flush, settings.windowMs);
        waiting.push({ offset, length, signal, resolve, reject });
      }),
    close: () => reader.close(),
  };
}

/** Neighbours together, in the order of the file. */
function runsOf(reads: readonly Read[], { gapBytes, maxBytes }: CoalescingOptions): Run[] {
  const runs: Run[] = [];
  for (const read of [...reads].sort((a, b) => a.offset - b.offset)) {
    const { offset, length } = read;
    const last = runs.at(-1);
    const end = offset + length;
    if (last && offset <= last.end + gapBytes && Math.max(end, last.end) - last.offset <= maxBytes) {
      last.end = Math.max(end, last.end);
      last.reads.push(read);
    } else runs.push({ offset, end, reads: [read] });
  }
  return runs;
}

/** Fetches a run; it is given up when all of its callers have stopped. */
async function serve(reader: ByteReader, { offset, end, reads }: Run): Promise<void> {
  const controller = new AbortController();
  const stop = () => {
    for (const { signal, reject } of reads) if (signal?.aborted) reject(stopped(signal));
    if (reads.every(({ signal }) => signal?.aborted)) controller.abort();
  };
  const forget = reads.map(({ signal }) => onAbort(signal, stop));
  stop();
  try {
    const bytes = await reader.read(offset, end - offset, controller.signal);
    for (const read of reads) {
      const from = read.offset - offset;
      // A copy where the fetch served several: a part that is kept must not keep the whole.
      const part = bytes.subarray(from, from + read.length);
      read.resolve(reads.length === 1 ? part : Uint8Array.from(part));
    }
  } catch (error) {
    for (const { reject } of reads) reject(error);
  } finally {
    for (const each of forget) each();
  }
}

function stopped({ reason }: AbortSignal): SlideError {
  return new SlideError('aborted', 'stopped before it was done', { cause: reason });
}
