// Evidence of where a tile is sharp that costs less than looking at it: one number for every tile and plane, on a log scale.
import { selectInPlace } from './select.js';

/** log evidence, [tile][plane]; NaN where there is none. Only differences between planes of one tile mean anything. */
export type Evidence = Float64Array;

/** How much of an empty tile is taken off: calibration chooses. */
export const emptyShares = [0, 0.5, 0.8, 0.9, 0.95] as const;

/** Logarithms that are kept, at most: half a megabyte. */
const mostLogs = 65_536;

/** Percentile of the tiles' least numbers that is taken for an empty tile. */
const emptyPercentile = 0.02;

/** What numbers [tile][plane] that grow with sharpness (0 or NaN where there are none) say of tiles as wholes. */
export type TileNumbers = {
  /** The number of an empty tile. */
  readonly empty: number;
  /** The strongest number of each tile, NaN where there are none. */
  readonly strongest: Float64Array;
};

export function tileNumbers(numbers: Float64Array, planeCount: number): TileNumbers {
  const strongest = new Float64Array(numbers.length / planeCount);
  const least = new Float64Array(strongest.length);
  let known = 0;
  for (let tile = 0, i = 0; tile < strongest.length; tile++) {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = 0;
    for (const end = i + planeCount; i < end; i++) {
      const number = numbers[i];
      if (number > highest) highest = number;
      if (number > 0 && number < lowest) lowest = number;
    }
    strongest[tile] = highest > 0 ? highest : Number.NaN;
    if (highest > 0) least[known++] = lowest;
  }
  const empty = known > 0 ? selectInPlace(least.subarray(0, known), Math.floor(emptyPercentile * (known - 1))) : 0;
  return { empty, strongest };
}

/**
 * Numbers that grow with sharpness (bytes, sums of a coarser level; 0 or NaN where there are none) as evidence: the logarithm of what
 * is left when `share` of the number of an empty tile is taken off. Only then does one margin mean the same on full and on sparse
 * tiles.
 */
export function evidenceFrom(numbers: Float64Array, empty: number, share: number): Evidence {
  const taken = share * empty;
  // Half of what is left of an empty tile stays, so that the logarithm has a floor that is no outlier.
  const floor = Math.max(0.5 * (1 - share) * empty, 1e-6);
  const evidence = new Float64Array(numbers.length);
  // Lengths are whole numbers, the same over and over: their logarithms are kept
  const logs = new Float64Array(Math.min(mostLogs, numbers.length >> 3)).fill(Number.NaN);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (number > 0 && number < logs.length && (number | 0) === number) {
      let log = logs[number];
      if (Number.isNaN(log)) logs[number] = log = Math.log(Math.max(number - taken, floor));
      evidence[i] = log;
    } else evidence[i] = number > 0 ? Math.log(Math.max(number - taken, floor)) : Number.NaN;
  }
  return evidence;
}

/** The rows of some tiles of numbers [tile][plane]. */
export function rowsOf(numbers: Float64Array, planeCount: number, tiles: readonly number[]): Float64Array {
  const rows = new Float64Array(tiles.length * planeCount);
  for (const [i, tile] of tiles.entries()) {
    rows.set(numbers.subarray(tile * planeCount, (tile + 1) * planeCount), i * planeCount);
  }
  return rows;
}

/** Numbers [plane][tile] as numbers [tile][plane]. */
export function byTile(numbers: Float64Array, planeCount: number): Float64Array {
  const tiles = numbers.length / planeCount;
  const turned = new Float64Array(numbers.length);
  for (let tile = 0, slot = 0; tile < tiles; tile++) {
    for (let plane = 0; plane < planeCount; plane++) turned[slot++] = numbers[plane * tiles + tile];
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

export const upright: Lean = { kind: 'none' };
export const leans: readonly Lean[] = [
  ...[-2, -1, 1, 2].map((planes) => ({ kind: 'shift', planes }) as const),
  ...[-0.6, -0.4, -0.2, 0.2, 0.4, 0.6].map((by) => ({ kind: 'tilt', by }) as const),
];

/** Evidence straightened by a lean: x(z + planes), or x(z) + by (x(z + 1) - x(z - 1)); the ends of the stack repeat. */
export function straighten(evidence: Evidence, planeCount: number, lean: Lean): Evidence {
  if (lean.kind === 'none') return evidence;
  const straight = new Float64Array(evidence.length);
  const last = planeCount - 1;
  const at = (from: number, plane: number) => evidence[from + Math.min(last, Math.max(0, plane))];
  for (let from = 0; from < evidence.length; from += planeCount) {
    for (let plane = 0; plane < planeCount; plane++) {
      straight[from + plane] =
        lean.kind === 'shift'
          ? at(from, plane + lean.planes)
          : at(from, plane) + lean.by * (at(from, plane + 1) - at(from, plane - 1));
    }
  }
  return straight;
}

/** The plane of a tile with the strongest evidence, the lowest on a tie; -1 where there is none. */
export function strongestPlane(evidence: Evidence, planeCount: number, tile: number): number {
  const from = tile * planeCount;
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let plane = 0; plane < planeCount; plane++) {
    const value = evidence[from + plane];
    if (value > highest) {
      highest = value;
      best = plane;
    }
  }
  return best;
}
