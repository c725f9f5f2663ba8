// Evidence of where a tile is sharp that costs less than looking at it: one number for every tile and plane, on a log scale.

/** log evidence, [tile][plane]; NaN where there is none. Only differences between planes of one tile mean anything. */
export type Evidence = Float64Array;

/** How much of an empty tile is taken off: calibration chooses. */
export const emptyShares = [0, 0.5, 0.8, 0.9, 0.95] as const;

/** Percentile of the tiles' least numbers that is taken for an empty tile. */
const emptyPercentile = 0.02;

/**
 * Numbers [tile][plane] that grow with sharpness (bytes, sums of a coarser level; 0 or NaN where there are none) as evidence: the
 * logarithm of what is left when `share` of an empty tile is taken off. Only then does one margin mean the same on full and on
 * sparse tiles.
 */
export function evidenceFrom(numbers: Float64Array, planeCount: number, share: number): Evidence {
  const tiles = numbers.length / planeCount;
  const least = new Float64Array(tiles).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < numbers.length; i++) {
    const tile = Math.floor(i / planeCount);
    if (numbers[i] > 0) least[tile] = Math.min(least[tile], numbers[i]);
  }
  const known = least.filter(Number.isFinite).sort();
  const empty = known.length > 0 ? known[Math.floor(emptyPercentile * (known.length - 1))] : 0;
  // Half of what is left of an empty tile stays, so that the logarithm has a floor that is no outlier.
  const floor = Math.max(0.5 * (1 - share) * empty, 1e-6);
  return numbers.map((number) => (number > 0 ? Math.log(Math.max(number - share * empty, floor)) : Number.NaN));
}

/** Numbers [plane][tile] as numbers [tile][plane]. */
export function byTile(numbers: Float64Array, planeCount: number): Float64Array {
  const tiles = numbers.length / planeCount;
  const turned = new Float64Array(numbers.length);
  for (let plane = 0; plane < planeCount; plane++) {
    for (let tile = 0; tile < tiles; tile++) turned[tile * planeCount + plane] = numbers[plane * tiles + tile];
  }
  return turned;
}

/**
 * Ways in which evidence may lean to one side, by what is added to it: shifted by whole planes, or tilted by a part of its own
 * slope along z.
 */
export type Lean =
  | { readonly kind: 'none' }
  | { readonly kind: 'shift'; readonly planes: number }
  | { readonly kind: 'tilt'; readonly by: number };

export const leans: readonly Lean[] = [
  { kind: 'none' },
  ...[-2, -1, 1, 2].map((planes) => ({ kind: 'shift', planes }) as const),
  ...[-0.6, -0.4, -0.2, 0.2, 0.4, 0.6].map((by) => ({ kind: 'tilt', by }) as const),
];

/** Evidence straightened by a lean: x(z + planes), or x(z) + by (x(z + 1) - x(z - 1)); the ends of the stack repeat. */
export function straighten(evidence: Evidence, planeCount: number, lean: Lean): Evidence {
  if (lean.kind === 'none') return evidence;
  const straight = new Float64Array(evidence.length);
  const last = planeCount - 1;
  for (let from = 0; from < evidence.length; from += planeCount) {
    const at = (plane: number) => evidence[from + Math.min(last, Math.max(0, plane))];
    for (let plane = 0; plane < planeCount; plane++) {
      straight[from + plane] =
        lean.kind === 'shift' ? at(plane + lean.planes) : at(plane) + lean.by * (at(plane + 1) - at(plane - 1));
    }
  }
  return straight;
}

/** The plane of a tile with the strongest evidence, the lowest on a tie; -1 where there is none. */
export function strongestPlane(evidence: Evidence, planeCount: number, tile: number): number {
  let best = -1;
  for (let plane = 0; plane < planeCount; plane++) {
    const value = evidence[tile * planeCount + plane];
    if (!Number.isNaN(value) && (best < 0 || value > evidence[tile * planeCount + best])) best = plane;
  }
  return best;
}
