// Trying again what failed for a reason that may pass, with waits that double.
import { setTimeout as wait } from 'node:timers/promises';
import { SlideError, throwIfAborted } from '../errors.js';

/** Times that something is tried in all. */
const mostAttempts = 5;
/** The first wait; five attempts wait 7.5 s in all. */
export const firstWaitMs = 500;
/** A server may ask for a longer wait (Retry-After), up to this. */
const longestWaitMs = 30_000;

/** A failure that may pass: a server too busy, a connection cut. */
export class PassingFailure extends Error {
  /** What to tell where it does not pass. */
  readonly failure: SlideError;
  /** Milliseconds that the server asks to wait for. */
  readonly afterMs: number;

  constructor(failure: SlideError, afterMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.afterMs = afterMs;
  }
}

/** The result of `attempt`, which is tried again, up to five times in all, when it throws a PassingFailure. */
export async function retrying<T>(attempt: () => Promise<T>, waitMs: number, signal?: AbortSignal): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      if (tried === mostAttempts) throw givenUp(error.failure);
      // Spread by chance, so that requests refused together do not come back together.
      const backoff = waitMs * 2 ** (tried - 1) * (0.75 + Math.random() / 2);
      await wait(Math.min(longestWaitMs, Math.max(backoff, error.afterMs)), undefined, { signal }).catch(() =>
        throwIfAborted(signal),
      );
    }
  }
}

function givenUp({ code, problem, place, hint, cause }: SlideError): SlideError {
  return new SlideError(code, `${problem}; tried ${mostAttempts} times`, { ...place, hint, cause });
}
