// Puts a scan together from MCUs of others with the same tables: see ../../assemble-scan.ts, which says what and why.
import { bitsAt, componentOf, forgetPredictions, Scan } from './scan.js';
import { nextSymbol } from './symbols.js';

/** An index of a scan, see ScanIndex: as ../splice-kernel.ts lays it. */
@unmanaged
export class Source {
  words: usize;
  starts: usize;
  firstDc: usize;
  lastDc: usize;
  intervalEnds: usize;
  interval: i32;
  mcus: i32;
}

/** A run of MCUs, see McuRun. */
@unmanaged
export class Run {
  source: i32;
  first: i32;
  count: i32;
}

/** Where the next byte goes; bits that are no whole word yet, at the top of 64. */
let out: usize = 0;
let pending: u64 = 0;
let pendingBits: i32 = 0;

/**
 * Writes the runs' MCUs to `target`, padded and stuffed; answers how many bytes, -1 where a DC difference has no code. `scan` tells the
 * components and the restart interval of the result; `dcCodes` has 16 codes a component, by size.
 */
export function spliceScan(scan: Scan, sources: usize, runs: usize, runCount: i32, dcCodes: usize, target: usize): i32 {
  out = target;
  pending = 0;
  pendingBits = 0;
  forgetPredictions(scan);
  const interval = scan.interval;
  let written = 0;
  for (let i = 0; i < runCount; i++) {
    const run = changetype<Run>(runs + i * offsetof<Run>());
    const source = changetype<Source>(sources + run.source * offsetof<Source>());
    for (let done = 0; done < run.count; ) {
      if (written > 0 && written % interval === 0) {
        padAndFlush();
        store<u8>(out, 0xff);
        store<u8>(out + 1, <u8>(0xd0 + ((written / interval - 1) & 7)));
        out += 2;
        forgetPredictions(scan);
      }
      const mcu = run.first + done;
      const room = min(interval - (written % interval), source.interval - (mcu % source.interval));
      const piece = min(run.count - done, room);
      if (!copyMcus(scan, source, mcu, piece, dcCodes)) return -1;
      done += piece;
      written += piece;
    }
  }
  padAndFlush();
  return <i32>(out - target);
}

function copyMcus(scan: Scan, source: Source, first: i32, count: i32, dcCodes: usize): bool {
  const components = scan.componentCount;
  const end = endOfMcu(source, components, first + count - 1);
  const at = first * components;
  const last = (first + count - 1) * components;
  for (let c = 0; c < components; c++) {
    const component = componentOf(scan, c);
    const dc = <i32>load<i16>(source.firstDc + ((at + c) << 1));
    if (!putDifference(dcCodes + (c << 6), dc - component.prediction)) return false;
    const start = load<i32>(source.starts + ((at + c) << 2));
    const code = nextSymbol(component.dcSymbols, <u32>(bitsAt(source.words, start) >>> 32));
    const to = c + 1 < components ? load<i32>(source.starts + ((at + c + 1) << 2)) : end;
    copyBits(source.words, start + (code >> 8) + (code & 255), to);
    component.prediction = <i32>load<i16>(source.lastDc + ((last + c) << 1));
  }
  return true;
}

/** The bit behind the last block of an MCU. */
function endOfMcu(source: Source, components: i32, mcu: i32): i32 {
  const next = mcu + 1;
  return next === source.mcus || next % source.interval === 0
    ? load<i32>(source.intervalEnds + ((mcu / source.interval) << 2))
    : load<i32>(source.starts + ((next * components) << 2));
}

/** Appends a DC difference; false where there is no code for it. */
function putDifference(codes: usize, difference: i32): bool {
  const size = 32 - clz<i32>(difference < 0 ? -difference : difference);
  if (size > 15) return false;
  const code = load<i32>(codes + (size << 2));
  if (code === 0) return false;
  const bits = difference + ((difference >> 31) & ((1 << size) - 1));
  put(((code >> 5) << size) | bits, (code & 31) + size);
  return true;
}

function copyBits(words: usize, from: i32, to: i32): void {
  for (; from + 32 <= to; from += 32) {
    pending |= (bitsAt(words, from) >>> 32) << (32 - pendingBits);
    flushWord(<u32>(pending >>> 32));
    pending <<= 32;
  }
  const rest = to - from;
  if (rest > 0) put(<u32>(bitsAt(words, from) >>> (64 - rest)), rest);
}

/** Appends the low `count` bits (1 to 31) of `bits`, whose other bits must be 0. */
function put(bits: u32, count: i32): void {
  pending |= (<u64>bits) << (64 - pendingBits - count);
  pendingBits += count;
  if (pendingBits < 32) return;
  flushWord(<u32>(pending >>> 32));
  pending <<= 32;
  pendingBits -= 32;
}

function flushWord(word: u32): void {
  // A byte is FF where one of the complement is 0
  if (((~word - 0x01010101) & word & 0x80808080) === 0) {
    store<u32>(out, bswap<u32>(word));
    out += 4;
  } else {
    for (let shift = 24; shift >= 0; shift -= 8) flushByte(<u8>(word >>> shift));
  }
}

function flushByte(byte: u8): void {
  store<u8>(out++, byte);
  if (byte === 0xff) store<u8>(out++, 0);
}

/** Fills the last byte with ones. */
function padAndFlush(): void {
  const padding = -pendingBits & 7;
  if (padding > 0) put((1 << padding) - 1, padding);
  for (; pendingBits > 0; pendingBits -= 8) {
    flushByte(<u8>(pending >>> 56));
    pending <<= 8;
  }
}
