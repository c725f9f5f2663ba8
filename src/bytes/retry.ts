// Trying again what failed for a reason that may pass, with waits that double, as long as the run's budget of lost time lasts.
import { setTimeout as wait } from 'node:timers/promises';
import { SlideError, throwIfAborted } from '../errors.js';
import { TransientError } from './http-failure.js';

/** Times that something is tried in all. */
const maxAttempts = 5;
/** The first wait; five attempts wait 7.5 s in all. */
export const firstWaitMs = 500;
/** A server may ask for a longer wait (Retry-After), up to this. */
const maxWaitMs = 30_000;
/** unmeasured: ten minutes of a server that is down end a run; one that is started anew is back by then. */
export const defaultRetryMs = 600_000;

/** The time that a run loses to failures: while any of its requests is between its first failure and its success. */
export class RetryBudget {
  readonly totalMs: number;
  #lostMs = 0;
  #failing = 0;
  #since = 0;

  constructor(totalMs: number) {
    this.totalMs = totalMs;
  }

  /** Milliseconds that are left. */
  get leftMs(): number {
    const now = this.#failing > 0 ? performance.now() - this.#since : 0;
    return Math.max(0, this.totalMs - this.#lostMs - now);
  }

  /** A request has failed after so many milliseconds; the answered function says that its fate is known. */
  failing(afterMs: number): () => void {
    if (this.#failing++ === 0) this.#since = performance.now() - afterMs;
    return () => {
      if (--this.#failing === 0) this.#lostMs += performance.now() - this.#since;
    };
  }
}

export type Retrying = {
  /** Milliseconds before the second try. */
  readonly waitMs: number;
  readonly budget: RetryBudget;
  readonly signal?: AbortSignal | undefined;
};

/** The result of `attempt`, which is tried again, up to five times in all, when it throws a TransientError. */
export async function retrying<T>(attempt: () => Promise<T>, { waitMs, budget, signal }: Retrying): Promise<T> {
  let recovered: (() => void) | undefined;
  try {
    for (let tried = 1; ; tried++) {
      const started = performance.now();
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        recovered ??= budget.failing(performance.now() - started);
        if (tried === maxAttempts) throw givenUp(error.failure, `tried ${maxAttempts} times`);
        // Spread by chance, so that requests refused together do not come back together.
        const backoff = waitMs * 2 ** (tried - 1) * (0.75 + Math.random() / 2);
        const pause = Math.min(maxWaitMs, Math.max(backoff, error.afterMs));
        if (pause > budget.leftMs) throw givenUp(error.failure, spent(budget, tried));
        await wait(pause, undefined, { signal }).catch(() => throwIfAborted(signal));
      }
    }
  } finally {
    recovered?.();
  }
}

function spent({ totalMs }: RetryBudget, tried: number): string {
  const times = tried === 1 ? 'once' : `${tried} times`;
  return `tried ${times}; the ${totalMs / 1000} s that this run may lose to failures (--retry-for) are spent`;
}

function givenUp({ code, problem, place, hint, cause }: SlideError, how: string): SlideError {
  return new SlideError(code, `${problem}; ${how}`, { ...place, hint, cause });
}
