// Where each MCU of a scan begins and what its DC values are: all that is needed to copy MCUs from scan to scan (ITU-T T.81, F.2.2).
// The kernel of kernels/assembly/index-scan.ts finds the same.
import type { JpegHeader } from './header.js';
import { advanceOf, blockTable, endsBlock, signedValue, skipTable, windowShift } from './huffman-table.js';
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
 * Memory: the scan again, and per MCU and component 4 bytes of `starts` and 4 of DC values: 24 bytes for each MCU of a colour stream.
 */
export type ScanIndex = {
  /** The unstuffed scan (see ScanWords), with one word or more behind its last bit. */
  readonly words: Int32Array;
  readonly mcus: number;
  readonly componentCount: number;
  /** [MCU][component]: bit where the component's first block of the MCU begins, with its DC code. */
  readonly starts: Int32Array;
  /** [MCU][component]: quantised DC value of the component's first and of its last block in the MCU. */
  readonly firstDc: Int16Array;
  readonly lastDc: Int16Array;
  /** MCUs between restarts; all of them where there are none. */
  readonly interval: number;
  /** By restart interval: the bit behind its last MCU. */
  readonly intervalEnds: Int32Array;
};

/** See indexScan; without WebAssembly. */
export function indexPlainly(bytes: Uint8Array, header: JpegHeader): ScanIndex {
  const layout = layOutScan(header);
  const scan = unstuffScan(bytes, header.scanStart);
  expectScanOf(layout, scan);
  const { mcus, interval, blockCounts, dcSymbols, acSymbols } = layout;
  const { words, bits, segmentStarts } = scan;
  const { blockTables, skipTables } = indexTables(header);
  const componentCount = blockCounts.length;

  const starts = new Int32Array(mcus * componentCount);
  const firstDc = new Int16Array(mcus * componentCount);
  const lastDc = new Int16Array(mcus * componentCount);
  const intervalEnds = new Int32Array(segmentStarts.length);
  const predictions = new Int32Array(componentCount);
  let position = 0;
  let restart = 0;
  let at = 0;
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (mcu === (restart + 1) * interval) {
      expectPadding(words, position, segmentStarts[restart + 1]);
      intervalEnds[restart++] = position;
      position = segmentStarts[restart];
      predictions.fill(0);
    }
    for (let c = 0; c < componentCount; c++, at++) {
      const blockLookup = blockTables[c];
      const skipLookup = skipTables[c];
      const blocks = blockCounts[c];
      let dc = predictions[c];
      starts[at] = position;
      for (let block = 0; block < blocks; block++) {
        let word = position >>> 5;
        let shift = position & 31;
        let window = (words[word] << shift) | ((words[word + 1] >>> 1) >>> (31 - shift));

        // the DC code and whatever whole AC codes 12 bits hold
        const start = blockLookup[window >>> windowShift];
        let k = 1;
        if (start !== 0) {
          dc += start >> 16;
          k = (start >>> 4) & 255;
          position += start & 15;
        } else {
          const code = expectDcCode(dcSymbols[c], window);
          dc += signedValue(window << (code >> 8), code & 15);
          position += (code >> 8) + (code & 15);
        }
        if ((dc << 16) >> 16 !== dc) throw damagedScan('a DC value beyond 16 bits');
        if (block === 0) firstDc[at] = dc;

        // AC codes, as many at a time as 12 bits hold
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
      lastDc[at] = dc;
      predictions[c] = dc;
    }
  }
  expectPadding(words, position, bits);
  intervalEnds[restart] = position;
  return { words, mcus, componentCount, starts, firstDc, lastDc, interval, intervalEnds };
}

const indexTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  return {
    blockTables: dcTables.map((dc, c) => blockTable(dc, acTables[c])),
    skipTables: acTables.map((ac) => skipTable(ac)),
  };
});

/** The bit behind the last block of an MCU. */
export function endOfMcu({ starts, componentCount, interval, intervalEnds, mcus }: ScanIndex, mcu: number): number {
  const next = mcu + 1;
  return next === mcus || next % interval === 0
    ? intervalEnds[Math.floor(mcu / interval)]
    : starts[next * componentCount];
}
