// The outlooks of all tiles of a slide: arrays, not objects, since a slide has hundreds of thousands of tiles.

/** What is believed of one tile. */
export type TileOutlook = {
  /** The plane to choose as things stand; -1 without any evidence. */
  readonly plane: number;
  /** Expected loss of choosing it, in parts of the tile's F. */
  readonly loss: number;
  /** E[loss^2]: sizes of an audit. */
  readonly secondMoment: number;
  /** Planes to look at next, at most three, and what each look is expected to save. */
  readonly looks: readonly number[];
  readonly gain: number;
};

/** Most planes that are looked at in one go. */
const mostLooks = 3;
/** No plane. */
const none = -1;

/** One entry a tile, with the words of TileOutlook: 32 bytes a tile. */
export class Outlooks {
  readonly plane: Int16Array;
  readonly loss: Float64Array;
  readonly secondMoment: Float64Array;
  readonly gain: Float64Array;
  /** Planes to look at next, [tile][look]; -1 after the last. */
  readonly #looks: Int16Array;

  constructor(tiles: number) {
    this.plane = new Int16Array(tiles);
    this.loss = new Float64Array(tiles);
    this.secondMoment = new Float64Array(tiles);
    this.gain = new Float64Array(tiles);
    this.#looks = new Int16Array(mostLooks * tiles).fill(none);
  }

  /** A tile that has nothing to lose, or nothing to hope for. */
  settle(tile: number, plane: number): void {
    this.plane[tile] = plane;
    this.loss[tile] = 0;
    this.secondMoment[tile] = 0;
    this.plan(tile, 0, none, none, none);
  }

  /** What to look at next: planes, -1 after the last; and what each look is expected to save. */
  plan(tile: number, gain: number, first: number, second: number, third: number): void {
    this.gain[tile] = gain;
    const at = mostLooks * tile;
    this.#looks[at] = first;
    this.#looks[at + 1] = second;
    this.#looks[at + 2] = third;
  }

  /** How many planes to look at next. */
  lookCount(tile: number): number {
    const at = mostLooks * tile;
    return this.#looks[at] < 0 ? 0 : this.#looks[at + 1] < 0 ? 1 : this.#looks[at + 2] < 0 ? 2 : 3;
  }

  /** One tile as an object. */
  of(tile: number): TileOutlook {
    const at = mostLooks * tile;
    return {
      plane: this.plane[tile],
      loss: this.loss[tile],
      secondMoment: this.secondMoment[tile],
      looks: [...this.#looks.subarray(at, at + this.lookCount(tile))],
      gain: this.gain[tile],
    };
  }
}
