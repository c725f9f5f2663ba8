// The plane of each block of one tile, from the blocks' focus on a few planes.
//
//   blur     a block is judged with its neighbours in the tile: single blocks are noise
//   prior    a share of the means of its cell of 4 x 4 blocks and of the tile: it settles blocks that show nothing
//   argmax   the first choice
//   sweeps   a block goes over to a plane nearer to those of its neighbours where it loses next to nothing by that
//            (iterated conditional modes: Besag 1986, doi:10.1111/j.2517-6161.1986.tb01412.x)
//
// Tiles are chosen one by one: taking in the scores of the next tile gained nothing.
import { sumOf } from '../numeric/sum.js';

/** Weights of a block and of those one and two blocks away: a Gaussian of .7 blocks. */
const reach = 2;
const [own, next, afterNext] = gaussian(0.7, reach);
const cellSide = 4;
const cellPrior = 0.3;
const tilePrior = 0.15;
/**
 * What one plane more to the plane of one neighbour weighs, in parts of the mean focus of the block, and of the tile's or half of that
 * of a typical tile; beyond `farthest` planes no more. The tile's part lets blocks that show next to nothing follow their neighbours.
 */
const seamCost = { block: 0.01, tile: 0.04 };
const leastOfTypical = 0.5;
const farthest = 2;
const mostSweeps = 4;

/** The blocks of a tile that show the slide, scored on the planes in play. */
export type ScoredBlocks = {
  readonly tile: number;
  readonly columns: number;
  readonly rows: number;
  /** Ascending. */
  readonly planes: readonly number[];
  /** Focus [candidate][block], row-major. */
  readonly scores: readonly Float64Array[];
  /** Mean luma [candidate][block], 0 to 255. */
  readonly luma: readonly Float64Array[];
};

/**
 * Chooses a candidate, by index, for every block; the lowest on a tie. `typical`: the focus of a block of the slide that shows
 * specimen, on average.
 */
export function chooseBlocks({ scores, planes, columns, rows }: ScoredBlocks, typical: number): Uint8Array {
  const appeals = scores.map((own) => appealOf(own, columns, rows));
  const chosen = new Uint8Array(columns * rows);
  for (let block = 0; block < chosen.length; block++) {
    for (let c = 1; c < appeals.length; c++) {
      if (appeals[c][block] > appeals[chosen[block]][block]) chosen[block] = c;
    }
  }
  const favourites = chosen.slice();
  const means = meansOf(appeals);
  const tileMean = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const tileCost = seamCost.tile * Math.max(tileMean, leastOfTypical * typical);
  const costs = means.map((mean) => seamCost.block * mean + tileCost);
  for (let sweep = 0; sweep < mostSweeps && smooth(chosen, favourites, appeals, costs, planes, columns); sweep++);
  return chosen;
}

/** A plane's scores, blurred, with the prior: [block]. */
function appealOf(scores: Float64Array, columns: number, rows: number): Float64Array {
  const appeal = blurAlong(blurAlong(scores, columns, rows, 1, columns), rows, columns, columns, 1);
  const tileMean = sumOf(scores) / scores.length;
  for (let top = 0; top < rows; top += cellSide) {
    for (let left = 0; left < columns; left += cellSide) {
      const bottom = Math.min(top + cellSide, rows);
      const right = Math.min(left + cellSide, columns);
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += scores[row * columns + column];
      }
      const prior = (cellPrior * sum) / ((bottom - top) * (right - left)) + tilePrior * tileMean;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) appeal[row * columns + column] += prior;
      }
    }
  }
  return appeal;
}

/** Blurs `lines` lines of `length` numbers, `step` apart; what lies beyond an end is as the end. */
function blurAlong(numbers: Float64Array, length: number, lines: number, step: number, stride: number): Float64Array {
  const blurred = new Float64Array(numbers.length);
  const padded = new Float64Array(length + 2 * reach);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let i = 0; i < length; i++) padded[i + reach] = numbers[start + i * step];
    padded.fill(padded[reach], 0, reach).fill(padded[length + reach - 1], length + reach);
    for (let i = 0; i < length; i++) {
      blurred[start + i * step] =
        afterNext * padded[i] +
        next * padded[i + 1] +
        own * padded[i + 2] +
        next * padded[i + 3] +
        afterNext * padded[i + 4];
    }
  }
  return blurred;
}

/** The mean over candidates, [block]. */
function meansOf(appeals: readonly Float64Array[]): Float64Array {
  const means = new Float64Array(appeals[0].length);
  for (const appeal of appeals) for (let block = 0; block < means.length; block++) means[block] += appeal[block];
  return means.map((sum) => sum / appeals.length);
}

/**
 * One sweep over the tile, where `costs` [block] says what seams cost and `favourites` [block] what each block would choose without
 * them; false where nothing changed.
 */
function smooth(
  chosen: Uint8Array,
  favourites: Uint8Array,
  appeals: readonly Float64Array[],
  costs: Float64Array,
  planes: readonly number[],
  columns: number,
): boolean {
  const rows = chosen.length / columns;
  const distances = distancesBetween(planes);
  const count = planes.length;
  let changed = false;
  for (let row = 0, block = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, block++) {
      const own = chosen[block];
      // -1 beyond the edge
      const above = row > 0 ? chosen[block - columns] : -1;
      const below = row + 1 < rows ? chosen[block + columns] : -1;
      const before = column > 0 ? chosen[block - 1] : -1;
      const after = column + 1 < columns ? chosen[block + 1] : -1;
      // Among its like, with what it likes best, a block stays: so it is with most
      const differs = (other: number) => other >= 0 && other !== own;
      if (own === favourites[block] && !differs(above) && !differs(below) && !differs(before) && !differs(after))
        continue;
      let best = own;
      let most = Number.NEGATIVE_INFINITY;
      for (let i = -1; i < count; i++) {
        // Its own first: another has to be better.
        const candidate = i < 0 ? own : i;
        const from = candidate * count;
        let seams = 0;
        if (above >= 0) seams += distances[from + above];
        if (below >= 0) seams += distances[from + below];
        if (before >= 0) seams += distances[from + before];
        if (after >= 0) seams += distances[from + after];
        const worth = appeals[candidate][block] - costs[block] * seams;
        if (worth > most) {
          most = worth;
          best = candidate;
        }
      }
      if (best === own) continue;
      chosen[block] = best;
      changed = true;
    }
  }
  return changed;
}

/** What a seam between two candidates counts, [candidate][candidate]. */
function distancesBetween(planes: readonly number[]): Uint8Array {
  const count = planes.length;
  return Uint8Array.from({ length: count * count }, (_, i) =>
    Math.min(farthest, Math.abs(planes[Math.floor(i / count)] - planes[i % count])),
  );
}

/** Half a Gaussian, from its centre on; the whole sums to 1. */
function gaussian(sigma: number, reach: number): Float64Array {
  const half = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const whole = 2 * half.reduce((sum, weight) => sum + weight, 0) - half[0];
  return half.map((weight) => weight / whole);
}
