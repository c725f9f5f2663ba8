// One pass over a scan that sums |dequantised AC| of luma blocks over a band of zigzag indices, by cell. No block is
// transformed back (Huffman codes: ITU-T T.81, F.2.2; zigzag order: A.3.6).
//
//     luma block    DC | 1  2  3 … 27 | 28 … 63        (band 3 to 27)
//                        one by one   | as many codes at a time as 12 bits hold
//     other blocks  DC | 1 …                   63
//                        as many codes at a time as 12 bits hold
//
// Weights are step sizes inside the band and 0 before it, so that no coefficient is asked where it lies. The kernel of
// kernels/assembly/sum-blocks.ts does the same.
import type { JpegHeader } from './header.js';
import {
  advanceOf,
  blockTable,
  coefficientTable,
  endOfBlock,
  endsBlock,
  signedValue,
  skipTable,
  windowShift,
} from './huffman-table.js';
import {
  damagedScan,
  expectAcCode,
  expectDcCode,
  expectPadding,
  expectScanOf,
  layOutScan,
  oncePerHeader,
} from './scan-layout.js';
import { unstuffScan } from './scan-words.js';

/** What is summed, and how the cells lie. */
export type BandRequest = {
  /** The component that luma is, by index: one of the finest in both directions. */
  readonly component: number;
  /** 256 step sizes or zeros, by k as lookups leave it: one more than the index of the coefficient, or beyond 128 behind an EOB. */
  readonly weights: Int32Array;
  /** The last zigzag index of the band. */
  readonly last: number;
  /** What counts, in pixels from the top left: blocks wholly beyond do not. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** The side of a cell in pixels: 8 or more, a power of 2. */
  readonly cellSize: number;
};

/** By cell, row-major: the sum of the band, and of quantised DC values. */
export type BandSums = { readonly scores: Float32Array; readonly luma: Float32Array };

/** Throws as indexScan does. */
export function sumBands(bytes: Uint8Array, header: JpegHeader, request: BandRequest): BandSums {
  const layout = layOutScan(header);
  const scan = unstuffScan(bytes, header.scanStart, scratch);
  expectScanOf(layout, scan);
  const { mcus, interval, blockCounts, dcSymbols, acSymbols } = layout;
  const { words, bits, segmentStarts } = scan;
  const { blockTables, skipTables, coefficientTables } = summingTables(header);
  const { component, weights, last, width, height, columns, rows, cellSize } = request;
  // a pixel's place shifted by this is that of its cell
  const cellShift = Math.log2(cellSize);
  const { mcuWidth, mcuHeight, mcuColumns } = header;
  const { h } = header.components[component];
  const coefficients = coefficientTables[component];
  const scores = new Float32Array(columns * rows);
  const luma = new Float32Array(columns * rows);
  // where the luma blocks of an MCU lie in it
  const lefts = Int32Array.from({ length: blockCounts[component] }, (_, block) => 8 * (block % h));
  const tops = Int32Array.from({ length: blockCounts[component] }, (_, block) => 8 * Math.floor(block / h));
  const scanWidth = mcuColumns * mcuWidth;
  let dc = 0;
  let position = 0;
  let restart = 0;
  let left = 0;
  let top = 0;
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (mcu === (restart + 1) * interval) {
      expectPadding(words, position, segmentStarts[++restart]);
      position = segmentStarts[restart];
      dc = 0;
    }
    for (let c = 0; c < blockCounts.length; c++) {
      const skipLookup = skipTables[c];
      const blocks = blockCounts[c];
      const blockLookup = blockTables[c];
      for (let block = 0; block < blocks; block++) {
        let word = position >>> 5;
        let shift = position & 31;
        let window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
        let k = 1;
        if (c === component) {
          const start = blockLookup[window >>> windowShift];
          if ((start & 0xff0) === emptyBlock << 4) {
            dc += start >> 16;
            position += start & 15;
            k = emptyBlock;
          } else if (start !== 0) {
            dc += start >> 16;
            position += (start >>> 12) & 15;
          } else {
            const code = expectDcCode(dcSymbols[c], window);
            dc += signedValue(window << (code >> 8), code & 15);
            position += (code >> 8) + (code & 15);
          }
          if ((dc << 16) >> 16 !== dc) throw damagedScan('a DC value beyond 16 bits');

          let sum = 0;
          while (k <= last) {
            word = position >>> 5;
            shift = position & 31;
            window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
            const value = coefficients[window >>> windowShift];
            const next = k + ((value >>> 4) & 255);
            if (next <= 64 || endsBlock(next)) {
              sum += Math.imul(((value >> 16) ^ (value >> 31)) - (value >> 31), weights[next]);
              k = next;
              position += value & 15;
            } else {
              const code = expectAcCode(acSymbols[c], window, k);
              k += advanceOf(code & 255);
              sum += Math.abs(signedValue(window << (code >> 8), code & 15)) * weights[k];
              position += (code >> 8) + (code & 15);
            }
          }
          const x = left + lefts[block];
          const y = top + tops[block];
          if (x < width && y < height) {
            const cell = (y >> cellShift) * columns + (x >> cellShift);
            scores[cell] += sum;
            luma[cell] += dc;
          }
        } else {
          const start = blockLookup[window >>> windowShift];
          if (start !== 0) {
            k = (start >>> 4) & 255;
            position += start & 15;
          } else {
            const code = expectDcCode(dcSymbols[c], window);
            position += (code >> 8) + (code & 15);
          }
        }

        while (k < 64) {
          word = position >>> 5;
          shift = position & 31;
          window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
          const skip = skipLookup[window >>> windowShift];
          const next = k + (skip >>> 4);
          if (next < 64 || endsBlock(next)) {
            k = next;
            position += skip & 15;
          } else {
            const code = expectAcCode(acSymbols[c], window, k);
            k += advanceOf(code & 255);
            position += (code >> 8) + (code & 15);
          }
        }
        if (position > bits) throw damagedScan('it is too short');
      }
    }
    left += mcuWidth;
    if (left >= scanWidth) {
      left = 0;
      top += mcuHeight;
    }
  }
  expectPadding(words, position, bits);
  return { scores, luma };
}

/** The scan being measured, where it fits: tiles have some KB. */
const scratch = new Int32Array(1 << 16);

/** k after an EOB right behind the DC code. */
const emptyBlock = 1 + endOfBlock;

const summingTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  return {
    blockTables: dcTables.map((dc, c) => blockTable(dc, acTables[c])),
    skipTables: acTables.map((ac) => skipTable(ac)),
    coefficientTables: acTables.map((ac) => coefficientTable(ac)),
  };
});
