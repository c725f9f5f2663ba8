// What the rivals of a tile's chosen plane come to.

/**
 * The table of log(1 + e^-x), see softplus.ts: cells per unit of x, and the x where it ends: beyond, nothing shows in a sum. unmeasured:
 * what follows is the table's precision, which a test holds.
 */
export const cells = 64;
export const negligibleFrom = 40;

/** A spread below this leaves nothing open; unmeasured: it is far below that of any evidence. */
export const minSpread = 1e-12;

/** What the other rivals add to the loss that the best alone would leave, of what they would gain; unmeasured. */
const furtherRivals = 0.3;

/** The loss of a tile, from what its best rival would gain and what all of them would. */
export function lossOfRivals(largest: number, sum: number): number {
  return largest + furtherRivals * (sum - largest);
}

/**
 * What each of the first looks at a tile saves. One says nothing alone: it takes a rival beside it, or two, as what the best two would
 * gain has it.
 */
export function firstLooks(largest: number, secondLargest: number): number {
  return Math.max(largest / 2, (largest + secondLargest) / 3);
}

/** How many first looks that takes: none where there is nothing to gain. */
export function firstLookCount(largest: number, secondLargest: number): number {
  if (largest === 0) return 0;
  return largest / 2 >= (largest + secondLargest) / 3 ? 2 : 3;
}

/** How likely any rival is ahead: of each it is minus the slope of log(1 + e^-x), here added up by cells. */
export function doubtOfSlopes(slopes: number): number {
  return Math.min(1, -cells * slopes);
}
