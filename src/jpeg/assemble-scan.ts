// A scan put together from MCUs of other scans: their bits are copied, and only where the MCU before is another one than in the
// source are the DC differences coded anew (ITU-T T.81, F.1.1.5.1).
//
//     source  … | Y1 Y2 Y3 Y4 Cb Cr | Y1 Y2 Y3 Y4 Cb Cr | …     a run of two MCUs, 4:2:0
//                 ^^          ^^ ^^                             the DC codes that look at the MCU before: those of the
//                                                               first block of each component
//     result      *···········*··*·····················         * coded anew against the result's own DC values, · copied
//
// MCUs of a source whose Huffman tables are not the result's are recoded symbol by symbol; coefficients are never rebuilt.
import { BitWriter } from './bit-writer.js';
import { codingTables } from './coding-tables.js';
import type { JpegHeader } from './header.js';
import { advanceOf, nextSymbol, signedValue } from './huffman-table.js';
import { endOfMcu, type ScanIndex } from './scan-index.js';
import { layOutScan, type ScanLayout, sameHuffmanTables } from './scan-layout.js';

/** Where MCUs come from. */
export type ScanSource = { readonly header: JpegHeader; readonly index: ScanIndex };

/**
 * MCUs that follow one another in a source. A flat run has as many MCUs without any AC coefficient instead, whose blocks all have
 * the DC value of the last block of their component in MCU `first`.
 */
export type McuRun = {
  readonly source: number;
  readonly first: number;
  readonly count: number;
  readonly flat?: boolean;
};

/**
 * The stream of `prefix` (all before the scan, as `header` describes it) and of the runs' MCUs. All sources must have the sampling of
 * `header` and its quantisation. Undefined where a DC difference or an AC value has no code in the header's tables.
 */
export function assembleScan(
  prefix: Uint8Array,
  header: JpegHeader,
  sources: readonly ScanSource[],
  runs: Iterable<McuRun>,
): Uint8Array | undefined {
  const target = layOutScan(header);
  const { dcCodes, acCodes } = codingTables(header);
  const predictions = new Int32Array(target.blockCounts.length);
  let written = 0;
  writer.discard();
  for (const { source, first, count, flat } of runs) {
    const { index, header: sourceHeader } = sources[source];
    const layout = layOutScan(sourceHeader);
    const sameTables = sameHuffmanTables(layout, target);
    for (let done = 0; done < count; ) {
      if (written > 0 && written % target.interval === 0) {
        writer.restart(written / target.interval - 1);
        predictions.fill(0);
      }
      // a piece of the run within one restart interval of the result, and one of the source
      const mcu = flat ? first : first + done;
      const room = target.interval - (written % target.interval);
      const piece = Math.min(count - done, room, flat ? count : index.interval - (mcu % index.interval));
      const complete = flat
        ? putFlat(target, index, mcu, piece, predictions, dcCodes, acCodes)
        : sameTables
          ? copyMcus(layout, index, mcu, piece, predictions, dcCodes)
          : recodeMcus(layout, index, mcu, piece, predictions, dcCodes, acCodes);
      if (!complete) return undefined;
      done += piece;
      written += piece;
    }
  }
  return writer.finish(prefix);
}

/** Bounded by the longest scan ever assembled. */
const writer = new BitWriter();

/** Copies the bits of MCUs of one restart interval; answers false where a DC difference has no code. */
function copyMcus(
  { dcSymbols }: ScanLayout,
  index: ScanIndex,
  first: number,
  count: number,
  predictions: Int32Array,
  dcCodes: readonly Int32Array[],
): boolean {
  const { words, starts, firstDc, lastDc, componentCount } = index;
  const end = endOfMcu(index, first + count - 1);
  const at = first * componentCount;
  writer.reserve(end - starts[at] + 32 * componentCount);
  for (let c = 0; c < componentCount; c++) {
    if (!writer.putDifference(dcCodes[c], firstDc[at + c] - predictions[c])) return false;
    const start = starts[at + c];
    const code = nextSymbol(dcSymbols[c], bitsAt(words, start));
    writer.copy(words, start + (code >> 8) + (code & 255), c + 1 < componentCount ? starts[at + c + 1] : end);
    predictions[c] = lastDc[(first + count - 1) * componentCount + c];
  }
  return true;
}

/** Writes the symbols of MCUs of one restart interval with other codes; answers false where one has none. */
function recodeMcus(
  { dcSymbols, acSymbols, blockCounts }: ScanLayout,
  { words, starts, firstDc, componentCount }: ScanIndex,
  first: number,
  count: number,
  predictions: Int32Array,
  dcCodes: readonly Int32Array[],
  acCodes: readonly Int32Array[],
): boolean {
  let at = first * componentCount;
  let position = starts[at];
  for (let mcu = 0; mcu < count; mcu++) {
    for (let c = 0; c < componentCount; c++, at++) {
      const codes = acCodes[c];
      let dc = firstDc[at];
      for (let block = 0; block < blockCounts[c]; block++) {
        writer.reserve(blockBits);
        let window = bitsAt(words, position);
        let code = nextSymbol(dcSymbols[c], window);
        if (block > 0) dc += signedValue(window << (code >> 8), code & 255);
        position += (code >> 8) + (code & 255);
        if (!writer.putDifference(dcCodes[c], dc - predictions[c])) return false;
        predictions[c] = dc;

        for (let k = 1; k < 64; k += advanceOf(code & 255)) {
          window = bitsAt(words, position);
          code = nextSymbol(acSymbols[c], window);
          const length = code >> 8;
          const size = code & 15;
          const target = codes[code & 255];
          if (target === 0) return false;
          // code and value in one go: at most 16 + 15 bits
          writer.put(((target >> 5) << size) | (((window << length) >>> 1) >>> (31 - size)), (target & 31) + size);
          position += length + size;
        }
      }
    }
  }
  return true;
}

/** Writes MCUs without AC coefficients; answers false where the tables have no code for that. */
function putFlat(
  { blockCounts }: ScanLayout,
  { lastDc, componentCount }: ScanIndex,
  mcu: number,
  count: number,
  predictions: Int32Array,
  dcCodes: readonly Int32Array[],
  acCodes: readonly Int32Array[],
): boolean {
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < componentCount; c++) {
      const dc = lastDc[mcu * componentCount + c];
      for (let block = 0; block < blockCounts[c]; block++) {
        writer.reserve(blockBits);
        if (!writer.putDifference(dcCodes[c], dc - predictions[c]) || !writer.putCode(acCodes[c][0])) return false;
        predictions[c] = dc;
      }
    }
  }
  return true;
}

/** The most bits of a block: 64 codes of 16 bits with values of 15 bits. */
const blockBits = 64 * 31;

/** The 32 bits at a position (see ScanWords). */
function bitsAt(words: Int32Array, position: number): number {
  const word = position >>> 5;
  const shift = position & 31;
  return (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
}
