// The entropy core by WebAssembly: what the plain code gives, bit for bit, and nothing where it would throw.
import type { BandRequest, BandSums } from '../band-sums.js';
import type { JpegHeader } from '../header.js';
import type { ScanIndex } from '../scan-index.js';
import { layOutScan } from '../scan-layout.js';
import { acSymbolsOf, cellsAt, coefficientsAt, layScan, scanKernels, weightsAt } from './scan-memory.js';

/** The index of a scan where the kernels have laid it: addresses of what ScanIndex has by these names. */
export type LaidIndex = {
  readonly words: number;
  readonly starts: number;
  readonly firstDc: number;
  readonly lastDc: number;
  readonly intervalEnds: number;
  readonly bits: number;
  readonly segments: number;
  /** Behind them all. */
  readonly end: number;
};

/** Indexes a scan in the memory of the kernels, from an address on; undefined where the plain code has to do it, see indexByKernel. */
export function layIndex(bytes: Uint8Array, header: JpegHeader, at?: number): LaidIndex | undefined {
  const { mcus, interval, blockCounts } = layOutScan(header);
  const entries = mcus * blockCounts.length;
  const laid = layScan(bytes, header, 8 * entries + 4 * Math.ceil(mcus / interval), at);
  if (!laid || !scanKernels) return undefined;
  const { words, bits, segments, end } = laid;
  const starts = laid.results;
  const intervalEnds = starts + 4 * entries;
  const firstDc = intervalEnds + 4 * segments;
  const lastDc = firstDc + 2 * entries;
  if (!scanKernels.indexScan(laid.scan, starts, firstDc, lastDc, intervalEnds)) return undefined;
  return { words, starts, firstDc, lastDc, intervalEnds, bits, segments, end };
}

/** See indexScan; undefined where the plain code has to do it, or to explain why it can't be done. */
export function indexByKernel(bytes: Uint8Array, header: JpegHeader): ScanIndex | undefined {
  const laid = layIndex(bytes, header);
  if (!laid || !scanKernels) return undefined;
  const { mcus, interval, blockCounts } = layOutScan(header);
  const componentCount = blockCounts.length;
  const entries = mcus * componentCount;
  const { buffer } = scanKernels.memory;
  return {
    words: new Int32Array(buffer, laid.words, (laid.bits >>> 5) + 2).slice(),
    mcus,
    componentCount,
    starts: new Int32Array(buffer, laid.starts, entries).slice(),
    firstDc: new Int16Array(buffer, laid.firstDc, entries).slice(),
    lastDc: new Int16Array(buffer, laid.lastDc, entries).slice(),
    interval,
    intervalEnds: new Int32Array(buffer, laid.intervalEnds, laid.segments).slice(),
  };
}

/** The header whose table of coefficients lies in the memory. */
let laidCoefficients: JpegHeader | undefined;

/** See sumBands; undefined where the plain code has to do it, or to explain why it can't be done. */
export function sumByKernel(bytes: Uint8Array, header: JpegHeader, request: BandRequest): BandSums | undefined {
  const { component, weights, last, width, height, columns, rows, cellSize } = request;
  const count = columns * rows;
  const laid = layScan(bytes, header, 8 * count);
  if (!laid || !scanKernels) return undefined;
  const { memory, buildCoefficients, sumBlocks } = scanKernels;
  const { buffer } = memory;
  if (laidCoefficients !== header) {
    buildCoefficients(acSymbolsOf(memory, component), coefficientsAt);
    laidCoefficients = header;
  }
  new Int32Array(buffer, weightsAt).set(weights);
  const { mcuWidth, mcuHeight, mcuColumns, components } = header;
  const scores = laid.results;
  const luma = scores + 4 * count;
  new Int32Array(buffer, cellsAt).set([
    component,
    components[component].h,
    mcuWidth,
    mcuHeight,
    mcuWidth * mcuColumns,
    width,
    height,
    columns,
    Math.log2(cellSize),
    weightsAt,
    last,
    coefficientsAt,
    scores,
    luma,
  ]);
  const sums = new Float32Array(buffer, scores, 2 * count).fill(0);
  if (!sumBlocks(laid.scan, cellsAt)) return undefined;
  return { scores: sums.slice(0, count), luma: sums.slice(count) };
}
