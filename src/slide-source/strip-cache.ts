// What was made of strips of a slide, kept while neighbours may still be asked for; bounded by what it takes in memory.

type Kept<T> = { readonly value: Promise<T>; cost: number };

/** The most recently used values, up to a sum of costs; whoever asks for one that is being made waits for the same. */
export class StripCache<T> {
  readonly #maxCost: number;
  readonly #kept = new Map<string, Kept<T>>();
  #cost = 0;

  constructor(maxCost: number) {
    this.#maxCost = maxCost;
  }

  /** The value under `key`, made where it is not kept; `make` answers it with its cost. */
  get(key: string, make: () => Promise<{ readonly value: T; readonly cost: number }>): Promise<T> {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.value;
    }
    const made = make();
    const kept: Kept<T> = { value: made.then(({ value }) => value), cost: 0 };
    this.#kept.set(key, kept);
    made.then(
      ({ cost }) => {
        kept.cost = cost;
        this.#cost += cost;
        this.#trim();
      },
      // What could not be made is made anew when it is asked for again.
      () => this.#kept.delete(key),
    );
    return kept.value;
  }

  clear(): void {
    this.#kept.clear();
    this.#cost = 0;
  }

  #trim(): void {
    for (const [key, { cost }] of this.#kept) {
      if (this.#cost <= this.#maxCost) return;
      // One that is being made has no cost yet, and stays.
      if (cost === 0) continue;
      this.#kept.delete(key);
      this.#cost -= cost;
    }
  }
}
