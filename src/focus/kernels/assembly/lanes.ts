// Eight pixels of 8 bits as lanes of 16.

/** Eight pixels from `at`. */
export function load8(at: usize): v128 {
  return v128.load8x8_u(at);
}

/** The lanes of every `step`-th pixel, from the first of eight: 1, 2, 4 or 8. */
export function everyNth(step: i32): v128 {
  if (step === 2) return i16x8(-1, 0, -1, 0, -1, 0, -1, 0);
  if (step === 4) return i16x8(-1, 0, 0, 0, -1, 0, 0, 0);
  if (step === 8) return i16x8(-1, 0, 0, 0, 0, 0, 0, 0);
  return i16x8.splat(-1);
}

/** The sum of four lanes of 32 bits. */
export function sumOfLanes(lanes: v128): i64 {
  return (
    <i64>i32x4.extract_lane(lanes, 0) +
    <i64>i32x4.extract_lane(lanes, 1) +
    <i64>i32x4.extract_lane(lanes, 2) +
    <i64>i32x4.extract_lane(lanes, 3)
  );
}
