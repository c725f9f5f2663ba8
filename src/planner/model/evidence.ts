// Evidence of where a tile is sharp that costs less than scoring it: one number for every tile and plane, on a log scale.
import { type NumberTable, tilesAtATime } from '../contract/number-table.js';
import { selectInPlace } from '../numeric/select.js';

/** log evidence, [tile][plane]; NaN where there is none. Only differences between planes of one tile mean anything. */
export type Evidence = Float64Array;

/** How much of an empty tile may be taken off; unmeasured: a grid that calibration chooses from. */
export const emptyShares = [0, 0.5, 0.8, 0.9, 0.95] as const;

/** Logarithms that are kept, at most; unmeasured: half a megabyte, and tiles are seldom longer. */
const maxLogs = 65_536;

/** Percentile of the tiles' lowest numbers that is taken for an empty tile; unmeasured: the very lowest may be damaged. */
const emptyPercentile = 0.02;
/** No logarithm is taken of less; unmeasured: where no tile is empty, nothing of it is left. */
const minRest = 1e-6;

/** What numbers that grow with sharpness (0 or NaN where there are none) say of tiles as wholes. */
export type TileNumbers = {
  /** The number of an empty tile. */
  readonly empty: number;
  /** The strongest number of each tile, NaN where there are none. */
  readonly strongest: Float64Array;
};

export function tileNumbers({ numbers, tiles, planeCount, tileStep, planeStep }: NumberTable): TileNumbers {
  const strongest = new Float64Array(tiles);
  const minima = new Float64Array(tiles);
  let count = 0;
  for (let tile = 0; tile < tiles; tile++) {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = 0;
    let at = tile * tileStep;
    for (let plane = 0; plane < planeCount; plane++, at += planeStep) {
      const number = numbers[at];
      if (number > highest) highest = number;
      if (number > 0 && number < lowest) lowest = number;
    }
    strongest[tile] = highest > 0 ? highest : Number.NaN;
    if (highest > 0) minima[count++] = lowest;
  }
  const empty = count > 0 ? selectInPlace(minima.subarray(0, count), Math.floor(emptyPercentile * (count - 1))) : 0;
  return { empty, strongest };
}

/**
 * Numbers that grow with sharpness (bytes, sums of a coarser level; 0 or NaN where there are none) as evidence: the logarithm of what
 * is left when `share` of the number of an empty tile is taken off. Only then does one margin mean the same on full and on sparse
 * tiles.
 */
export function evidenceFrom(table: NumberTable, empty: number, share: number): Evidence {
  const { numbers, tiles, planeCount, tileStep, planeStep } = table;
  const taken = share * empty;
  // Half of what is left of an empty tile stays, so that the logarithm has a floor that is no outlier.
  const floor = Math.max(0.5 * (1 - share) * empty, minRest);
  const evidence = new Float64Array(numbers.length);
  // Lengths are whole numbers, the same over and over: their logarithms are kept
  const logs = new Float64Array(Math.min(maxLogs, numbers.length >> 3));
  for (let number = 0; number < logs.length; number++) logs[number] = Math.log(Math.max(number - taken, floor));
  for (let start = 0; start < tiles; start += tilesAtATime) {
    const end = Math.min(tiles, start + tilesAtATime);
    for (let plane = 0; plane < planeCount; plane++) {
      let from = start * tileStep + plane * planeStep;
      for (let to = start * planeCount + plane; to < end * planeCount; to += planeCount, from += tileStep) {
        const number = numbers[from];
        const integer = number | 0;
        if (integer === number && integer > 0 && integer < logs.length) evidence[to] = logs[integer];
        else evidence[to] = number > 0 ? Math.log(Math.max(number - taken, floor)) : Number.NaN;
      }
    }
  }
  return evidence;
}

/**
 * Ways in which evidence may be biased along z, by what corrects it: a shift by planes, or a tilt by a part of its own slope along z.
 */
export type ZBias =
  | { readonly kind: 'none' }
  | { readonly kind: 'shift'; readonly planes: number }
  | { readonly kind: 'tilt'; readonly by: number };

export const noBias: ZBias = { kind: 'none' };
/** Biases that are tried; unmeasured: a grid that calibration chooses from. */
export const zBiases: readonly ZBias[] = [
  ...[-2, -1, 1, 2].map((planes) => ({ kind: 'shift', planes }) as const),
  ...[-0.6, -0.4, -0.2, 0.2, 0.4, 0.6].map((by) => ({ kind: 'tilt', by }) as const),
];

/** Evidence with a bias corrected: x(z + planes), or x(z) + by (x(z + 1) - x(z - 1)); the ends of the stack repeat. */
export function correctBias(evidence: Evidence, planeCount: number, zBias: ZBias): Evidence {
  if (zBias.kind === 'none') return evidence;
  const corrected = new Float64Array(evidence.length);
  const last = planeCount - 1;
  const at = (from: number, plane: number) => evidence[from + Math.min(last, Math.max(0, plane))];
  for (let from = 0; from < evidence.length; from += planeCount) {
    for (let plane = 0; plane < planeCount; plane++) {
      corrected[from + plane] =
        zBias.kind === 'shift'
          ? at(from, plane + zBias.planes)
          : at(from, plane) + zBias.by * (at(from, plane + 1) - at(from, plane - 1));
    }
  }
  return corrected;
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
