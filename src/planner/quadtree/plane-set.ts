// The opinion of a tile: the *set* of planes on which it looks about as sharp as it can. Empty background has none.

export type PlaneSet = {
  /** Planes within the tolerance of the best, in order; empty for a quiet tile. */
  readonly planes: readonly number[];
  /** The best of them; undefined for a quiet tile. */
  readonly best: number | undefined;
};

const quiet: PlaneSet = { planes: [], best: undefined };

/**
 * The opinion behind one focus curve; NaN where a plane was not asked. `tolerance` is how far below its best a plane may be, and
 * `quietContrast` how little the asked planes may differ, both in parts of the best.
 */
export function planeSet(curve: ArrayLike<number>, tolerance: number, quietContrast: number): PlaneSet {
  let best = -1;
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let plane = 0; plane < curve.length; plane++) {
    const value = curve[plane];
    if (Number.isNaN(value)) continue;
    lowest = Math.min(lowest, value);
    if (value > highest) {
      highest = value;
      best = plane;
    }
  }
  if (best < 0 || highest - lowest <= quietContrast * highest) return quiet;
  const planes: number[] = [];
  for (let plane = 0; plane < curve.length; plane++) if (curve[plane] >= (1 - tolerance) * highest) planes.push(plane);
  return { planes, best };
}

/** The planes that all sets have in common; of no sets, none. */
export function commonPlanes(sets: readonly PlaneSet[]): number[] {
  const [first, ...others] = sets;
  return first ? first.planes.filter((plane) => others.every(({ planes }) => planes.includes(plane))) : [];
}

/** The planes in any of the sets, in order. */
export function anyPlanes(sets: readonly PlaneSet[]): number[] {
  return [...new Set(sets.flatMap(({ planes }) => planes))].sort((a, b) => a - b);
}
