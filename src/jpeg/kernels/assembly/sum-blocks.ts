// Sums a band of coefficients by cell: see ../../band-sums.ts, which says what and why.
import { bitsAt, Component, componentOf, forgetPredictions, isPadding, Scan } from './scan.js';
import { acCode, advanceOf, dcCode, endsBlock, signedValue } from './symbols.js';

/** k after an EOB right behind the DC code. */
const emptyBlock = 129;

/** How luma lies in the scan, and the cells that it is summed by: fields as ../scan-kernels.ts lays them. */
@unmanaged
export class Cells {
  component: i32;
  /** Luma blocks across an MCU; the MCU and the scan in pixels. */
  h: i32;
  mcuWidth: i32;
  mcuHeight: i32;
  scanWidth: i32;
  /** What counts, in pixels, and cells in a row. */
  width: i32;
  height: i32;
  columns: i32;
  /** A pixel's place shifted by this is that of its cell. */
  cellShift: i32;
  /** By k as lookups leave it, 256 of 32 bits; the last zigzag index of the band. */
  weights: usize;
  last: i32;
  /** The coefficientTable of luma. */
  coefficients: usize;
  /** By cell, 32-bit floats. */
  scores: usize;
  luma: usize;
}

/** Adds to `scores` and `luma`; false where the scan is damaged. */
export function sumBlocks(scan: Scan, cells: Cells): bool {
  const words = scan.words;
  let position = 0;
  let restart = 0;
  let left = 0;
  let top = 0;
  forgetPredictions(scan);
  for (let mcu = 0; mcu < scan.mcus; mcu++) {
    if (mcu === (restart + 1) * scan.interval) {
      const end = load<i32>(scan.segmentStarts + (++restart << 2));
      if (!isPadding(words, position, end)) return false;
      position = end;
      forgetPredictions(scan);
    }
    for (let c = 0; c < scan.componentCount; c++) {
      const component = componentOf(scan, c);
      for (let block = 0; block < component.blocks; block++) {
        if (c === cells.component) {
          const x = left + 8 * (block % cells.h);
          const y = top + 8 * (block / cells.h);
          position = sumBlock(words, position, component, cells, x, y);
        } else {
          position = skipBlock(words, position, component);
        }
        if (position < 0 || position > scan.bits) return false;
      }
    }
    left += cells.mcuWidth;
    if (left >= cells.scanWidth) {
      left = 0;
      top += cells.mcuHeight;
    }
  }
  return isPadding(words, position, scan.bits);
}

/** Sums a luma block at x and y; answers where it ends, -1 where it is damaged. */
function sumBlock(words: usize, position: i32, component: Component, cells: Cells, x: i32, y: i32): i32 {
  const weights = cells.weights;
  const last = cells.last;
  const coefficients = cells.coefficients;
  let buffer = bitsAt(words, position);
  let dc = component.prediction;
  let k = 1;
  const start = load<i32>(component.blockTable + ((<usize>(buffer >>> 52)) << 2));
  if ((start & 0xff0) === emptyBlock << 4) {
    dc += start >> 16;
    position += start & 15;
    k = emptyBlock;
  } else if (start !== 0) {
    dc += start >> 16;
    position += (start >>> 12) & 15;
  } else {
    const code = dcCode(component.dcSymbols, <u32>(buffer >>> 32));
    if (code === 0) return -1;
    dc += signedValue(<u32>((buffer << (code >> 8)) >>> 32), code & 15);
    position += (code >> 8) + (code & 15);
  }
  if ((dc << 16) >> 16 !== dc) return -1;
  component.prediction = dc;

  let sum: i64 = 0;
  while (k <= last) {
    buffer = bitsAt(words, position);
    const value = load<i32>(coefficients + ((<usize>(buffer >>> 52)) << 2));
    const next = k + ((value >>> 4) & 255);
    if (next <= 64 || endsBlock(next)) {
      sum += abs<i32>(value >> 16) * load<i32>(weights + (next << 2));
      k = next;
      position += value & 15;
    } else {
      const code = acCode(component.acSymbols, <u32>(buffer >>> 32), k);
      if (code === 0) return -1;
      k += advanceOf(code & 255);
      const size = code & 15;
      const found = abs<i32>(signedValue(<u32>((buffer << (code >> 8)) >>> 32), size));
      sum += <i64>found * load<i32>(weights + (k << 2));
      position += (code >> 8) + size;
    }
  }
  if (x < cells.width && y < cells.height) {
    const cell = ((y >> cells.cellShift) * cells.columns + (x >> cells.cellShift)) << 2;
    const score = cells.scores + cell;
    store<f32>(score, <f32>(<f64>load<f32>(score) + <f64>sum));
    const mean = cells.luma + cell;
    store<f32>(mean, <f32>(<f64>load<f32>(mean) + <f64>dc));
  }
  return skipRest(words, position, component, k);
}

/** Where a block ends that nobody looks at, -1 where it is damaged. */
function skipBlock(words: usize, position: i32, component: Component): i32 {
  const buffer = bitsAt(words, position);
  const start = load<i32>(component.blockTable + ((<usize>(buffer >>> 52)) << 2));
  if (start !== 0) return skipRest(words, position + (start & 15), component, (start >>> 4) & 255);
  const code = dcCode(component.dcSymbols, <u32>(buffer >>> 32));
  return code === 0 ? -1 : skipRest(words, position + (code >> 8) + (code & 15), component, 1);
}

/** Where a block ends whose coefficients from k on lie at a position, -1 where it is damaged. */
function skipRest(words: usize, position: i32, component: Component, k: i32): i32 {
  const skipTable = component.skipTable;
  while (k < 64) {
    const buffer = bitsAt(words, position);
    const skip = <i32>load<u16>(skipTable + ((<usize>(buffer >>> 52)) << 1));
    const next = k + (skip >>> 4);
    if (next < 64 || endsBlock(next)) {
      k = next;
      position += skip & 15;
    } else {
      const code = acCode(component.acSymbols, <u32>(buffer >>> 32), k);
      if (code === 0) return -1;
      k += advanceOf(code & 255);
      position += (code >> 8) + (code & 15);
    }
  }
  return position;
}
