// What a sum of rare events may truly be, from those that a draw has seen.
import { chiSquaredQuantile } from './statistics.js';

/** What is expected of the tiles that were not drawn, by the model: the first two moments of what a draw would add to the estimate. */
export type ExpectedDraw = { readonly mean: number; readonly square: number };

/**
 * 95 % interval of a weighted sum of rare events, from the sum and the sum of squares of the weights seen: Fay & Feuer, "Confidence
 * intervals for directly standardized rates: a method based on the gamma distribution", Stat. Med. 16 (1997). The weight that one
 * more event would have comes from the model, so that no event seen still gives an upper bound.
 */
export function rareEventInterval(sum: number, squares: number, expected: ExpectedDraw): readonly [number, number] {
  const oneMore = expected.mean > 0 ? expected.square / expected.mean : 0;
  const low = sum > 0 && squares > 0 ? (squares / (2 * sum)) * chiSquaredQuantile(0.025, (2 * sum * sum) / squares) : 0;
  const raised = sum + oneMore;
  if (raised <= 0) return [0, 0];
  const raisedSquares = squares + oneMore * oneMore;
  const high = (raisedSquares / (2 * raised)) * chiSquaredQuantile(0.975, (2 * raised * raised) / raisedSquares);
  return [low, high];
}
