// The residual of log F along z, conditioned on the planes that were scored: a Brownian bridge between two of them, a free Brownian
// motion outside. `below` and `above` are the nearest planes scored, -1 where there is none; at least one of them is a plane.

/** The expected residual at a plane, given those at planes scored: linear between two of them, the nearest outside. */
export function bridgeMean(residuals: Float64Array, below: number, plane: number, above: number): number {
  if (below < 0) return residuals[above];
  if (above < 0) return residuals[below];
  const share = (plane - below) / (above - below);
  return (1 - share) * residuals[below] + share * residuals[above];
}

/** Its variance there, in variances from plane to plane. */
export function bridgeVariance(below: number, plane: number, above: number): number {
  if (below < 0) return above - plane;
  if (above < 0) return plane - below;
  return ((plane - below) * (above - plane)) / (above - below);
}

/** The first plane after `plane` that was scored, by scores [plane] at `from`; -1 where there is none. */
export function nextScored(scores: Float64Array, from: number, planeCount: number, plane: number): number {
  for (let other = plane + 1; other < planeCount; other++) if (!Number.isNaN(scores[from + other])) return other;
  return -1;
}
