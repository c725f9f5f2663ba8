// Integrals the slow way, to hold distributions to.

/** The midpoint rule on a fine grid: slow, and right. */
export function integral(of: (x: number) => number, from: number, to: number): number {
  const steps = 20_000;
  const width = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += of(from + (i + 0.5) * width);
  return sum * width;
}
