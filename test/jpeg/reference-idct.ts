// The slow, obvious inverse transform: pixels of each component from quantised coefficients (ITU-T T.81, A.3.3 and A.3.6).
import type { JpegHeader } from '../../src/jpeg/header.js';

/** Natural (row-major) place of each zigzag index (T.81, figure 5), walked along the diagonals. */
const natural = Array.from({ length: 64 }, (_, i) => ({ x: i % 8, y: i >> 3 }))
  .sort((a, b) => a.x + a.y - (b.x + b.y) || ((a.x + a.y) % 2 === 0 ? a.x - b.x : b.x - a.x))
  .map(({ x, y }) => 8 * y + x);

const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const frequency = i % 8;
  return Math.cos(((2 * (i >> 3) + 1) * frequency * Math.PI) / 16) * (frequency === 0 ? Math.SQRT1_2 : 1);
});

/** Samples of one component at its own resolution, whole MCUs, before rounding: `width` a row. */
export function samplesOfComponent(
  coefficients: Int16Array,
  header: JpegHeader,
  component: number,
): { readonly width: number; readonly height: number; readonly data: Float64Array } {
  const { components, mcuColumns, mcuRows, blocksPerMcu } = header;
  const { h, v, quantTable } = components[component];
  const before = components.slice(0, component).reduce((sum, other) => sum + other.h * other.v, 0);
  const width = 8 * h * mcuColumns;
  const height = 8 * v * mcuRows;
  const data = new Float64Array(width * height);
  for (let mcu = 0; mcu < mcuColumns * mcuRows; mcu++) {
    for (let block = 0; block < h * v; block++) {
      const base = 64 * (mcu * blocksPerMcu + before + block);
      const block64 = inverse(coefficients.subarray(base, base + 64), quantTable);
      const left = 8 * ((mcu % mcuColumns) * h + (block % h));
      const top = 8 * (Math.floor(mcu / mcuColumns) * v + Math.floor(block / h));
      for (let i = 0; i < 64; i++) data[(top + (i >> 3)) * width + left + (i % 8)] = block64[i];
    }
  }
  return { width, height, data };
}

function inverse(zigzag: Int16Array, quantTable: Uint16Array): Float64Array {
  const frequencies = new Float64Array(64);
  for (let k = 0; k < 64; k++) frequencies[natural[k]] = zigzag[k] * quantTable[k];
  const rows = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      for (let u = 0; u < 8; u++) rows[8 * v + x] += (frequencies[8 * v + u] * cosines[8 * x + u]) / 2;
    }
  }
  const samples = new Float64Array(64);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 128;
      for (let v = 0; v < 8; v++) sum += (rows[8 * v + x] * cosines[8 * y + v]) / 2;
      samples[8 * y + x] = sum;
    }
  }
  return samples;
}
