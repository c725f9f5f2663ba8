// The plane of each block of one tile, from the blocks' focus on a few planes.
//
//   blur     a block is judged with its neighbours in the tile: single blocks are noise
//   argmax   the first choice; a plane on which the tile as a whole is less sharp has to be better by more than noise
//   sweeps   a block goes over to a plane nearer to those of its neighbours where it loses less than noise by that
//            (iterated conditional modes: Besag 1986, doi:10.1111/j.2517-6161.1986.tb01412.x)
//
// What a choice must gain is told by the noise of a block's focus, never by the focus of its neighbours: beside a strong edge, faint
// things would go over to the edge's plane. Tiles are chosen one by one: taking in the scores of the next tile gained nothing.
import type { BlockScores } from './shortlist.js';

/** Weights of a block and of those one and two blocks away: a Gaussian of .5 blocks (experiments/eye). */
const [atZero, atOne, atTwo] = gaussian(0.5, 2);
/** What one plane more to the plane of one neighbour weighs, in parts of the noise; beyond `farthest` planes no more: experiments/eye. */
const seamCost = 0.5;
const farthest = 2;
const mostSweeps = 4;

/** The blocks of a tile that show the slide, scored on some planes. */
export type ScoredBlocks = {
  readonly columns: number;
  readonly rows: number;
  /** Ascending. */
  readonly planes: readonly number[];
  /** Focus [candidate][block]. */
  readonly scores: readonly BlockScores[];
};

/** Chooses a candidate, by index, for every block; the lowest on a tie. `noise`: see blockNoise. */
export function chooseBlocks({ scores, planes, columns, rows }: ScoredBlocks, noise: number): Uint8Array {
  const means = scores.map((own) => totalOf(own) / own.length);
  const bestMean = Math.max(...means);
  const appeals = scores.map((own, c) => appealOf(own, columns, rows, Math.min(bestMean - means[c], noise)));
  const chosen = new Uint8Array(columns * rows);
  for (let block = 0; block < chosen.length; block++) {
    for (let c = 1; c < appeals.length; c++) {
      if (appeals[c][block] > appeals[chosen[block]][block]) chosen[block] = c;
    }
  }
  const favourites = chosen.slice();
  const costs = costsBetween(planes, seamCost * noise);
  for (let sweep = 0; sweep < mostSweeps && smooth(chosen, favourites, appeals, costs, columns); sweep++);
  return chosen;
}

/** The focus of a tile on one plane. */
export function totalOf(scores: BlockScores): number {
  let total = 0;
  for (let block = 0; block < scores.length; block++) total += scores[block];
  return total;
}

/** A plane's scores, blurred, less what it must gain: [block]. Blocks beyond the tile's edge are as those at the edge. */
function appealOf(scores: BlockScores, columns: number, rows: number, handicap: number): Float64Array {
  const across = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += columns) blurLine(scores, across, start, 1, columns);
  const appeal = new Float64Array(scores.length);
  for (let column = 0; column < columns; column++) blurLine(across, appeal, column, columns, rows);
  for (let block = 0; block < appeal.length; block++) appeal[block] -= handicap;
  return appeal;
}

/** Blurs `length` numbers from `start` on, `step` apart. */
function blurLine(from: BlockScores, to: Float64Array, start: number, step: number, length: number): void {
  const last = start + (length - 1) * step;
  let [twoBefore, before] = [from[start], from[start]];
  for (let at = start; at <= last; at += step) {
    const own = from[at];
    const after = from[Math.min(at + step, last)];
    const twoAfter = from[Math.min(at + 2 * step, last)];
    to[at] = atTwo * (twoBefore + twoAfter) + atOne * (before + after) + atZero * own;
    twoBefore = before;
    before = own;
  }
}

/**
 * One sweep over the tile, where `costs` says what a seam between two candidates costs and `favourites` [block] what each block would
 * choose without it; false where nothing changed.
 */
function smooth(
  chosen: Uint8Array,
  favourites: Uint8Array,
  appeals: readonly Float64Array[],
  costs: Float64Array,
  columns: number,
): boolean {
  const count = appeals.length;
  const last = chosen.length - columns;
  let changed = false;
  for (let block = 0, column = 0; block < chosen.length; block++, column = column + 1 === columns ? 0 : column + 1) {
    const own = chosen[block];
    // Beyond the edge it is as here: that costs nothing
    const above = block >= columns ? chosen[block - columns] : own;
    const below = block < last ? chosen[block + columns] : own;
    const before = column > 0 ? chosen[block - 1] : own;
    const after = column + 1 < columns ? chosen[block + 1] : own;
    // Among its like, with what it likes best, a block stays: so it is with most
    if (own === favourites[block] && above === own && below === own && before === own && after === own) continue;
    let best = own;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = -1; i < count; i++) {
      // Its own first: another has to be better
      const candidate = i < 0 ? own : i;
      const from = candidate * count;
      let seams = 0;
      if (block >= columns) seams += costs[from + above];
      if (block < last) seams += costs[from + below];
      if (column > 0) seams += costs[from + before];
      if (column + 1 < columns) seams += costs[from + after];
      const worth = appeals[candidate][block] - seams;
      if (worth > most) {
        most = worth;
        best = candidate;
      }
    }
    if (best === own) continue;
    chosen[block] = best;
    changed = true;
  }
  return changed;
}

/** What a seam between two candidates costs, [candidate][candidate], where one plane more costs `each`. */
function costsBetween(planes: readonly number[], each: number): Float64Array {
  const count = planes.length;
  const costs = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) costs[a * count + b] = each * Math.min(farthest, Math.abs(planes[a] - planes[b]));
  }
  return costs;
}

/** Half a Gaussian, from its centre on; the whole sums to 1. */
function gaussian(sigma: number, reach: number): Float64Array {
  const half = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const whole = 2 * half.reduce((sum, weight) => sum + weight, 0) - half[0];
  return half.map((weight) => weight / whole);
}
