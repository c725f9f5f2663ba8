// A signal that is set when a caller stops, when no byte has come for a while, or when all has taken too long.
import { onAbort } from './on-abort.js';

/** Times the idle limit that a whole request may take: a server that sends a byte now and then is no better than a silent one. */
const wholeFactor = 10;

export class IdleTimeout {
  /** Why the wait ended: no byte for a while, or bytes too few for too long; undefined where it did not, or the caller stopped. */
  #reason: 'idle' | 'slow' | undefined;
  readonly #wholeMs: number;
  readonly #controller = new AbortController();
  readonly #stop = () => this.#controller.abort();
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  readonly #whole: NodeJS.Timeout;
  readonly #forget: readonly (() => void)[];

  /** `end` must be called when all is done. */
  constructor(idleMs: number, signals: readonly (AbortSignal | undefined)[]) {
    this.#idleMs = idleMs;
    this.#wholeMs = wholeFactor * idleMs;
    this.#forget = signals.map((signal) => onAbort(signal, this.#stop));
    if (signals.some((signal) => signal?.aborted)) this.#stop();
    this.#whole = setTimeout(() => this.#runOut('slow'), this.#wholeMs);
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the wait was too long, not the caller's stop. */
  get ranOut(): boolean {
    return this.#reason !== undefined;
  }

  /** What it means that it ran out after so many bytes. */
  describe(received: number): string {
    const bytes = received === 1 ? '1 byte' : `${received} bytes`;
    if (this.#reason === 'slow') return `the server trickles: ${bytes} in ${this.#wholeMs / 1000} s`;
    const after = received > 0 ? ` after the first ${received}` : '';
    return `no byte came for ${this.#idleMs / 1000} s${after} (--timeout)`;
  }

  /** A byte came. */
  renew(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#runOut('idle'), this.#idleMs);
  }

  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#whole);
    for (const forget of this.#forget) forget();
  }

  #runOut(reason: 'idle' | 'slow'): void {
    this.#reason ??= reason;
    this.#stop();
  }
}
