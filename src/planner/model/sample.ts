// The tiles that were drawn and scored on all planes, for calibration and for audits, and how likely each was to be drawn.

import type { PlanOptions } from '../contract/plan-options.js';
import type { ProbeReason } from '../contract/plan-rounds.js';
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { drawTiles } from '../numeric/draw-tiles.js';
import { selectInPlace } from '../numeric/select.js';
import type { SurveyEvidence } from './survey-evidence.js';

/** Of a limited cost, what a sample may take; unmeasured: there are two, and the search between them. */
const partOfCost = 0.3;
/** No sampling weight is less than this part of the median; unmeasured: what evidence takes for empty may be drawn too. */
const minWeight = 0.1;

/** How many tiles are drawn for calibration, and for an audit. */
export function sampleSize(table: ScoreTable, options: PlanOptions): number {
  const { maxCost, samplePerRoot, leastSample, mostSample } = options;
  const wanted = Math.min(mostSample, Math.max(leastSample, Math.round(samplePerRoot * Math.sqrt(table.tiles))));
  const affordable = Math.floor((partOfCost * table.looksWithin(maxCost)) / table.problem.planeCount);
  return Math.min(table.tiles, wanted, affordable);
}

/** Sampling weights of calibration tiles: likelier where there is more content, never impossible. */
export function samplingWeights({ sources }: SurveyEvidence, { tiles }: ScoreTable): Float64Array {
  const weights = new Float64Array(tiles);
  for (const { content } of sources) {
    const amounts = new Float64Array(tiles);
    const positive = new Float64Array(tiles);
    let count = 0;
    for (let tile = 0; tile < tiles; tile++) {
      if (Number.isNaN(content[tile])) continue;
      amounts[tile] = Math.exp(content[tile] / 2);
      if (amounts[tile] > 0) positive[count++] = amounts[tile];
    }
    // Kinds of evidence have units of their own: they meet at their medians.
    const median = count > 0 ? selectInPlace(positive.subarray(0, count), count >> 1) : 1;
    for (let tile = 0; tile < tiles; tile++) if (weights[tile] === 0) weights[tile] = amounts[tile] / median;
  }
  for (let tile = 0; tile < tiles; tile++) weights[tile] = Math.max(weights[tile], minWeight);
  return weights;
}

export class Sample {
  readonly #table: ScoreTable;
  readonly #tiles = new Set<number>();
  /** How likely each tile was to be drawn by any draw so far. */
  readonly inclusionProbability: Float64Array;

  readonly #seed: number;
  #draws = 0;

  constructor(table: ScoreTable, seed: number) {
    this.#table = table;
    this.#seed = seed;
    this.inclusionProbability = new Float64Array(table.tiles);
  }

  /** Drawn tiles, in order. */
  get tiles(): number[] {
    return [...this.#tiles].sort((a, b) => a - b);
  }

  /** Draws about `count` tiles by size and scores them on all planes. Tiles may be drawn again: they cost nothing then. */
  *draw(weights: Float64Array, count: number, reason: ProbeReason): PlanStep {
    if (count === 0) return;
    const { columns } = this.#table.problem.level.grid;
    const draw = drawTiles(weights, columns, count, [this.#seed, this.#draws++]);
    yield* this.#table.scoreAllPlanes(draw.tiles, reason);
    for (const tile of draw.tiles) this.#tiles.add(tile);
    for (let tile = 0; tile < this.inclusionProbability.length; tile++) {
      this.inclusionProbability[tile] =
        1 - (1 - this.inclusionProbability[tile]) * (1 - draw.inclusionProbability[tile]);
    }
  }
}
