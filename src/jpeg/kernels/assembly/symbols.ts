// Codes that a lookup does not hold, one at a time: see ../../huffman-table.ts and ../../scan-layout.ts, which say what and why.

/** Where the parts of a SymbolTable lie behind its short codes. */
const limits = 4096 * 2;
const offsets = limits + 17 * 4;
const symbols = offsets + 17 * 4;

const endOfBlock = 128;

/** length << 8 | symbol, or 0. */
export function nextSymbol(table: usize, window: u32): i32 {
  const found = <i32>load<u16>(table + ((window >>> 20) << 1));
  if (found !== 0) return found;
  const code = <i32>(window >>> 16);
  for (let length = 13; length <= 16; length++) {
    if (code >= load<i32>(table + limits + (length << 2))) continue;
    const place = (code >>> (16 - length)) + load<i32>(table + offsets + (length << 2));
    return (length << 8) | <i32>load<u8>(table + symbols + place);
  }
  return 0;
}

/** The DC code at the top of `window`; 0 where there is none. */
export function dcCode(table: usize, window: u32): i32 {
  const code = nextSymbol(table, window);
  return (code & 255) > 15 ? 0 : code;
}

/** The AC code at the top of `window` for coefficient k on; 0 where there is none, or where it passes the block's end. */
export function acCode(table: usize, window: u32, k: i32): i32 {
  const code = nextSymbol(table, window);
  const advance = advanceOf(code & 255);
  if (code === 0 || advance === 0) return 0;
  return advance !== endOfBlock && k + advance > 64 ? 0 : code;
}

export function advanceOf(symbol: i32): i32 {
  if ((symbol & 15) !== 0 || symbol === 0xf0) return (symbol >> 4) + 1;
  return symbol === 0 ? endOfBlock : 0;
}

export function signedValue(bits: u32, size: i32): i32 {
  return <i32>((bits >>> 1) >>> (31 - size)) + ((<i32>~bits >> 31) & (1 - (1 << size)));
}

export function endsBlock(k: i32): bool {
  return k === 64 || (k > endOfBlock && k < endOfBlock + 64);
}
