// Eight pixels of 8 bits as lanes of 16.

/** Eight pixels from `at`. */
export function load8(at: usize): v128 {
  return v128.load8x8_u(at);
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
