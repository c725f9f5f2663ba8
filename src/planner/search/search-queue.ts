// What a search goes by: what tiles are expected to lose, and which saves most. Kept up to date tile by tile, so that a round takes time
// by its own tiles, not by those of the slide.

import type { ScoreBoard } from '../contract/score-table.js';
import { type Belief, type LossOutlook, lossOutlook, rateLooked, rateTiles, savings } from '../model/slide-model.js';
import type { Outlooks } from '../model/tile-risks.js';
import { LargestFirst } from '../numeric/largest-first.js';

export class Prospects {
  readonly views: Outlooks;
  readonly #board: ScoreBoard;
  readonly #counted: Float64Array;
  readonly #saving: Float64Array;
  readonly #candidates: LargestFirst;
  /** Sums over all tiles, if losses come as foretold. */
  #mean = 0;
  #variance = 0;

  /** `views` are the outlooks that follow from the belief; they are changed from now on. */
  constructor(board: ScoreBoard, { belief, views }: { readonly belief: Belief; readonly views: Outlooks }) {
    this.views = views;
    this.#board = board;
    this.#counted = belief.weights.counted;
    this.#saving = new Float64Array(board.tiles);
    this.#candidates = new LargestFirst(this.#saving);
    this.#takeAll(belief);
  }

  /** What the slide is expected to lose. */
  risked({ kappa }: Belief): LossOutlook {
    return { mean: kappa * this.#mean, variance: kappa * this.#variance };
  }

  /** The tile that saves most; -1 where none is left. It does not come again before it is rated or put back. */
  next(): number {
    return this.#candidates.next();
  }

  putBack(tile: number): void {
    this.#candidates.put(tile);
  }

  /** What each look at a tile is expected to save. */
  saving(tile: number): number {
    return this.#saving[tile];
  }

  /** Rates all tiles by another belief. */
  rateAll(belief: Belief): void {
    rateTiles(this.#board, belief, this.views);
    this.#takeAll(belief);
  }

  /** Rates tiles that came from `next` and were looked at. */
  rate(tiles: readonly number[], belief: Belief): void {
    for (const tile of tiles) this.#count(tile, -1);
    rateLooked(this.#board, belief, this.views, tiles);
    for (const tile of tiles) {
      this.#count(tile, 1);
      this.#saving[tile] = this.views.gain[tile] * this.#counted[tile];
      this.#candidates.put(tile);
    }
  }

  #takeAll(belief: Belief): void {
    const { mean, variance } = lossOutlook(this.views, { ...belief, kappa: 1 });
    this.#mean = mean;
    this.#variance = variance;
    savings(this.views, belief.weights, this.#saving);
    this.#candidates.restart();
  }

  #count(tile: number, times: number): void {
    const { loss, secondMoment } = this.views;
    this.#mean += times * loss[tile] * this.#counted[tile];
    this.#variance += times * secondMoment[tile] * this.#counted[tile] ** 2;
  }
}
