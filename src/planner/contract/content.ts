// Which tiles count: those whose focus differs between planes by more than noise, and which rise above what noise alone gives.
//
//   best F > (1 + r) x the tile's own low F       something can be lost there by choosing a wrong plane
//   best F > 1.2 x the noise floor of the slide   the 10th percentile over tiles of their low F
//
// Low is the lower quartile over planes: one plane that is black or missing says nothing of noise. r is six times the noise of log F
// between planes, never below .05 nor above .2. No glass is needed for either, and none may be there.
import { selectInPlace } from '../numeric/select.js';

/** What tells content from background. */
export type ContentRule = {
  /** r of the head of this page: what the best plane must be above, in parts of the tile's low F. */
  readonly difference: number;
  /** The best F of a tile with content is above this. */
  readonly border: number;
};

/** Standard deviations of noise that a difference must exceed, and its bounds. unmeasured: a difference of six is no chance. */
const noiseFactor = 6;
const minDifference = 0.05; // unmeasured: below it nobody sees a difference
const maxDifference = 0.2; // unmeasured: the border that content had before, 1.2 x background
/** Empty tiles vary by less than this among each other (experiments/audit-coverage). */
const aboveFloor = 1.2;
const floorPercentile = 0.1; // unmeasured: it is the definition
/** Noise is told from the tiles whose planes differ least: this part of them; unmeasured. */
const quietPart = 0.25;

/**
 * Of normal noise: the lower quartile of |second difference| over z, whose variance is six times that of a score, in standard
 * deviations. unmeasured: it is computed.
 */
const lowerQuartile = 0.3186 * Math.sqrt(6);

/** The rule of a slide, from tiles scored on all planes: `scores` [tile][plane]. `noiseFloor`: where it is known otherwise. */
export function contentRule(scores: Float64Array, planeCount: number, noiseFloor?: number): ContentRule {
  const tiles = planeCount === 0 ? 0 : scores.length / planeCount;
  const difference = differenceOf(scores, planeCount, tiles);
  const floor = noiseFloor ?? percentileOfLow(scores, planeCount, tiles);
  return { difference, border: aboveFloor * floor };
}

/** Whether a tile that was scored on all planes has content. */
export function hasContent(
  scores: Float64Array,
  planeCount: number,
  tile: number,
  { difference, border }: ContentRule,
): boolean {
  const [low, best] = lowAndBest(scores, planeCount, tile);
  return best > border && best > (1 + difference) * low;
}

/** 1 for every tile with content, given all scores [tile][plane]. */
export function contentMask(scores: Float64Array, planeCount: number): Uint8Array {
  const rule = contentRule(scores, planeCount);
  const mask = new Uint8Array(scores.length / planeCount);
  for (let tile = 0; tile < mask.length; tile++) mask[tile] = hasContent(scores, planeCount, tile, rule) ? 1 : 0;
  return mask;
}

/** 1 for every tile that figures of accuracy are of, given all scores: those with content or, where no tile has any, all of them. */
export function judgedTiles(scores: Float64Array, planeCount: number): Uint8Array {
  const mask = contentMask(scores, planeCount);
  return mask.includes(1) ? mask : mask.fill(1);
}

function differenceOf(scores: Float64Array, planeCount: number, tiles: number): number {
  // Two planes have no second difference: their noise can't be told from what they differ by
  if (planeCount < 3 || tiles === 0) return maxDifference;
  const ratios = new Float64Array(tiles);
  for (let tile = 0; tile < tiles; tile++) {
    const [low, best] = lowAndBest(scores, planeCount, tile);
    ratios[tile] = low > 0 ? best / low : Number.POSITIVE_INFINITY;
  }
  const quiet = selectInPlace(ratios.slice(), Math.floor(quietPart * (tiles - 1)));
  const bends: number[] = [];
  for (let tile = 0; tile < tiles; tile++) {
    if (!(ratios[tile] <= quiet) || ratios[tile] === Number.POSITIVE_INFINITY) continue;
    const at = tile * planeCount;
    for (let z = 1; z < planeCount - 1; z++) {
      bends.push(Math.abs(Math.log((scores[at + z - 1] * scores[at + z + 1]) / scores[at + z] ** 2)));
    }
  }
  if (bends.length === 0) return maxDifference;
  const noise = selectInPlace(Float64Array.from(bends), Math.floor((bends.length - 1) / 4)) / lowerQuartile;
  return Math.min(maxDifference, Math.max(minDifference, noiseFactor * noise));
}

function percentileOfLow(scores: Float64Array, planeCount: number, tiles: number): number {
  if (tiles === 0) return 0;
  const low = new Float64Array(tiles);
  for (let tile = 0; tile < tiles; tile++) low[tile] = lowAndBest(scores, planeCount, tile)[0];
  return selectInPlace(low, Math.floor(floorPercentile * (tiles - 1)));
}

/** The lower quartile of a tile's scores, and the highest. */
function lowAndBest(scores: Float64Array, planeCount: number, tile: number): readonly [low: number, best: number] {
  const curve = scores.slice(tile * planeCount, (tile + 1) * planeCount).sort();
  return [curve[Math.floor((planeCount - 1) / 4)], curve[planeCount - 1]];
}
