// A stream from its quantised coefficients, without loss (ITU-T T.81, F.1.2).
import { BitWriter, magnitudeBits } from './bit-writer.js';
import type { JpegHeader } from './header.js';
import { codeTable } from './huffman-table.js';
import { layOutScan, oncePerHeader } from './scan-layout.js';
import { writeHeader } from './write-header.js';

/**
 * A complete stream of these coefficients (laid out as decodeCoefficients answers them) with the header's size, tables and restart
 * interval. Undefined where a value has no code in the tables; those of annex K have one for each DC difference of -2047 to 2047 and
 * AC value of -1023 to 1023.
 */
export function encodeCoefficients(coefficients: Int16Array, header: JpegHeader): Uint8Array | undefined {
  const { mcus, interval, blockCounts } = layOutScan(header);
  if (coefficients.length !== 64 * mcus * header.blocksPerMcu) {
    throw new RangeError(`expected ${64 * mcus * header.blocksPerMcu} coefficients, got ${coefficients.length}`);
  }
  const { dcCodes, acCodes } = codingTables(header);
  const componentCount = blockCounts.length;
  const predictions = new Int32Array(componentCount);
  writer.discard();
  const aligned = coefficients.byteOffset % 4 === 0 ? coefficients : coefficients.slice();
  const pairs = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
  let base = 0;
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (mcu > 0 && mcu % interval === 0) {
      writer.restart(mcu / interval - 1);
      predictions.fill(0);
    }
    for (let c = 0; c < componentCount; c++) {
      const blocks = blockCounts[c];
      for (let block = 0; block < blocks; block++, base += 64) {
        const dc = coefficients[base];
        if (!putBlock(writer, coefficients, pairs, base, dc - predictions[c], dcCodes[c], acCodes[c])) return undefined;
        predictions[c] = dc;
      }
    }
  }
  return writer.finish(writeHeader(header));
}

/** Bounded by the longest scan ever encoded here. */
const writer = new BitWriter();

/** F.1.2.1 and F.1.2.2; false where a code is missing. */
function putBlock(
  writer: BitWriter,
  coefficients: Int16Array,
  pairs: Int32Array,
  base: number,
  difference: number,
  dcCodes: Int32Array,
  acCodes: Int32Array,
): boolean {
  writer.reserve(2048);
  if (!writer.putDifference(dcCodes, difference)) return false;
  // most coefficients are 0, so they are passed over two at a time
  let run = 0;
  const end = base + 64;
  for (let at = base + 1; at < end; at++) {
    if ((at & 1) === 0) {
      while (at < end && pairs[at >> 1] === 0) {
        run += 2;
        at += 2;
      }
      if (at === end) break;
    }
    const value = coefficients[at];
    if (value === 0) {
      run++;
      continue;
    }
    while (run > 15) {
      if (!writer.putCode(acCodes[0xf0])) return false;
      run -= 16;
    }
    const size = magnitudeBits(value);
    if (size > 15 || !writer.putValue(acCodes[(run << 4) | size], value, size)) return false;
    run = 0;
  }
  return run === 0 || writer.putCode(acCodes[0]);
}

/** Codes by symbol of the header's tables, one a component. */
export const codingTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  return { dcCodes: dcTables.map((table) => codeTable(table)), acCodes: acTables.map((table) => codeTable(table)) };
});
