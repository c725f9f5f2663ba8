// Sum of squared differences of pixels two apart along rows, eight at a time: see ../../brenner.ts.
import { everyNth, load8, sumOfLanes } from './lanes.js';

export function brenner(pixels: usize, width: i32, left: i32, top: i32, across: i32, down: i32, step: i32): f64 {
  const taken = everyNth(step);
  let total: i64 = 0;
  const stop = across - 2;
  const whole = max<i32>(0, stop) & ~7;
  for (let y = 0; y < down; y += step) {
    const row = pixels + (top + y) * width + left;
    let lanes = i32x4.splat(0);
    for (let x = 0; x < whole; x += 8) {
      const difference = v128.and(taken, i16x8.sub(load8(row + x + 2), load8(row + x)));
      lanes = i32x4.add(lanes, i32x4.dot_i16x8_s(difference, difference));
    }
    total += sumOfLanes(lanes);
    for (let x = whole; x < stop; x += step) {
      const difference = <i32>load<u8>(row + x + 2) - <i32>load<u8>(row + x);
      total += difference * difference;
    }
  }
  return <f64>total;
}
