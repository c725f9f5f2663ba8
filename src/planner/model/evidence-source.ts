// One kind of evidence of a whole slide: numbers that grow with sharpness, and the ways in which they may be read. Calibration chooses
// by the few tiles that it knows; only what it has chosen is worked out for all.

import { type NumberTable, rowsOf, tileMajor } from '../contract/number-table.js';
import type { Expectation } from './calibration.js';
import { correctBias, type Evidence, evidenceFrom, tileNumbers, type ZBias } from './evidence.js';
import { floorShare } from './forecast.js';

/** A way to read evidence: how much of an empty tile is taken off, and which bias along z is corrected. */
export type Reading = { readonly share: number; readonly zBias: ZBias };

export class EvidenceSource {
  readonly expected: Expectation;
  /** Each tile's strongest evidence, most of an empty tile taken off: how much there is on it. NaN where there is no evidence. */
  readonly content: Float64Array;
  readonly #table: NumberTable;
  readonly #empty: number;

  /** Numbers that are 0 or NaN where there are none; `amounts` tell how much there is on a tile, by default the same. */
  constructor(table: NumberTable, expected: Expectation, amounts: NumberTable = table) {
    this.expected = expected;
    this.#table = table;
    const summary = tileNumbers(table);
    this.#empty = summary.empty;
    const { strongest, empty } = amounts === table ? summary : tileNumbers(amounts);
    this.content = evidenceFrom(tileMajor(strongest, 1), empty, floorShare);
  }

  get planeCount(): number {
    return this.#table.planeCount;
  }

  /** The evidence of some tiles, [i][plane]. */
  rows(tiles: readonly number[], { share, zBias }: Reading): Evidence {
    const rows = tileMajor(rowsOf(this.#table, tiles), this.planeCount);
    return correctBias(evidenceFrom(rows, this.#empty, share), this.planeCount, zBias);
  }

  /** The evidence of all tiles, [tile][plane]: a new array, the caller's own. */
  read({ share, zBias }: Reading): Evidence {
    return correctBias(evidenceFrom(this.#table, this.#empty, share), this.planeCount, zBias);
  }
}
