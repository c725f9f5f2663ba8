// Sum of the squared Sobel gradient, eight pixels at a time: see ../../tenengrad.ts.
import { everyNth, load8, sumOfLanes } from './lanes.js';

export function tenengrad(pixels: usize, width: i32, left: i32, top: i32, across: i32, down: i32, step: i32): f64 {
  const taken = everyNth(step);
  let total: i64 = 0;
  const stop = across - 1;
  const whole = 1 + (max<i32>(0, stop - 1) & ~7);
  for (let y = 1; y < down - 1; y += step) {
    const row = pixels + (top + y) * width + left;
    let lanes = i32x4.splat(0);
    for (let x = 1; x < whole; x += 8) {
      const at = row + x;
      const above = at - width;
      const below = at + width;
      const rising = i16x8.sub(load8(below + 1), load8(above - 1));
      const falling = i16x8.sub(load8(below - 1), load8(above + 1));
      const sides = i16x8.shl(i16x8.sub(load8(at + 1), load8(at - 1)), 1);
      const ends = i16x8.shl(i16x8.sub(load8(below), load8(above)), 1);
      const along = v128.and(taken, i16x8.add(i16x8.sub(rising, falling), sides));
      const downwards = v128.and(taken, i16x8.add(i16x8.add(rising, falling), ends));
      lanes = i32x4.add(lanes, i32x4.add(i32x4.dot_i16x8_s(along, along), i32x4.dot_i16x8_s(downwards, downwards)));
    }
    total += sumOfLanes(lanes);
    for (let x = whole; x < stop; x += step) total += squaredGradient(row + x, width);
  }
  return <f64>total;
}

function squaredGradient(at: usize, width: i32): i32 {
  const above = at - width;
  const below = at + width;
  const rising = <i32>load<u8>(below + 1) - <i32>load<u8>(above - 1);
  const falling = <i32>load<u8>(below - 1) - <i32>load<u8>(above + 1);
  const along = rising - falling + 2 * (<i32>load<u8>(at + 1) - <i32>load<u8>(at - 1));
  const downwards = rising + falling + 2 * (<i32>load<u8>(below) - <i32>load<u8>(above));
  return along * along + downwards * downwards;
}
