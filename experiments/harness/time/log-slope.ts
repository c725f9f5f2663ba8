// How a cost grows: the power of the size that it goes with.

/** Slope of log y over log x by least squares: 1 where y grows in proportion to x. NaN with fewer than two sizes. */
export function logSlope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanOf = (axis: 0 | 1) => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length;
  const [x, y] = [meanOf(0), meanOf(1)];
  const product = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  const square = logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
  return product / square;
}
