// A scan and what it is coded with, as ../scan-memory.ts lays them.

/** An unstuffed scan; see ScanWords and ScanLayout. */
@unmanaged
export class Scan {
  words: usize;
  bits: i32;
  /** By restart interval, 32 bits each. */
  segmentStarts: usize;
  components: usize;
  componentCount: i32;
  mcus: i32;
  interval: i32;
}

@unmanaged
export class Component {
  /** Blocks in an MCU. */
  blocks: i32;
  /** The lookups of ../../huffman-table.ts of these names. */
  blockTable: usize;
  skipTable: usize;
  /** Symbol tables, see symbols.ts. */
  dcSymbols: usize;
  acSymbols: usize;
  /** The DC value of the block before. */
  prediction: i32;
}

export function componentOf(scan: Scan, c: i32): Component {
  return changetype<Component>(scan.components + c * offsetof<Component>());
}

export function forgetPredictions(scan: Scan): void {
  for (let c = 0; c < scan.componentCount; c++) componentOf(scan, c).prediction = 0;
}

/** 64 bits from a position on, of which the first 33 at least are the scan's. */
export function bitsAt(words: usize, position: i32): u64 {
  return rotl<u64>(load<u64>(words + ((<u32>position >>> 5) << 2)), 32) << (position & 31);
}

/** Whether nothing but the padding of a byte lies between a position and the end of a restart interval (see expectPadding). */
export function isPadding(words: usize, position: i32, end: i32): bool {
  const padding = end - position;
  if (padding < 0 || padding > 7) return false;
  return padding === 0 || ~bitsAt(words, position) >>> (64 - padding) === 0;
}
