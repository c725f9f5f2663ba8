// Focus of a tile and of each cell of 16 pixels in it (a block of the depth map), from its quantised coefficients: the sum of
// |dequantised AC| of luma blocks over a band of zigzag indices. No block is transformed back (Huffman codes: ITU-T T.81, F.2.2;
// zigzag order: A.3.6).
//
// One pass over the scan:
//
//     luma block    DC | 1  2  3 … 27 | 28 … 63        (band 3 to 27)
//                        one by one   | as many codes at a time as 12 bits hold
//     other blocks  DC | 1 …                   63
//                        as many codes at a time as 12 bits hold
//
// Weights are step sizes inside the band and 0 before it, so that no coefficient is asked where it lies.
import { SlideError } from '../errors.js';
import { blockSize } from '../slide/depth-map.js';
import type { Size } from '../slide/geometry.js';
import { colourOf, type JpegHeader } from './header.js';
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

/** Zigzag indices, 1 to 63, both included. */
export type ZigzagBand = { readonly first: number; readonly last: number };

export type BlockFocus = {
  /** Cells as large as the blocks of a depth map, row-major; the last of a row or column may be narrower or lower. */
  readonly columns: number;
  readonly rows: number;
  /** Sum of all scores: the focus measure of the tile. */
  readonly total: number;
  readonly scores: Float32Array;
  /** Mean luma of each cell, from DC values: 0 to 255, give or take a quantisation step. */
  readonly luma: Float32Array;
};

/**
 * Measures the focus of a stream whose header was parsed (with the tables it relies on). `extent`: the part of the tile, from its
 * top left, that shows the image; blocks wholly beyond it do not count, and there are no cells for them. RGB streams are measured on
 * green. Throws as indexScan does, and `unsupported` for luma coarser than chroma or for 2 or 4 components.
 */
export function blockFocus(bytes: Uint8Array, header: JpegHeader, band: ZigzagBand, extent: Size = header): BlockFocus {
  const layout = layOutScan(header);
  const scan = unstuffScan(bytes, header.scanStart, scratch);
  expectScanOf(layout, scan);
  const { mcus, interval, blockCounts, dcSymbols, acSymbols } = layout;
  const { words, bits, segmentStarts } = scan;
  const { component, blockTables, skipTables, coefficients } = focusTables(header);
  const { mcuWidth, mcuHeight, mcuColumns } = header;
  const { h, quantTable } = header.components[component];
  const { first, last } = band;
  if (!(first >= 1 && first <= last && last <= 63))
    throw new RangeError(`expected a band within 1 to 63, got ${first} to ${last}`);
  // by k as lookups leave it: one more than the index of the coefficient, or beyond 128 behind an EOB
  const weights = new Int32Array(256);
  for (let k = first; k <= last; k++) weights[k + 1] = quantTable[k];

  const width = Math.min(extent.width, header.width);
  const height = Math.min(extent.height, header.height);
  const columns = Math.ceil(width / blockSize);
  const rows = Math.ceil(height / blockSize);
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

  let total = 0;
  for (let row = 0, cell = 0; row < rows; row++) {
    const blockRows = Math.ceil(Math.min(height - blockSize * row, blockSize) / 8);
    for (let column = 0; column < columns; column++, cell++) {
      const blocks = blockRows * Math.ceil(Math.min(width - blockSize * column, blockSize) / 8);
      // the DC value of a block is 8 times its mean, less 128 (A.3.1, A.3.3)
      luma[cell] = 128 + (luma[cell] * quantTable[0]) / (8 * blocks);
      total += scores[cell];
    }
  }
  return { columns, rows, total, scores, luma };
}

/** A pixel's place shifted by this is that of its cell. */
const cellShift = Math.log2(blockSize);

/** The scan being measured, where it fits: tiles have some KB. */
const scratch = new Int32Array(1 << 16);

/** k after an EOB right behind the DC code. */
const emptyBlock = 1 + endOfBlock;

const focusTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  const component = colourOf(header) === 'rgb' ? 1 : 0;
  const { h, v } = header.components[component];
  if (8 * h !== header.mcuWidth || 8 * v !== header.mcuHeight)
    throw new SlideError('unsupported', 'the JPEG stream has luma coarser than chroma');
  return {
    component,
    blockTables: dcTables.map((dc, c) => blockTable(dc, acTables[c])),
    skipTables: acTables.map((ac) => skipTable(ac)),
    coefficients: coefficientTable(acTables[component]),
  };
});
