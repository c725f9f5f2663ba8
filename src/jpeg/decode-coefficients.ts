// All quantised coefficients of a scan (ITU-T T.81, F.2.2).
import type { JpegHeader } from './header.js';
import {
  advanceOf,
  blockTable,
  coefficientTable,
  endOfBlock,
  endsBlock,
  signedValue,
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

/**
 * The coefficients of a stream whose header was parsed (with the tables it relies on): 64 values a block in zigzag order, the DC
 * value itself first; blocks in the order of the scan, which is MCU by MCU, component by component, row by row. Memory: at most
 * 512 times the scan. Throws as indexScan does.
 */
export function decodeCoefficients(bytes: Uint8Array, header: JpegHeader): Int16Array {
  const layout = layOutScan(header);
  const scan = unstuffScan(bytes, header.scanStart);
  expectScanOf(layout, scan);
  const { mcus, interval, blockCounts, dcSymbols, acSymbols } = layout;
  const { words, bits, segmentStarts } = scan;
  const { blockTables, coefficientTables } = decodingTables(header);
  const componentCount = blockCounts.length;

  const coefficients = new Int16Array(64 * mcus * header.blocksPerMcu);
  const predictions = new Int32Array(componentCount);
  let position = 0;
  let restart = 0;
  let base = 0;
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (mcu === (restart + 1) * interval) {
      expectPadding(words, position, segmentStarts[++restart]);
      position = segmentStarts[restart];
      predictions.fill(0);
    }
    for (let c = 0; c < componentCount; c++) {
      const blockLookup = blockTables[c];
      const values = coefficientTables[c];
      const blocks = blockCounts[c];
      let dc = predictions[c];
      for (let block = 0; block < blocks; block++, base += 64) {
        let word = position >>> 5;
        let shift = position & 31;
        let window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
        const start = blockLookup[window >>> windowShift];
        if (start !== 0) {
          dc += start >> 16;
          position += (start >>> 12) & 15;
        } else {
          const code = expectDcCode(dcSymbols[c], window);
          dc += signedValue(window << (code >> 8), code & 15);
          position += (code >> 8) + (code & 15);
        }
        if ((dc << 16) >> 16 !== dc) throw damagedScan('a DC value beyond 16 bits');
        coefficients[base] = dc;

        let k = 1;
        while (k < 64) {
          word = position >>> 5;
          shift = position & 31;
          window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));
          const value = values[window >>> windowShift];
          const next = k + ((value >>> 4) & 255);
          if (next <= 64) {
            coefficients[base + next - 1] = value >> 16;
            k = next;
            position += value & 15;
          } else if (endsBlock(next)) {
            k = next;
            position += value & 15;
          } else {
            const code = expectAcCode(acSymbols[c], window, k);
            const advance = advanceOf(code & 255);
            k += advance;
            if (advance !== endOfBlock) {
              coefficients[base + k - 1] = signedValue(window << (code >> 8), code & 15);
            }
            position += (code >> 8) + (code & 15);
          }
        }
        if (position > bits) throw damagedScan('it is too short');
      }
      predictions[c] = dc;
    }
  }
  expectPadding(words, position, bits);
  return coefficients;
}

const decodingTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  return {
    blockTables: dcTables.map((dc, c) => blockTable(dc, acTables[c])),
    coefficientTables: acTables.map((table) => coefficientTable(table)),
  };
});
