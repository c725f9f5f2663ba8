// Sums of samples and of their squares, eight pixels at a time: what ../../normalized-variance.ts is computed from.
import { everyNth, load8, sumOfLanes } from './lanes.js';

export function sumOfSamples(pixels: usize, width: i32, left: i32, top: i32, across: i32, down: i32, step: i32): f64 {
  const taken = everyNth(step);
  let total: i64 = 0;
  const whole = across & ~7;
  for (let y = 0; y < down; y += step) {
    const row = pixels + (top + y) * width + left;
    let lanes = i32x4.splat(0);
    for (let x = 0; x < whole; x += 8) {
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(v128.and(taken, load8(row + x))));
    }
    total += sumOfLanes(lanes);
    for (let x = whole; x < across; x += step) total += <i64>load<u8>(row + x);
  }
  return <f64>total;
}

export function sumOfSquares(pixels: usize, width: i32, left: i32, top: i32, across: i32, down: i32, step: i32): f64 {
  const taken = everyNth(step);
  let total: i64 = 0;
  const whole = across & ~7;
  for (let y = 0; y < down; y += step) {
    const row = pixels + (top + y) * width + left;
    let lanes = i32x4.splat(0);
    for (let x = 0; x < whole; x += 8) {
      const samples = v128.and(taken, load8(row + x));
      lanes = i32x4.add(lanes, i32x4.dot_i16x8_s(samples, samples));
    }
    total += sumOfLanes(lanes);
    for (let x = whole; x < across; x += step) {
      const sample = <i64>load<u8>(row + x);
      total += sample * sample;
    }
  }
  return <f64>total;
}
