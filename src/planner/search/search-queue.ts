// The search queue: what tiles are expected to lose, and which saves most when scored. Kept up to date tile by tile, so that a round
// takes time by its own tiles, not by those of the slide.

import type { ScoreTable } from '../contract/score-table.js';
import {
  type ExpectedLoss,
  expectedLoss,
  rateScored,
  rateTiles,
  type SlideModel,
  savings,
} from '../model/slide-model.js';
import type { TileRisks } from '../model/tile-risks.js';
import { LargestFirst } from '../numeric/largest-first.js';

export class SearchQueue {
  readonly risks: TileRisks;
  readonly #table: ScoreTable;
  readonly #counted: Float64Array;
  readonly #saving: Float64Array;
  readonly #candidates: LargestFirst;
  /** Sums over all tiles, if losses come as predicted. */
  #mean = 0;
  #variance = 0;

  /** `risks` are those that follow from the model; they are changed from now on. */
  constructor(table: ScoreTable, { model, risks }: { readonly model: SlideModel; readonly risks: TileRisks }) {
    this.risks = risks;
    this.#table = table;
    this.#counted = model.weights.counted;
    this.#saving = new Float64Array(table.tiles);
    this.#candidates = new LargestFirst(this.#saving);
    this.#takeAll(model);
  }

  /** What the slide is expected to lose. */
  expectedLoss({ lossCalibration }: SlideModel): ExpectedLoss {
    return { mean: lossCalibration * this.#mean, variance: lossCalibration * this.#variance };
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

  /** Rates all tiles by another model. */
  rateAll(model: SlideModel): void {
    rateTiles(this.#table, model, this.risks);
    this.#takeAll(model);
  }

  /** Rates tiles that came from `next` and were scored. */
  rate(tiles: readonly number[], model: SlideModel): void {
    for (const tile of tiles) this.#count(tile, -1);
    rateScored(this.#table, model, this.risks, tiles);
    for (const tile of tiles) {
      this.#count(tile, 1);
      this.#saving[tile] = this.risks.gain[tile] * this.#counted[tile];
      this.#candidates.put(tile);
    }
  }

  #takeAll(model: SlideModel): void {
    const { mean, variance } = expectedLoss(this.risks, { ...model, lossCalibration: 1 });
    this.#mean = mean;
    this.#variance = variance;
    savings(this.risks, model.weights, this.#saving);
    this.#candidates.restart();
  }

  #count(tile: number, times: number): void {
    const { loss, secondMoment } = this.risks;
    this.#mean += times * loss[tile] * this.#counted[tile];
    this.#variance += times * secondMoment[tile] * this.#counted[tile] ** 2;
  }
}
