// F on a log scale.

/** log F; a floor keeps black planes finite. NaN stays NaN. */
export function logScore(score: number): number {
  return Math.log(Math.max(score, 1e-9));
}
