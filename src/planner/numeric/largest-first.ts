// Tiles from the largest of their values down, where only the first of many are needed: a binary heap (Williams, "Algorithm 232:
// heapsort", Comm. ACM 7, 1964).

/**
 * Tiles are put in order in batches: first those whose value is at least this part of the largest, then of what is left; unmeasured.
 */
const partOfLargest = 1 / 2;

export class LargestFirst {
  readonly #values: Float64Array;
  /** Values not below this were put in order so far. */
  #bar = Number.POSITIVE_INFINITY;
  readonly #heap: Uint32Array;
  #size = 0;

  /** `values` has an entry a tile. Tiles whose value is not above 0 are left out; so is NaN. */
  constructor(values: Float64Array) {
    this.#values = values;
    this.#heap = new Uint32Array(values.length);
  }

  /** Begins anew, from the values as they are now. */
  restart(): void {
    this.#bar = Number.POSITIVE_INFINITY;
    this.#size = 0;
  }

  /** The tile with the next largest value, of equal ones the lowest; -1 when there is none left. */
  next(): number {
    if (this.#size === 0) this.#fill();
    if (this.#size === 0) return -1;
    const first = this.#heap[0];
    const last = this.#heap[--this.#size];
    if (this.#size > 0) this.#sink(0, last);
    return first;
  }

  /** Puts back a tile that `next` gave, whose value may be another now. */
  put(tile: number): void {
    // What is below the bar is found when its batch is taken
    if (!(this.#values[tile] >= this.#bar && this.#values[tile] > 0)) return;
    const heap = this.#heap;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isBefore(tile, heap[parent])) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = tile;
  }

  /** Takes the next batch. */
  #fill(): void {
    const above = this.#bar;
    const largest = largestBelow(this.#values, above);
    if (largest === 0) return;
    this.#bar = largest * partOfLargest;
    this.#size = gather(this.#values, this.#bar, above, this.#heap);
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(at, this.#heap[at]);
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

/** The largest of the values that are less than a bound; 0 if none is above 0. */
function largestBelow(values: Float64Array, bound: number): number {
  let largest = 0;
  for (let tile = 0; tile < values.length; tile++) {
    if (values[tile] > largest && values[tile] < bound) largest = values[tile];
  }
  return largest;
}

/** Tiles whose values are at least `min`, above 0, and below a bound; how many. `tiles` takes them. */
function gather(values: Float64Array, min: number, bound: number, tiles: Uint32Array): number {
  let count = 0;
  for (let tile = 0; tile < values.length; tile++) {
    if (values[tile] >= min && values[tile] < bound && values[tile] > 0) tiles[count++] = tile;
  }
  return count;
}
