// The tiles that were drawn and scored on all planes, for calibration and for audits, and how likely each was to be drawn.
import { drawTiles } from './draw-tiles.js';
import type { ProbeReason } from './plan-rounds.js';
import type { Asking, ScoreBoard } from './score-board.js';

export class Sample {
  readonly #board: ScoreBoard;
  readonly #tiles = new Set<number>();
  /** How likely each tile was to be drawn by any draw so far. */
  readonly inclusion: Float64Array;

  constructor(board: ScoreBoard) {
    this.#board = board;
    this.inclusion = new Float64Array(board.tiles);
  }

  /** Drawn tiles, in order. */
  get tiles(): number[] {
    return [...this.#tiles].sort((a, b) => a - b);
  }

  /** Draws about `count` tiles by size and scores them on all planes. Tiles may be drawn again: they cost nothing then. */
  *draw(sizes: Float64Array, count: number, seed: number, reason: ProbeReason): Asking {
    const { columns } = this.#board.problem.level.grid;
    const draw = drawTiles(sizes, columns, count, seed);
    yield* this.#board.lookAtAllPlanes(draw.tiles, reason);
    for (const tile of draw.tiles) this.#tiles.add(tile);
    for (let tile = 0; tile < this.inclusion.length; tile++) {
      this.inclusion[tile] = 1 - (1 - this.inclusion[tile]) * (1 - draw.inclusion[tile]);
    }
  }
}
