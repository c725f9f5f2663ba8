// Sum of |smoothed P - mean of the 5x5 smoothed around P| by block, eight pixels at a time: see ../../block-difference.ts, which says what
// and why. All is whole numbers of 16 bits: smoothed pixels have three bits behind the point, and 25 x 8 x 255 is 51,000.
import { load8, sumOfLanes } from './lanes.js';

/** Rows of smoothed pixels held: from two above the row under way to three below. */
const ring = 6;

/**
 * Adds 200 times the measure to `scores`, and pixels to `luma`: 32 bits a block of 2^shift pixels' side, `columns` a row. The picture has
 * `across` x `down` pixels without gaps. `room` is for (ring + 2) rows of `across` + 24 numbers of 16 bits.
 */
export function blockDifference(
  pixels: usize,
  across: i32,
  down: i32,
  shift: i32,
  columns: i32,
  scores: usize,
  luma: usize,
  room: usize,
): void {
  const pitch: usize = (<usize>across + 24) << 1;
  const weighted = room;
  const sums = room + pitch;
  const rows = room + 2 * pitch;
  memory.fill(sums, 0, pitch);
  for (let y = 0; y < min(3, down); y++) smoothRow(pixels, across, down, y, weighted, rows + <usize>(y % ring) * pitch);
  for (let y = -2; y <= 2; y++) addRow(sums, rows + <usize>(clampRow(y, down) % ring) * pitch, 0, across);
  for (let y = 0; y < down; y++) {
    const block = ((y >> shift) * columns) << 2;
    sumRow(pixels + y * across, rows + <usize>(y % ring) * pitch, sums, across, shift, scores + block, luma + block);
    if (y + 3 < down) smoothRow(pixels, across, down, y + 3, weighted, rows + <usize>((y + 3) % ring) * pitch);
    const entering = rows + <usize>(clampRow(y + 3, down) % ring) * pitch;
    addRow(sums, entering, rows + <usize>(clampRow(y - 2, down) % ring) * pitch, across);
  }
}

function clampRow(y: i32, down: i32): i32 {
  return max(0, min(down - 1, y));
}

/** A row of numbers begins behind two that repeat its first, and two that repeat its last follow. */
function repeatEnds(row: usize, across: i32): void {
  const first = load<u16>(row, 4);
  store<u16>(row, first);
  store<u16>(row, first, 2);
  const end = row + ((across + 2) << 1);
  const last = load<u16>(end - 2);
  store<u16>(end, last);
  store<u16>(end, last, 2);
}

/** Smooths a row by 1 4 6 4 1 down and across: eight times the mean, rounded. */
function smoothRow(pixels: usize, across: i32, down: i32, y: i32, weighted: usize, row: usize): void {
  const a = pixels + clampRow(y - 2, down) * across;
  const b = pixels + clampRow(y - 1, down) * across;
  const c = pixels + y * across;
  const d = pixels + clampRow(y + 1, down) * across;
  const e = pixels + clampRow(y + 2, down) * across;
  for (let x = 0; x < across; x += 8) {
    v128.store(weighted + 4 + (x << 1), weigh(load8(a + x), load8(b + x), load8(c + x), load8(d + x), load8(e + x)));
  }
  repeatEnds(weighted, across);
  const half = i16x8.splat(16);
  for (let x = 0; x < across; x += 8) {
    const at = weighted + (x << 1);
    const sum = weigh(v128.load(at), v128.load(at, 2), v128.load(at, 4), v128.load(at, 6), v128.load(at, 8));
    v128.store(row + 4 + (x << 1), i16x8.shr_u(i16x8.add(sum, half), 5));
  }
  repeatEnds(row, across);
}

function weigh(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  const outer = i16x8.add(a, e);
  const inner = i16x8.shl(i16x8.add(b, d), 2);
  const middle = i16x8.add(i16x8.shl(c, 2), i16x8.shl(c, 1));
  return i16x8.add(i16x8.add(outer, inner), middle);
}

/** Adds a row to the sums of columns and takes another away; 0 where there is none to take. */
function addRow(sums: usize, entering: usize, leaving: usize, across: i32): void {
  for (let x = 0; x < across + 4; x += 8) {
    const at = x << 1;
    let sum = i16x8.add(v128.load(sums + at), v128.load(entering + at));
    if (leaving) sum = i16x8.sub(sum, v128.load(leaving + at));
    v128.store(sums + at, sum);
  }
}

function sumRow(pixels: usize, row: usize, sums: usize, across: i32, shift: i32, scores: usize, luma: usize): void {
  const area = i16x8.splat(25);
  for (let x = 0; x < across; x += 8) {
    const sum = sums + (x << 1);
    const outer = i16x8.add(v128.load(sum), v128.load(sum, 8));
    const inner = i16x8.add(v128.load(sum, 2), v128.load(sum, 6));
    const box = i16x8.add(i16x8.add(outer, inner), v128.load(sum, 4));
    const own = i16x8.mul(v128.load(row + 4 + (x << 1)), area);
    let difference = i16x8.sub(i16x8.max_u(own, box), i16x8.min_u(own, box));
    let bright = load8(pixels + x);
    if (x + 8 > across) {
      const inside = firstLanes(across - x);
      difference = v128.and(difference, inside);
      bright = v128.and(bright, inside);
    }
    const block = (x >> shift) << 2;
    addTo(scores + block, sumOfLanes(i32x4.extadd_pairwise_i16x8_u(difference)));
    addTo(luma + block, sumOfLanes(i32x4.extadd_pairwise_i16x8_u(bright)));
  }
}

function addTo(at: usize, sum: i64): void {
  store<u32>(at, load<u32>(at) + <u32>sum);
}

/** All bits of the first `count` of eight lanes. */
function firstLanes(count: i32): v128 {
  return i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>count));
}
