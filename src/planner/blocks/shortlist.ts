// Which planes of a tile are worth a look block by block, told by its blocks a level above, where a quarter of the work shows them all.

import { blockSize } from '../../slide/depth-map.js';
import type { Level } from '../../slide/pyramid.js';
import { tilesUnder } from '../../slide/pyramid.js';
import { type PlanProblem, shownBlocks } from '../contract/plan-rounds.js';

/** Scores of blocks, row-major. */
export type BlockScores = Float32Array | Float64Array;

/** The blocks of a tile among those of a row-major picture of blocks, `across` a row: which index each has. */
type Places = Int32Array;

/**
 * By plane, what it was taken for, 0 where it was not: one after the other, the plane by which a single block gains most over those taken,
 * while that is more than `noise`. `own`, the tile's plane so far, is taken from the start, for nothing. Scores are [plane][block], NaN
 * where a plane lacks the tile; only blocks at `places` count.
 */
export function shortlist(scores: readonly BlockScores[], places: Places, own: number, noise: number): Float64Array {
  const gains = new Float64Array(scores.length);
  const reached = new Float64Array(places.length);
  const ofOwn = scores[own];
  for (let i = 0; i < places.length; i++) reached[i] = ofOwn[places[i]] || 0; // NaN is 0
  // Whoever gains too little now gains no more later: what is reached only rises
  let open = Array.from(scores, (_, plane) => plane).filter((plane) => plane !== own);
  for (;;) {
    let next = -1;
    let most = noise;
    const still: number[] = [];
    for (const plane of open) {
      const gain = largestGain(scores[plane], places, reached);
      if (gain > noise) still.push(plane);
      if (gain > most) {
        most = gain;
        next = plane;
      }
    }
    if (next < 0) return gains;
    gains[next] = most;
    open = still.filter((plane) => plane !== next);
    const ofNext = scores[next];
    for (let i = 0; i < places.length; i++) {
      const score = ofNext[places[i]];
      if (score > reached[i]) reached[i] = score;
    }
  }
}

function largestGain(scores: BlockScores, places: Places, reached: Float64Array): number {
  let most = 0;
  for (let i = 0; i < places.length; i++) {
    const gain = scores[places[i]] - reached[i];
    if (gain > most) most = gain;
  }
  return most;
}

/** Every block, for scores that are of one tile alone. */
export function allPlaces(count: number): Places {
  return Int32Array.from({ length: count }, (_, block) => block);
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
  above: readonly BlockScores[],
  across: number,
  below: readonly BlocksBelow[],
  own: readonly number[],
  noise: number,
): Float64Array {
  const gains = new Float64Array(above.length * below.length);
  const down = above[0].length / across;
  for (const [i, blocks] of below.entries()) {
    gains.set(shortlist(above, placesOf(blocks, across, down), own[i], noise), i * above.length);
  }
  return gains;
}

/** Where the blocks of a tile lie in the one above; without those that its rounded size leaves out. */
function placesOf({ row, column, rows, columns }: BlocksBelow, across: number, down: number): Places {
  const height = Math.max(0, Math.min(rows, down - row));
  const width = Math.max(0, Math.min(columns, across - column));
  const places = new Int32Array(height * width);
  for (let r = 0, i = 0; r < height; r++) {
    for (let c = 0; c < width; c++) places[i++] = (row + r) * across + column + c;
  }
  return places;
}
