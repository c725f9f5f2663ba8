// Sum of |4 P - left - right - above - below|, eight pixels at a time: see ../../laplacian.ts.
import { everyNth, load8, sumOfLanes } from './lanes.js';

export function laplacian(pixels: usize, width: i32, left: i32, top: i32, across: i32, down: i32, step: i32): f64 {
  const taken = everyNth(step);
  let total: i64 = 0;
  const stop = across - 1;
  const whole = 1 + (max<i32>(0, stop - 1) & ~7);
  for (let y = 1; y < down - 1; y += step) {
    const row = pixels + (top + y) * width + left;
    let lanes = i32x4.splat(0);
    for (let x = 1; x < whole; x += 8) {
      const at = row + x;
      const sides = i16x8.add(load8(at - 1), load8(at + 1));
      const around = i16x8.add(sides, i16x8.add(load8(at - width), load8(at + width)));
      const response = v128.and(taken, i16x8.abs(i16x8.sub(i16x8.shl(load8(at), 2), around)));
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(response));
    }
    total += sumOfLanes(lanes);
    for (let x = whole; x < stop; x += step) {
      const at = row + x;
      const sides = <i32>load<u8>(at - 1) + <i32>load<u8>(at + 1);
      const around = sides + <i32>load<u8>(at - width) + <i32>load<u8>(at + width);
      total += abs<i32>(4 * <i32>load<u8>(at) - around);
    }
  }
  return <f64>total;
}
