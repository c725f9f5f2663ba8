// The walk between evidence and log F along z, pinned down where someone looked: a Brownian bridge between looks, a free walk outside.
// `below` and `above` are the nearest planes looked at, -1 where there is none; at least one of them is a plane.

/** What is expected of the walk at a plane, given where it was found: linear between two looks, the nearest outside. */
export function walkMean(found: Float64Array, below: number, plane: number, above: number): number {
  if (below < 0) return found[above];
  if (above < 0) return found[below];
  const share = (plane - below) / (above - below);
  return (1 - share) * found[below] + share * found[above];
}

/** How many planes a free walk goes until it varies as much. */
export function walkDistance(below: number, plane: number, above: number): number {
  if (below < 0) return above - plane;
  if (above < 0) return plane - below;
  return ((plane - below) * (above - plane)) / (above - below);
}

/** The first plane after `plane` that was looked at, by scores [plane] at `from`; -1 where there is none. */
export function nextLooked(scores: Float64Array, from: number, planeCount: number, plane: number): number {
  for (let other = plane + 1; other < planeCount; other++) if (!Number.isNaN(scores[from + other])) return other;
  return -1;
}
