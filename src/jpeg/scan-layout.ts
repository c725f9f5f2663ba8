// How a sequential interleaved scan is laid out: its MCUs, their blocks, its restart intervals (ITU-T T.81, A.2.3 and F.1.1.5).
import { SlideError } from '../errors.js';
import type { JpegHeader } from './header.js';
import type { HuffmanSpec } from './huffman-spec.js';
import { advanceOf, endOfBlock, nextSymbol, type SymbolTable, symbolTable } from './huffman-table.js';
import type { ScanWords } from './scan-words.js';

export type ScanLayout = {
  readonly mcus: number;
  /** Per component: blocks in an MCU, and its tables. */
  readonly blockCounts: readonly number[];
  readonly dcTables: readonly HuffmanSpec[];
  readonly acTables: readonly HuffmanSpec[];
  /** The same tables to take one code at a time from. */
  readonly dcSymbols: readonly SymbolTable[];
  readonly acSymbols: readonly SymbolTable[];
  /** MCUs between restarts; all of them where there are none. */
  readonly interval: number;
};

/**
 * Why the entropy core can't read streams of this header, or undefined where it can: it reads 8-bit Huffman-coded sequential scans
 * of all components.
 */
export function unreadableCoding(header: JpegHeader): string | undefined {
  const { process, precision, interleaved } = header;
  if (process !== 'baseline' && process !== 'extended') return `${process} coding`;
  if (precision !== 8) return `${precision}-bit samples`;
  return interleaved ? undefined : 'a scan for each component';
}

/** What `build` makes of a header, made once (equal headers are one object, see parseJpegHeader). */
export function oncePerHeader<T>(build: (header: JpegHeader) => T): (header: JpegHeader) => T {
  const store = new WeakMap<JpegHeader, T>();
  return (header) => {
    let made = store.get(header);
    if (made === undefined) {
      made = build(header);
      store.set(header, made);
    }
    return made;
  };
}

/** The layout of the header's scan. Throws `unsupported` where unreadableCoding has a reason, `damaged` for a size of 0. */
export const layOutScan = oncePerHeader((header): ScanLayout => {
  const reason = unreadableCoding(header);
  if (reason) throw new SlideError('unsupported', `the JPEG stream has ${reason}`);
  const mcus = header.mcuColumns * header.mcuRows;
  if (mcus === 0)
    throw new SlideError('damaged', `damaged JPEG stream: its size is ${header.width} x ${header.height}`);
  const { components, restartInterval } = header;
  const dcTables = components.map(({ dcTable }) => dcTable as HuffmanSpec);
  const acTables = components.map(({ acTable }) => acTable as HuffmanSpec);
  return {
    mcus,
    blockCounts: components.map(({ h, v }) => h * v),
    dcTables,
    acTables,
    dcSymbols: dcTables.map((table) => symbolTable(table)),
    acSymbols: acTables.map((table) => symbolTable(table)),
    interval: restartInterval === 0 ? mcus : Math.min(restartInterval, mcus),
  };
});

/** Whether codes of one scan mean the same in the other; tables are compared by content. */
export function sameHuffmanTables(a: ScanLayout, b: ScanLayout): boolean {
  return (
    a === b ||
    (a.dcTables.every(({ key }, c) => key === b.dcTables[c].key) &&
      a.acTables.every(({ key }, c) => key === b.acTables[c].key))
  );
}

/**
 * Throws `damaged` where a scan is too short for its MCUs (a block has at least two bits) or has the wrong number of restart markers.
 * Whatever is allocated per MCU is bounded by the length of the stream once this has passed.
 */
export function expectScanOf({ mcus, blockCounts, interval }: ScanLayout, { bits, segmentStarts }: ScanWords): void {
  const blocks = mcus * blockCounts.reduce((sum, count) => sum + count, 0);
  if (2 * blocks > bits) throw damagedScan(`${bits} bits for ${blocks} blocks`);
  const segments = Math.ceil(mcus / interval);
  if (segmentStarts.length !== segments)
    throw damagedScan(`${segmentStarts.length - 1} restart markers, expected ${segments - 1}`);
}

/**
 * Throws `damaged` where a restart interval that was read to `position` does not end at `end`: up to 7 bits of ones may fill its last
 * byte (F.1.2.3).
 */
export function expectPadding(words: Int32Array, position: number, end: number): void {
  const padding = end - position;
  const word = position >>> 5;
  const shift = position & 31;
  const window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
  if (padding < 0 || padding > 7 || (~window >>> 1) >>> (31 - padding) !== 0) {
    throw damagedScan(padding < 0 ? 'it is too short' : `its blocks end ${padding} bits before it does`);
  }
}

/** The DC code at the top of `window`, as nextSymbol has it; throws `damaged` where there is none. */
export function expectDcCode(table: SymbolTable, window: number): number {
  const code = nextSymbol(table, window);
  if (code === 0 || (code & 255) > 15) throw damagedScan('a DC code that its table does not have');
  return code;
}

/** The AC code at the top of `window` for coefficient k on; throws `damaged` where there is none, or where it passes the block's end. */
export function expectAcCode(table: SymbolTable, window: number, k: number): number {
  const code = nextSymbol(table, window);
  const advance = advanceOf(code & 255);
  if (code === 0 || advance === 0) throw damagedScan('an AC code that its table does not have');
  if (advance !== endOfBlock && k + advance > 64) throw damagedScan('a block of more than 64 coefficients');
  return code;
}

export function damagedScan(problem: string): SlideError {
  return new SlideError('damaged', `damaged JPEG scan: ${problem}`);
}
