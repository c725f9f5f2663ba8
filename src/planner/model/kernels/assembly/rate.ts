// Rates tiles that nobody looked at, two planes at a time: see ../../rate-unlooked.ts, which says what and why.
import { scaleOfSpread } from '../../../numeric/scale-of-spread.js';
import {
  cells,
  doubtOfSlopes,
  firstLookCount,
  firstLooks,
  lossOfRivals,
  minSpread,
  negligibleFrom,
  notRated,
} from '../../rating-rules.js';

/** A whole number of cells, added to this, has the bytes before that cell of the table in the low bits of the sum: cells have 32. */
const beforeCells = <f64>((<i64>1) << 47);

/**
 * `favourites`, `curves` (log F), `openness` and `stakes` are those of so many tiles of a forecast; for a favourite of -1 it is said that there
 * is no evidence. `reaches` and `nearness` have an entry for each distance from a favourite, from that of the farthest plane below to
 * that of the farthest above, and 0 for its own. `cubics` is the table of softplus.ts. `scales` is room for a number a tile. What comes
 * out: `losses`, `secondMoments`, `gains`, `doubts` (32 bits) and `counts` of first looks (8 bits). Answers how many tiles are
 * not for this kernel; their count is notRated.
 */
export function rate(
  tiles: i32,
  planeCount: i32,
  varianceInflation: f64,
  cubics: usize,
  reaches: usize,
  nearness: usize,
  bestGuesses: usize,
  curves: usize,
  residualVariance: usize,
  stakes: usize,
  scales: usize,
  losses: usize,
  secondMoments: usize,
  gains: usize,
  doubts: usize,
  counts: usize,
): i32 {
  invertScales(tiles, varianceInflation, residualVariance, scales);
  const ends = f64x2.splat(cells * negligibleFrom);
  const all = i64x2.splat(-1);
  const lowest = i64x2(-1, 0);
  // Of an odd number of planes, the last comes with one that belongs to no tile
  const last = planeCount & 1 ? (planeCount - 1) << 3 : -1;
  const bytes = planeCount << 3;
  let left = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const at8 = tile << 3;
    const bestGuess = <i32>load<i16>(bestGuesses + (tile << 1));
    if (bestGuess < 0) {
      store<f64>(losses + at8, 0);
      store<f64>(secondMoments + at8, 0);
      store<f64>(gains + at8, 0);
      store<f32>(doubts + (tile << 2), 1);
      store<u8>(counts + tile, 0);
      continue;
    }
    const curve = curves + tile * bytes;
    const highest = v128.load64_splat(curve + (bestGuess << 3));
    const perScale = v128.load64_splat(scales + at8);
    const near = nearness + ((planeCount - 1 - bestGuess) << 3);
    const reach = reaches + ((planeCount - 1 - bestGuess) << 3);
    let inTable = all;
    let most = f64x2.splat(0);
    let next = f64x2.splat(0);
    let sum = f64x2.splat(0);
    let squares = f64x2.splat(0);
    let slopes = f64x2.splat(0);
    for (let at = 0; at < bytes; at += 16) {
      const there = at === last ? lowest : all;
      const margin = v128.and(there, f64x2.sub(highest, v128.load(curve + at)));
      const far = v128.and(there, v128.load(reach + at));
      const place = f64x2.mul(f64x2.mul(margin, perScale), v128.load(near + at));
      inTable = v128.and(inTable, f64x2.lt(place, ends));

      // Value and slope of log(1 + e^-x) for both: the cubics of their cells
      const known = f64x2.pmin(ends, place);
      const cell = f64x2.floor(known);
      const t = f64x2.sub(known, cell);
      const before = f64x2.add(cell, f64x2.splat(beforeCells));
      const a = cubics + i32x4.extract_lane(before, 0);
      const b = cubics + i32x4.extract_lane(before, 2);
      const lowA = v128.load(a);
      const lowB = v128.load(b);
      const highA = v128.load(a, 16);
      const highB = v128.load(b, 16);
      const c0 = v128.shuffle<u64>(lowA, lowB, 0, 2);
      const c1 = v128.shuffle<u64>(lowA, lowB, 1, 3);
      const c2 = v128.shuffle<u64>(highA, highB, 0, 2);
      const c3 = v128.shuffle<u64>(highA, highB, 1, 3);
      const tc3 = f64x2.mul(t, c3);
      const gain = f64x2.mul(far, f64x2.add(c0, f64x2.mul(t, f64x2.add(c1, f64x2.mul(t, f64x2.add(c2, tc3))))));
      const slope = f64x2.add(c1, f64x2.mul(t, f64x2.add(f64x2.add(c2, c2), f64x2.mul(f64x2.splat(3), tc3))));

      sum = f64x2.add(sum, gain);
      squares = f64x2.add(squares, f64x2.mul(gain, far));
      slopes = f64x2.add(slopes, v128.and(f64x2.gt(far, f64x2.splat(0)), slope));
      next = f64x2.pmax(next, f64x2.pmin(most, gain));
      most = f64x2.pmax(most, gain);
    }
    const spread = spreadOf(load<f64>(residualVariance + at8), varianceInflation);
    const deep = load<f64>(stakes + at8) * spread;
    const unit = scaleOfSpread * deep;
    const others = swapped(most);
    const first = lane0(f64x2.pmax(most, others));
    const second = lane0(f64x2.pmax(f64x2.pmin(most, others), f64x2.pmax(next, swapped(next))));
    store<f64>(losses + at8, unit * lossOfRivals(first, total(sum)));
    store<f64>(secondMoments + at8, unit * deep * total(squares));
    store<f64>(gains + at8, unit * firstLooks(first, second));
    store<f32>(doubts + (tile << 2), <f32>doubtOfSlopes(total(slopes)));
    const taken = i64x2.all_true(inTable);
    store<u8>(counts + tile, taken ? <i32>firstLookCount(first, second) : <i32>notRated);
    left += i32(!taken);
  }
  return left;
}

/** What margins are multiplied by, tile by tile: in the loop over planes it would be worked out anew for each. */
function invertScales(tiles: i32, varianceInflation: f64, residualVariance: usize, scales: usize): void {
  for (let tile = 0; tile < tiles; tile++) {
    const spread = spreadOf(load<f64>(residualVariance + (tile << 3)), varianceInflation);
    store<f64>(scales + (tile << 3), 1 / (scaleOfSpread * spread));
  }
}

function spreadOf(residualVariance: f64, varianceInflation: f64): f64 {
  return max<f64>(minSpread, sqrt<f64>(residualVariance * varianceInflation));
}

function lane0(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0);
}

function swapped(lanes: v128): v128 {
  return v128.shuffle<u64>(lanes, lanes, 1, 0);
}

function total(lanes: v128): f64 {
  return lane0(lanes) + f64x2.extract_lane(lanes, 1);
}
