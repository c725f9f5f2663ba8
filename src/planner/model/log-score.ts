// F on a log scale.
import { negligible } from '../numeric/negligible.js';

/** log F; a floor keeps black planes finite. NaN stays NaN. */
export function logScore(score: number): number {
  return Math.log(Math.max(score, negligible));
}
