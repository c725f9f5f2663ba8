// Sum of |25 P - sum of the 5x5 around P|, eight pixels at a time: see ../../box-difference.ts, which says what and why.
// All is whole numbers of 16 bits: a box is at most 25 x 255 = 6375, and so is the difference.
import { everyNth, load8, sumOfLanes } from './lanes.js';

/** 25 times the measure. `columns` is room for `across` sums of 16 bits. */
export function boxDifference(
  pixels: usize,
  width: i32,
  left: i32,
  top: i32,
  across: i32,
  down: i32,
  step: i32,
  columns: usize,
): f64 {
  if (across < 5 || down < 5) return 0;
  memory.fill(columns, 0, (<usize>across) << 1);
  for (let y = 0; y < 4; y++) addRow(pixels + (top + y) * width + left, 0, across, columns);
  let total: i64 = 0;
  for (let y = 2; y < down - 2; y++) {
    const centre = pixels + (top + y) * width + left;
    addRow(centre + 2 * width, y === 2 ? 0 : centre - 3 * width, across, columns);
    if ((y - 2) % step === 0) total += differencesOfRow(centre, across, step, columns);
  }
  return <f64>total;
}

/** Adds a row of pixels to the sums of columns and takes another away; 0 where there is none to take. */
function addRow(entering: usize, leaving: usize, across: i32, columns: usize): void {
  const whole = across & ~7;
  for (let x = 0; x < whole; x += 8) {
    const sum = columns + (x << 1);
    let sums = i16x8.add(v128.load(sum), load8(entering + x));
    if (leaving) sums = i16x8.sub(sums, load8(leaving + x));
    v128.store(sum, sums);
  }
  for (let x = whole; x < across; x++) {
    const sum = columns + (x << 1);
    const taken = leaving ? <i32>load<u8>(leaving + x) : 0;
    store<u16>(sum, <u16>(<i32>load<u16>(sum) + <i32>load<u8>(entering + x) - taken));
  }
}

function differencesOfRow(centre: usize, across: i32, step: i32, columns: usize): i64 {
  const taken = everyNth(step);
  const stop = across - 2;
  const whole = 2 + ((stop - 2) & ~7);
  const area = i16x8.splat(25);
  let lanes = i32x4.splat(0);
  for (let x = 2; x < whole; x += 8) {
    const sum = columns + ((x - 2) << 1);
    const outer = i16x8.add(v128.load(sum), v128.load(sum, 8));
    const inner = i16x8.add(v128.load(sum, 2), v128.load(sum, 6));
    const box = i16x8.add(i16x8.add(outer, inner), v128.load(sum, 4));
    const difference = v128.and(taken, i16x8.abs(i16x8.sub(i16x8.mul(load8(centre + x), area), box)));
    lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(difference));
  }
  let row = sumOfLanes(lanes);
  for (let x = whole; x < stop; x += step) {
    let box: i32 = 0;
    for (let i = x - 2; i <= x + 2; i++) box += load<u16>(columns + (i << 1));
    row += abs<i32>(25 * <i32>load<u8>(centre + x) - box);
  }
  return row;
}
