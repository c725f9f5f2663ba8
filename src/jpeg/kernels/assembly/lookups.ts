// Lookups of the next 12 bits, from the short codes of symbol tables: see ../../huffman-table.ts, which says what and why.
import { advanceOf, signedValue } from './symbols.js';

const windowBits = 12;
const windows = 1 << windowBits;
const endOfBlock = 128;
const notHere = 65;

/** Fills a blockTable and a skipTable. */
export function buildLookups(dcSymbols: usize, acSymbols: usize, blockTable: usize, skipTable: usize): void {
  for (let window = 0; window < windows; window++) {
    const run = skipCodes(acSymbols, window, 0, 63);
    store<u16>(skipTable + (window << 1), <u16>((run & 15) === 0 ? notHere << 4 : run));

    const code = <i32>load<u16>(dcSymbols + (window << 1));
    const size = code & 255;
    const used = (code >> 8) + size;
    let entry = 0;
    if (code !== 0 && used <= windowBits) {
      const difference = signedValue((<u32>window) << (32 - windowBits + (code >> 8)), size);
      entry = (difference << 16) | (used << 12) | (skipCodes(acSymbols, window, used, 62) + (1 << 4));
    }
    store<i32>(blockTable + (window << 2), entry);
  }
}

/** Fills a coefficientTable. */
export function buildCoefficients(acSymbols: usize, table: usize): void {
  for (let window = 0; window < windows; window++) {
    const code = <i32>load<u16>(acSymbols + (window << 1));
    const size = code & 15;
    const used = (code >> 8) + size;
    const advance = advanceOf(code & 255);
    let entry = notHere << 4;
    if (code !== 0 && used <= windowBits && advance !== 0) {
      const value = signedValue((<u32>window) << (32 - windowBits + (code >> 8)), size);
      entry = (value << 16) | (advance << 4) | used;
    }
    store<i32>(table + (window << 2), entry);
  }
}

/** Whole AC codes of a window behind its first `used` bits, up to an advance of `most`: advance << 4 | bits used, those included. */
function skipCodes(symbols: usize, window: i32, used: i32, most: i32): i32 {
  let k = 0;
  while (used < windowBits) {
    const code = <i32>load<u16>(symbols + (((window << used) & (windows - 1)) << 1));
    const next = used + (code >> 8) + (code & 15);
    const advance = advanceOf(code & 255);
    if (code === 0 || next > windowBits || advance === 0) break;
    if (advance === endOfBlock) return ((k + endOfBlock) << 4) | next;
    if (k + advance > most) break;
    k += advance;
    used = next;
  }
  return (k << 4) | used;
}
