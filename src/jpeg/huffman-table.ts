// Huffman tables as lookups of the next 12 bits (ITU-T T.81, annex C and F.2.2.3); longer codes, at most one in some hundreds, are
// compared length by length.
import type { HuffmanSpec } from './huffman-spec.js';

/**
 * The bits a lookup takes. With 10, tiles of 14 KB take a fifth longer to index; with 14 they gain a tenth and those of 4 KB lose as
 * much to the cache, and tables take four times as long to make (experiments/jpeg-core.ts with other values here and in
 * kernels/assembly/, which have the same).
 */
const windowBits = 12;
export const windowShift = 32 - windowBits;
const windows = 1 << windowBits;

/** One code at a time. */
export type SymbolTable = {
  /** By the next 12 bits: length << 8 | symbol, or 0 for a longer code or none. */
  readonly short: Uint16Array;
  /** By length (1 to 16): the first 16-bit window beyond the codes of this length; what to add to a code for its place in `symbols`. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
};

/** The code at the top of the 32 bits of `window`: length << 8 | symbol, or 0 where there is none. */
export function nextSymbol(table: SymbolTable, window: number): number {
  const found = table.short[window >>> windowShift];
  if (found !== 0) return found;
  const code = window >>> 16;
  for (let length = windowBits + 1; length <= 16; length++) {
    if (code < table.limits[length])
      return (length << 8) | table.symbols[(code >>> (16 - length)) + table.offsets[length]];
  }
  return 0;
}

/** Annex C: codes of a length count up; the first of the next length is twice the one that would follow. */
export const symbolTable = remembered((spec: HuffmanSpec): SymbolTable => {
  const short = new Uint16Array(windows);
  const limits = new Int32Array(17);
  const offsets = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    offsets[length] = place - code;
    for (let i = spec.counts[length - 1]; i > 0; i--, code++, place++) {
      if (length > windowBits) continue;
      const from = code << (windowBits - length);
      short.fill((length << 8) | spec.symbols[place], from, from + (1 << (windowBits - length)));
    }
    limits[length] = code << (16 - length);
    code <<= 1;
  }
  return { short, limits, offsets, symbols: spec.symbols };
});

// Lookups of AC codes count in k, the zigzag index of the next coefficient (1 to 63; 64: the block is full). They all use this trap
// door: an end of block (EOB) advances k by 128, so that after any lookup
//
//     k < 64          the block goes on
//     k = 64          the block is full, it ends without EOB
//     129 to 191      an EOB was read in time
//     anything else   the lookup does not apply here: take one code, by nextSymbol
//
// The last line is needed because a lookup of several codes may run past coefficient 63 into the next block, whose first code is a
// DC code. `notHere` advances past all of them, whatever k was.
export const endOfBlock = 128;
const notHere = 65;

/** Whether a lookup that left the range below 64 ended the block. */
export function endsBlock(k: number): boolean {
  return k === 64 || (k > endOfBlock && k < endOfBlock + 64);
}

/**
 * All whole AC codes, with their values, in the next 12 bits: advance of k << 4 | bits used. Made to find the end of a block: no
 * value is looked at.
 */
export const skipTable = remembered((ac: HuffmanSpec): Uint16Array => {
  const { short } = symbolTable(ac);
  const table = new Uint16Array(windows);
  for (let window = 0; window < windows; window++) {
    const run = skipCodes(short, window, 0, 63);
    table[window] = (run & 15) === 0 ? notHere << 4 : run;
  }
  return table;
});

/**
 * From the start of a block, a DC code with its difference and all whole AC codes behind it: difference << 16 | bits of the DC code
 * and difference << 12 | k << 4 | bits used; k counts as above. 0 where the DC code and its difference need more than 12 bits.
 */
export const blockTable = remembered((dc: HuffmanSpec, ac: HuffmanSpec): Int32Array => {
  const dcCodes = symbolTable(dc).short;
  const acCodes = symbolTable(ac).short;
  const table = new Int32Array(windows);
  for (let window = 0; window < windows; window++) {
    const code = dcCodes[window];
    const size = code & 255;
    const used = (code >> 8) + size;
    if (code === 0 || used > windowBits) continue;
    const difference = signedValue(window << (windowShift + (code >> 8)), size);
    table[window] = (difference << 16) | (used << 12) | (skipCodes(acCodes, window, used, 62) + (1 << 4));
  }
  return table;
});

/** One AC code with its value: value << 16 | advance of k << 4 | bits used; an advance counts the coefficient itself. */
export const coefficientTable = remembered((ac: HuffmanSpec): Int32Array => {
  const { short } = symbolTable(ac);
  const table = new Int32Array(windows);
  for (let window = 0; window < windows; window++) {
    const code = short[window];
    const size = code & 15;
    const used = (code >> 8) + size;
    const advance = advanceOf(code & 255);
    table[window] =
      code === 0 || used > windowBits || advance === 0
        ? notHere << 4
        : (signedValue(window << (windowShift + (code >> 8)), size) << 16) | (advance << 4) | used;
  }
  return table;
});

/** By symbol: code << 5 | length, or 0 for a symbol without a code. */
export const codeTable = remembered((spec: HuffmanSpec): Int32Array => {
  const codes = new Int32Array(256);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = spec.counts[length - 1]; i > 0; i--, code++) codes[spec.symbols[place++]] = (code << 5) | length;
    code <<= 1;
  }
  return codes;
});

/** The value whose `size` bits (0 to 16) are the top bits of `bits` (EXTEND, F.2.2.1). */
export function signedValue(bits: number, size: number): number {
  return ((bits >>> 1) >>> (31 - size)) + ((~bits >> 31) & (1 - (1 << size)));
}

/** How many coefficients an AC symbol stands for (F.1.2.2.1), EOB as endOfBlock; 0 where a sequential scan may not have it. */
export function advanceOf(symbol: number): number {
  if ((symbol & 15) !== 0 || symbol === 0xf0) return (symbol >> 4) + 1;
  return symbol === 0 ? endOfBlock : 0;
}

/** Whole AC codes of a 12-bit window behind its first `used` bits, up to an advance of `most`: advance << 4 | bits used, those included. */
function skipCodes(short: Uint16Array, window: number, used: number, most: number): number {
  let k = 0;
  while (used < windowBits) {
    const code = short[(window << used) & (windows - 1)];
    const next = used + (code >> 8) + (code & 15);
    const advance = advanceOf(code & 255);
    // bits beyond the window read as zeros: a code counts only if all of it lies within
    if (code === 0 || next > windowBits || advance === 0) break;
    if (advance === endOfBlock) return ((k + endOfBlock) << 4) | next;
    if (k + advance > most) break;
    k += advance;
    used = next;
  }
  return (k << 4) | used;
}

/**
 * Tables are kept by content: nearly all tiles of a slide share two or four. A slide whose every tile has its own (optimised) ones
 * would fill the memory, so the store is emptied when it holds 64.
 */
function remembered<Specs extends readonly HuffmanSpec[], T>(build: (...specs: Specs) => T): (...specs: Specs) => T {
  const store = new Map<string, T>();
  return (...specs) => {
    const key = specs.length === 1 ? specs[0].key : specs.map((spec) => spec.key).join('|');
    let table = store.get(key);
    if (!table) {
      if (store.size >= 64) store.clear();
      table = build(...specs);
      store.set(key, table);
    }
    return table;
  };
}
