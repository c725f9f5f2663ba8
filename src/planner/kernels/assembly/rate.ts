// Rates tiles that nobody looked at, two planes at a time: see ../../rate-unlooked.ts, which says what and why.
import { firstLookCount, firstLooks, leastSpread, lossOfRivals, scaleOfSpread } from '../../rating-rules.js';

/** What comes out of a tile: loss, second moment, gain and count of first looks; a count below 0 where it is not for this kernel. */
const outlookBytes = 32;

/** A whole number of cells, added to this, has the bytes before that cell of the table in the low bits of the sum: cells have 32. */
const beforeCells = <f64>((<i64>1) << 47);

/**
 * `favourites`, `curves` (log F), `openness` and `stakes` are those of so many tiles of a forecast; -1 for a favourite leaves a tile out.
 * `reaches` and `nearness` have an entry for each distance from a favourite, from that of the farthest plane below to that of the farthest
 * above, and 0 for its own. Nothing beyond place `end` is in the table of `cubics`. `scales` is room for a number a tile.
 */
export function rate(
  tiles: i32,
  planeCount: i32,
  widening: f64,
  cubics: usize,
  end: f64,
  reaches: usize,
  nearness: usize,
  favourites: usize,
  curves: usize,
  openness: usize,
  stakes: usize,
  scales: usize,
  outlooks: usize,
): void {
  invertScales(tiles, widening, openness, scales);
  const ends = f64x2.splat(end);
  const even = (planeCount & ~1) << 3;
  for (let tile = 0; tile < tiles; tile++) {
    const favourite = <i32>load<i16>(favourites + (tile << 1));
    if (favourite < 0) continue;
    const curve = curves + ((tile * planeCount) << 3);
    const highest = v128.load64_splat(curve + (favourite << 3));
    const perScale = v128.load64_splat(scales + (tile << 3));
    const near = nearness + ((planeCount - 1 - favourite) << 3);
    const reach = reaches + ((planeCount - 1 - favourite) << 3);
    let inTable = i64x2.splat(-1);
    let most = f64x2.splat(0);
    let next = f64x2.splat(0);
    let sum = f64x2.splat(0);
    let squares = f64x2.splat(0);
    for (let at = 0; at < even; at += 16) {
      const behind = f64x2.mul(f64x2.sub(highest, v128.load(curve + at)), perScale);
      const place = f64x2.mul(behind, v128.load(near + at));
      const far = v128.load(reach + at);
      inTable = v128.and(inTable, f64x2.lt(place, ends));
      const gain = f64x2.mul(far, inCells(cubics, f64x2.pmin(ends, place)));
      sum = f64x2.add(sum, gain);
      squares = f64x2.add(squares, f64x2.mul(gain, far));
      next = f64x2.pmax(next, f64x2.pmin(most, gain));
      most = f64x2.pmax(most, gain);
    }
    if (planeCount & 1) {
      // The last plane, and none
      const behind = f64x2.mul(f64x2.sub(highest, v128.load64_zero(curve + even)), perScale);
      const place = f64x2.mul(behind, v128.load64_zero(near + even));
      const far = v128.load64_zero(reach + even);
      inTable = v128.and(inTable, f64x2.lt(place, ends));
      const gain = f64x2.mul(far, inCells(cubics, f64x2.pmin(ends, place)));
      sum = f64x2.add(sum, gain);
      squares = f64x2.add(squares, f64x2.mul(gain, far));
      next = f64x2.pmax(next, f64x2.pmin(most, gain));
      most = f64x2.pmax(most, gain);
    }
    const outlook = outlooks + tile * outlookBytes;
    const spread = spreadOf(load<f64>(openness + (tile << 3)), widening);
    const deep = load<f64>(stakes + (tile << 3)) * spread;
    const unit = scaleOfSpread * deep;
    const others = swapped(most);
    const first = lane0(f64x2.pmax(most, others));
    const second = lane0(f64x2.pmax(f64x2.pmin(most, others), f64x2.pmax(next, swapped(next))));
    store<f64>(outlook, unit * lossOfRivals(first, total(sum)));
    store<f64>(outlook, unit * deep * total(squares), 8);
    store<f64>(outlook, unit * firstLooks(first, second), 16);
    store<f64>(outlook, i64x2.all_true(inTable) ? firstLookCount(first, second) : -1, 24);
  }
}

/** What margins are multiplied by, tile by tile: in the loop over planes it would be worked out anew for each. */
function invertScales(tiles: i32, widening: f64, openness: usize, scales: usize): void {
  for (let tile = 0; tile < tiles; tile++) {
    const spread = spreadOf(load<f64>(openness + (tile << 3)), widening);
    store<f64>(scales + (tile << 3), 1 / (scaleOfSpread * spread));
  }
}

function spreadOf(openness: f64, widening: f64): f64 {
  return max<f64>(leastSpread, sqrt<f64>(openness * widening));
}

/** log(1 + e^-x) for two x counted in cells: see ../../softplus.ts. */
function inCells(cubics: usize, places: v128): v128 {
  const cells = f64x2.floor(places);
  const t = f64x2.sub(places, cells);
  const bytes = f64x2.add(cells, f64x2.splat(beforeCells));
  const a = cubics + i32x4.extract_lane(bytes, 0);
  const b = cubics + i32x4.extract_lane(bytes, 2);
  const lowA = v128.load(a);
  const lowB = v128.load(b);
  const highA = v128.load(a, 16);
  const highB = v128.load(b, 16);
  const c0 = v128.shuffle<u64>(lowA, lowB, 0, 2);
  const c1 = v128.shuffle<u64>(lowA, lowB, 1, 3);
  const c2 = v128.shuffle<u64>(highA, highB, 0, 2);
  const c3 = v128.shuffle<u64>(highA, highB, 1, 3);
  return f64x2.add(c0, f64x2.mul(t, f64x2.add(c1, f64x2.mul(t, f64x2.add(c2, f64x2.mul(t, c3))))));
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
