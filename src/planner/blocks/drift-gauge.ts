// Whether the planes of a slide lie over each other. Where they do, the mean luma of a block hardly changes from its best plane to
// the next: defocus moves light about inside its neighbourhood. Where planes drift, other parts of the specimen come into the block.

import type { BlockStack } from './ask-blocks.js';

/** Grey levels added to the luma differences around a block: so faint texture does not make a large ratio: experiments/registration. */
const offset = 4;
/** The share of textured blocks that a drift is read from: experiments/registration. */
const share = 0.9;
/** Registered stacks have at most .2, stacks that drift by some pixels .5 and more: experiments/registration. */
export const mostDrift = 0.3;
/** Ratios are counted in bins this wide, so that a slide of any size takes the same room; unmeasured. */
const binWidth = 0.01;
const bins = 200;

/** Gathers |mean luma on the best plane - on the next| / (luma differences to the blocks around + 4) over textured blocks. */
export class DriftGauge {
  readonly #counts = new Uint32Array(bins);
  #total = 0;

  get isAligned(): boolean {
    return this.drift <= mostDrift;
  }

  /** The ratio that 90 % of the blocks stay below, at most 2; 0 before any block was seen. */
  get drift(): number {
    let seen = 0;
    for (let bin = 0; bin < bins; bin++) {
      seen += this.#counts[bin];
      if (seen > 0 && seen >= share * this.#total) return (bin + 0.5) * binWidth;
    }
    return 0;
  }

  add({ scores, luma, planes, columns, rows }: BlockStack): void {
    const best = new Uint8Array(columns * rows);
    let mean = 0;
    for (let block = 0; block < best.length; block++) {
      for (let c = 1; c < scores.length; c++) if (scores[c][block] > scores[best[block]][block]) best[block] = c;
      mean += scores[best[block]][block] / best.length;
    }
    for (let block = 0; block < best.length; block++) {
      const c = best[block];
      const next = nextPlane(c, planes, (candidate) => scores[candidate][block]);
      if (next < 0 || mean === 0 || scores[c][block] < mean) continue;
      const change = Math.abs(luma[c][block] - luma[next][block]);
      const ratio = change / (differenceAround(luma[c], block, columns, rows) + offset);
      this.#counts[Math.min(bins - 1, Math.floor(ratio / binWidth))]++;
      this.#total++;
    }
  }
}

/** The sharper of the planes right above and below that are candidates; -1 where neither is. */
function nextPlane(candidate: number, planes: readonly number[], score: (candidate: number) => number): number {
  const plane = planes[candidate];
  const below = planes[candidate - 1] === plane - 1 ? candidate - 1 : -1;
  const above = planes[candidate + 1] === plane + 1 ? candidate + 1 : -1;
  if (below < 0 || above < 0) return Math.max(below, above);
  return score(above) > score(below) ? above : below;
}

/** Mean of |luma difference| to the blocks above, below, left and right. */
function differenceAround(luma: Float64Array, block: number, columns: number, rows: number): number {
  const row = Math.floor(block / columns);
  const column = block % columns;
  let sum = 0;
  let count = 0;
  for (const [r, c] of [
    [row - 1, column],
    [row + 1, column],
    [row, column - 1],
    [row, column + 1],
  ]) {
    if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
    sum += Math.abs(luma[block] - luma[r * columns + c]);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
