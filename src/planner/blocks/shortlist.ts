// Which planes of a tile are worth a look block by block, told by its blocks a level above, where a quarter of the work shows them all.

import { blockSize } from '../../slide/depth-map.js';
import type { Level } from '../../slide/pyramid.js';
import { tilesUnder } from '../../slide/pyramid.js';
import { type PlanProblem, shownBlocks } from '../contract/plan-rounds.js';

/**
 * By plane, what it was taken for, 0 where it was not: one after the other, the plane by which a single block gains most over those taken,
 * while that is more than `noise`. `own`, the tile's plane so far, is taken from the start, for nothing. Scores are [plane][block], NaN
 * where a plane lacks the tile.
 */
export function shortlist(scores: readonly ArrayLike<number>[], own: number, noise: number): Float64Array {
  const gains = new Float64Array(scores.length);
  const reached = Float64Array.from(scores[own], (score) => (Number.isNaN(score) ? 0 : score));
  for (;;) {
    let next = -1;
    let most = noise;
    for (let plane = 0; plane < scores.length; plane++) {
      const ofPlane = scores[plane];
      for (let block = 0; block < reached.length; block++) {
        const gain = ofPlane[block] - reached[block];
        if (gain > most) {
          most = gain;
          next = plane;
        }
      }
    }
    if (next < 0) return gains;
    gains[next] = most;
    const ofNext = scores[next];
    for (let block = 0; block < reached.length; block++) {
      if (ofNext[block] > reached[block]) reached[block] = ofNext[block];
    }
  }
}

/** The planes that gains stand for, ascending. */
export function listedPlanes(gains: ArrayLike<number>, own: number): number[] {
  return Array.from(gains, (_, plane) => plane).filter((plane) => plane === own || gains[plane] > 0);
}

/** Where the blocks of a tile lie among those of the tile above it. */
export type BlocksBelow = {
  /** Of the decision level, row-major. */
  readonly tile: number;
  /** In blocks. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
};

/** The tiles below one of a coarser level, row-major. */
export function blocksBelow({ level }: PlanProblem, coarse: Level, row: number, column: number): BlocksBelow[] {
  const { grid } = level;
  const under = tilesUnder(level, coarse, row, column);
  const below: BlocksBelow[] = [];
  for (let r = under.row; r < under.rowEnd; r++) {
    for (let c = under.column; c < under.columnEnd; c++) {
      const { rows, columns } = shownBlocks(level, { row: r, column: c });
      const top = ((r - under.row) * grid.tileHeight) / blockSize;
      const left = ((c - under.column) * grid.tileWidth) / blockSize;
      below.push({ tile: r * grid.columns + c, row: top, column: left, rows, columns });
    }
  }
  return below;
}

/** Scores of a tile's blocks out of those of the tile above, `across` a row; 0 for blocks that the rounded size above leaves out. */
export function cutBlocks(
  above: ArrayLike<number>,
  across: number,
  { row, column, rows, columns }: BlocksBelow,
): Float64Array {
  const down = above.length / across;
  const cut = new Float64Array(rows * columns);
  for (let r = 0; r < Math.min(rows, down - row); r++) {
    for (let c = 0; c < Math.min(columns, across - column); c++) {
      cut[r * columns + c] = above[(row + r) * across + column + c];
    }
  }
  return cut;
}

/** The answer to a `shortlist` question, from the scores of the tile above, [plane][block], `across` a row. */
export function shortlistBelow(
  above: readonly ArrayLike<number>[],
  across: number,
  below: readonly BlocksBelow[],
  own: readonly number[],
  noise: number,
): Float64Array {
  const gains = new Float64Array(above.length * below.length);
  for (const [i, blocks] of below.entries()) {
    const cut = above.map((scores) => cutBlocks(scores, across, blocks));
    gains.set(shortlist(cut, own[i], noise), i * above.length);
  }
  return gains;
}
