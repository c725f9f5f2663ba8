// A signal that is set when a caller stops, when no byte has come for a while, or when all has taken too long.
import { onAbort } from './on-abort.js';

/** Times the idle limit that a whole request may take: a server that sends a byte now and then is no better than a silent one. */
const wholeFactor = 10;

export class Patience {
  /** Whether the wait was too long, not the caller's stop. */
  ranOut = false;
  readonly #controller = new AbortController();
  readonly #stop = () => this.#controller.abort();
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  readonly #whole: NodeJS.Timeout;
  readonly #forget: readonly (() => void)[];

  /** `end` must be called when all is done. */
  constructor(idleMs: number, signals: readonly (AbortSignal | undefined)[]) {
    this.#idleMs = idleMs;
    this.#forget = signals.map((signal) => onAbort(signal, this.#stop));
    if (signals.some((signal) => signal?.aborted)) this.#stop();
    this.#whole = setTimeout(() => this.#runOut(), wholeFactor * idleMs);
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A byte came. */
  renew(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#runOut(), this.#idleMs);
  }

  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#whole);
    for (const forget of this.#forget) forget();
  }

  #runOut(): void {
    this.ranOut = true;
    this.#stop();
  }
}
