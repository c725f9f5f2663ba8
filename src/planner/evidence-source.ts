// One kind of evidence of a whole slide: numbers that grow with sharpness, and the ways in which they may be read. Calibration chooses
// by the few tiles that it knows; only what it has chosen is worked out for all.
import type { Expectation } from './calibration.js';
import { type Evidence, evidenceFrom, type Lean, rowsOf, straighten, tileNumbers } from './evidence.js';
import { floorShare } from './forecast.js';

/** A way to read evidence: how much of an empty tile is taken off, and which lean is straightened. */
export type Reading = { readonly share: number; readonly lean: Lean };

export class EvidenceSource {
  readonly planeCount: number;
  readonly expected: Expectation;
  /** Each tile's strongest evidence, most of an empty tile taken off: how much there is on it. NaN where there is no evidence. */
  readonly content: Float64Array;
  readonly #numbers: Float64Array;
  readonly #empty: number;

  /** `numbers` [tile][plane], 0 or NaN where there are none; `amounts` tell how much there is on a tile, by default the same. */
  constructor(numbers: Float64Array, planeCount: number, expected: Expectation, amounts: Float64Array = numbers) {
    this.planeCount = planeCount;
    this.expected = expected;
    this.#numbers = numbers;
    const own = tileNumbers(numbers, planeCount);
    this.#empty = own.empty;
    const { strongest, empty } = amounts === numbers ? own : tileNumbers(amounts, planeCount);
    this.content = evidenceFrom(strongest, empty, floorShare);
  }

  /** The evidence of some tiles, [i][plane]. */
  rows(tiles: readonly number[], { share, lean }: Reading): Evidence {
    const rows = rowsOf(this.#numbers, this.planeCount, tiles);
    return straighten(evidenceFrom(rows, this.#empty, share), this.planeCount, lean);
  }

  /** The evidence of all tiles, [tile][plane]: a new array, the caller's own. */
  read({ share, lean }: Reading): Evidence {
    return straighten(evidenceFrom(this.#numbers, this.#empty, share), this.planeCount, lean);
  }
}
