// Ordered, and begun before anybody takes: results wait for their turn, within bounds, while others are made.

export type AheadBounds<R> = {
  /** None is begun while so many are under way: at least 1. */
  readonly running: number;
  /** None is begun while results of this size or more wait. */
  readonly held: number;
  readonly sizeOf: (result: R) => number;
};

/** Works on items in their order, from the moment it is made; `results` yields them in that order, once. */
export class MakeAhead<T, R> {
  readonly #items: Iterator<T>;
  readonly #work: (item: T) => Promise<R>;
  readonly #bounds: AheadBounds<R>;
  /** By the place of their item: those that nobody took yet. */
  readonly #begun = new Map<number, Promise<R>>();
  #places = 0;
  #running = 0;
  #held = 0;
  #stopped = false;

  constructor(items: Iterable<T>, work: (item: T) => Promise<R>, bounds: AheadBounds<R>) {
    this.#items = items[Symbol.iterator]();
    this.#work = work;
    this.#bounds = bounds;
    this.#begin();
  }

  /** Throws what an item fails with when its turn comes; then, and when it is left early, no more is begun. */
  async *results(): AsyncGenerator<R, void, undefined> {
    try {
      for (let place = 0; ; place++) {
        const next = this.#begun.get(place);
        if (!next) return;
        this.#begun.delete(place);
        const result = await next;
        this.#held -= this.#bounds.sizeOf(result);
        this.#begin();
        yield result;
      }
    } finally {
      this.stop();
    }
  }

  /** Begins no more. */
  stop(): void {
    this.#stopped = true;
  }

  #begin(): void {
    const { running, held, sizeOf } = this.#bounds;
    while (!this.#stopped && this.#running < running && this.#held < held) {
      const { value, done } = this.#items.next();
      if (done) {
        this.stop();
        return;
      }
      this.#running++;
      const result = this.#work(value);
      this.#begun.set(this.#places++, result);
      result.then(
        (made) => {
          this.#running--;
          this.#held += sizeOf(made);
          this.#begin();
        },
        // It is thrown when its turn comes; until then it is not unhandled.
        () => this.stop(),
      );
    }
  }
}
