// The tiles that were drawn and scored on all planes, for calibration and for audits, and how likely each was to be drawn.

import type { PlanOptions } from '../contract/plan-options.js';
import type { ProbeReason } from '../contract/plan-rounds.js';
import type { Asking, ScoreBoard } from '../contract/score-table.js';
import { drawTiles } from '../numeric/draw-tiles.js';
import { selectInPlace } from '../numeric/select.js';
import type { Survey } from './survey-evidence.js';

/** Of a limited cost, what a sample may take: there are two, and the search between them. */
const partOfCost = 0.3;

/** How many tiles are drawn for calibration, and for an audit. */
export function sampleSize(board: ScoreBoard, options: PlanOptions): number {
  const { maxCost, samplePerRoot, leastSample, mostSample } = options;
  const wanted = Math.min(mostSample, Math.max(leastSample, Math.round(samplePerRoot * Math.sqrt(board.tiles))));
  const affordable = Math.floor((partOfCost * board.looksWithin(maxCost)) / board.problem.planeCount);
  return Math.min(board.tiles, wanted, affordable);
}

/** Sizes for drawing calibration tiles: likelier where there is more content, never impossible. */
export function calibrationSizes({ sources }: Survey, { tiles }: ScoreBoard): Float64Array {
  const sizes = new Float64Array(tiles);
  for (const { content } of sources) {
    const own = new Float64Array(tiles);
    const known = new Float64Array(tiles);
    let count = 0;
    for (let tile = 0; tile < tiles; tile++) {
      if (Number.isNaN(content[tile])) continue;
      own[tile] = Math.exp(content[tile] / 2);
      if (own[tile] > 0) known[count++] = own[tile];
    }
    // Kinds of evidence have units of their own: they meet at their medians.
    const median = count > 0 ? selectInPlace(known.subarray(0, count), count >> 1) : 1;
    for (let tile = 0; tile < tiles; tile++) if (sizes[tile] === 0) sizes[tile] = own[tile] / median;
  }
  for (let tile = 0; tile < tiles; tile++) sizes[tile] = Math.max(sizes[tile], 0.1);
  return sizes;
}

export class Sample {
  readonly #board: ScoreBoard;
  readonly #tiles = new Set<number>();
  /** How likely each tile was to be drawn by any draw so far. */
  readonly inclusion: Float64Array;

  readonly #seed: number;
  #draws = 0;

  constructor(board: ScoreBoard, seed: number) {
    this.#board = board;
    this.#seed = seed;
    this.inclusion = new Float64Array(board.tiles);
  }

  /** Drawn tiles, in order. */
  get tiles(): number[] {
    return [...this.#tiles].sort((a, b) => a - b);
  }

  /** Draws about `count` tiles by size and scores them on all planes. Tiles may be drawn again: they cost nothing then. */
  *draw(sizes: Float64Array, count: number, reason: ProbeReason): Asking {
    if (count === 0) return;
    const { columns } = this.#board.problem.level.grid;
    const draw = drawTiles(sizes, columns, count, [this.#seed, this.#draws++]);
    yield* this.#board.lookAtAllPlanes(draw.tiles, reason);
    for (const tile of draw.tiles) this.#tiles.add(tile);
    for (let tile = 0; tile < this.inclusion.length; tile++) {
      this.inclusion[tile] = 1 - (1 - this.inclusion[tile]) * (1 - draw.inclusion[tile]);
    }
  }
}
