// Ordered work ahead of the one who takes it: results wait for their turn, within bounds, while others are made. The pulled twin of
// mapBounded: the slow side sets the pace.
import { onAbort } from '../bytes/on-abort.js';
import { throwIfAborted } from '../errors.js';

export type PrefetchOptions<R> = {
  /** None is begun while so many are under way: at least 1. */
  readonly concurrency: number;
  /** None is begun while results of this size or more wait to be taken; by default `concurrency`, which counts them. */
  readonly maxHeld?: number | undefined;
  /** What a result counts against `maxHeld`; 1 by default. */
  readonly sizeOf?: ((result: R) => number) | undefined;
  /** Ends it with `aborted` at the next turn. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Works on items in their order, from the moment it is made, and yields the results in that order, once. What an item or its work fails
 * with is thrown when its turn comes; from then on, and when it is left early, no more is begun and the signal of `work` is set. Memory:
 * what is under way, and what `maxHeld` lets wait.
 */
export class OrderedPrefetch<T, R> implements AsyncIterable<R> {
  readonly #items: Iterator<T>;
  readonly #work: (item: T, signal: AbortSignal) => Promise<R>;
  readonly #concurrency: number;
  readonly #maxHeld: number;
  readonly #sizeOf: (result: R) => number;
  readonly #signal: AbortSignal | undefined;
  readonly #left = new AbortController();
  readonly #forget: () => void;
  /** By the place of their item: those that nobody took yet. */
  readonly #begun = new Map<number, Promise<R>>();
  #places = 0;
  #running = 0;
  #held = 0;
  #ended = false;

  constructor(
    items: Iterable<T>,
    work: (item: T, signal: AbortSignal) => Promise<R>,
    { concurrency, maxHeld = concurrency, sizeOf = () => 1, signal }: PrefetchOptions<R>,
  ) {
    this.#items = items[Symbol.iterator]();
    this.#work = work;
    this.#concurrency = concurrency;
    this.#maxHeld = maxHeld;
    this.#sizeOf = sizeOf;
    this.#signal = signal;
    this.#forget = onAbort(signal, () => this.leave());
    this.#begin();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    try {
      for (let place = 0; ; place++) {
        const next = this.#begun.get(place);
        if (!next) break;
        const result = await next;
        throwIfAborted(this.#signal);
        this.#begun.delete(place);
        this.#held -= this.#sizeOf(result);
        this.#begin();
        yield result;
      }
      // Where it was set, not all were begun.
      throwIfAborted(this.#signal);
    } finally {
      this.leave();
    }
  }

  /** Begins no more; what is under way is told to stop. */
  leave(): void {
    this.#ended = true;
    this.#forget();
    if (this.#running > 0) this.#left.abort(this.#signal?.reason);
  }

  #begin(): void {
    while (!this.#ended && this.#running < this.#concurrency && this.#held < this.#maxHeld) {
      const result = this.#next();
      if (!result) return;
      this.#running++;
      this.#begun.set(this.#places++, result);
      result.then(
        (made) => {
          this.#running--;
          this.#held += this.#sizeOf(made);
          this.#begin();
        },
        // It is thrown when its turn comes; until then it is not unhandled, and no more is begun.
        () => {
          this.#running--;
          this.#ended = true;
        },
      );
    }
  }

  /** The work on the next item; undefined where there is none. An item that can't be had fails in its turn, like its work. */
  #next(): Promise<R> | undefined {
    try {
      const { value, done } = this.#items.next();
      if (!done) return this.#work(value, this.#left.signal);
      this.#ended = true;
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
