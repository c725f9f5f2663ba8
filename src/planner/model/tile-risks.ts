// The risks of all tiles of a slide: arrays, not objects, since a slide has hundreds of thousands of tiles.

/** What choosing a plane of one tile may lose, and what scoring it saves. */
export type TileRisk = {
  /** The plane to choose as things stand; -1 without any evidence. */
  readonly plane: number;
  /** Expected loss of choosing it, in parts of the tile's F. */
  readonly loss: number;
  /** E[loss^2]: weights of an audit. */
  readonly secondMoment: number;
  /** How likely another plane is sharper: 0 to 1. */
  readonly doubt: number;
  /** Planes to score next, and what each look is expected to save. */
  readonly looks: readonly number[];
  readonly gain: number;
};

/** One entry a tile, 31 bytes of memory in all; which planes to score is worked out where it is asked for. */
export class TileRisks {
  readonly plane: Int16Array;
  readonly loss: Float64Array;
  readonly secondMoment: Float64Array;
  readonly gain: Float64Array;
  readonly doubt: Float32Array;
  /** How many planes to score next. */
  readonly lookCount: Uint8Array;

  constructor(tiles: number) {
    this.plane = new Int16Array(tiles);
    this.loss = new Float64Array(tiles);
    this.secondMoment = new Float64Array(tiles);
    this.gain = new Float64Array(tiles);
    this.doubt = new Float32Array(tiles);
    this.lookCount = new Uint8Array(tiles);
  }

  /** A tile without any evidence: nothing is predicted, and nothing hoped for. */
  giveUp(tile: number): void {
    this.plane[tile] = -1;
    this.loss[tile] = 0;
    this.secondMoment[tile] = 0;
    this.gain[tile] = 0;
    this.doubt[tile] = 1;
    this.lookCount[tile] = 0;
  }
}
