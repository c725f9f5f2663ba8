// Tiles from the largest of their values down, where only the first of many are needed: a binary heap (Williams, "Algorithm 232:
// heapsort", Comm. ACM 7, 1964).

export class LargestFirst {
  readonly #values: Float64Array;
  readonly #heap: Uint32Array;
  #size = 0;

  /** `values` has an entry a tile. Tiles whose value is not above `least` are left out; so is NaN. */
  constructor(values: Float64Array, least: number) {
    this.#values = values;
    this.#heap = new Uint32Array(values.length);
    for (let tile = 0; tile < values.length; tile++) if (values[tile] > least) this.#heap[this.#size++] = tile;
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(at, this.#heap[at]);
  }

  /** The tile with the next largest value, of equal ones the lowest; -1 when there is none left. */
  next(): number {
    if (this.#size === 0) return -1;
    const first = this.#heap[0];
    const last = this.#heap[--this.#size];
    if (this.#size > 0) this.#sink(0, last);
    return first;
  }

  /** Puts a tile where `at` is, or below. */
  #sink(at: number, tile: number): void {
    const heap = this.#heap;
    const size = this.#size;
    let hole = at;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isBefore(heap[child + 1], heap[child])) child++;
      if (!this.#isBefore(heap[child], tile)) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = tile;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#values[a] - this.#values[b];
    return difference > 0 || (difference === 0 && a < b);
  }
}
