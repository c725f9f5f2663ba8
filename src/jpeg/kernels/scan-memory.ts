// The memory of the kernels: a scan at a time, with the lookups of its header, which stay while headers are the same. Scans that are to
// be spliced lie one behind the other, with the index of each as its results.
//
//     components | scan | cells | coefficients | weights | lookups … | bytes of a scan | its words | segments | results | …
//                                                                    | … | indices, runs, codes | a spliced scan
import { growTo, loadKernels } from '../../system/load-kernels.js';
import type { JpegHeader } from '../header.js';
import type { SymbolTable } from '../huffman-table.js';
import { layOutScan } from '../scan-layout.js';
import { kernelsModule } from './kernels.wasm.js';

/** Addresses are bytes; see assembly/ for the records that they are of. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  readonly unstuffScan: (
    bytes: number,
    length: number,
    words: number,
    segmentStarts: number,
    mostSegments: number,
  ) => number;
  readonly buildLookups: (dcSymbols: number, acSymbols: number, blockTable: number, skipTable: number) => void;
  readonly buildCoefficients: (acSymbols: number, table: number) => void;
  readonly indexScan: (scan: number, starts: number, firstDc: number, lastDc: number, intervalEnds: number) => number;
  readonly spliceScan: (
    scan: number,
    sources: number,
    runs: number,
    runCount: number,
    dcCodes: number,
    target: number,
  ) => number;
  readonly sumBlocks: (scan: number, cells: number) => number;
};

export const scanKernels = loadKernels<Exports>(kernelsModule);

/** What kernels hold at most, in bytes: tiles take some tens of KB; a plane in one stream is left to the plain code. */
const mostBytes = 16 * 2 ** 20;
const mostComponents = 4;

const componentFields = 6;
const componentsAt = 64;
const scanAt = 192;
export const cellsAt = 256;
export const coefficientsAt = 1024;
export const weightsAt = coefficientsAt + 4 * 4096;
const lookupsAt = weightsAt + 4 * 256;

/** Bytes of the lookups of a pair of tables, one behind the other: blockTable, skipTable, then DC and AC symbols one by one. */
const blockBytes = 4 * 4096;
const skipBytes = 2 * 4096;
const symbolBytes = 2 * 4096 + 2 * 4 * 17 + 256;
const pairBytes = blockBytes + skipBytes + 2 * symbolBytes;
/** Where scans may lie. */
export const scansAt = lookupsAt + mostComponents * pairBytes;

/** Unstuffing stores 16 bytes at a time, and zeros behind the end: see assembly/unstuff-scan.ts. */
const beyondWords = 16 + 4 + 4 * 65;

export type LaidScan = {
  /** Addresses: of the record of the scan, of its words, of what is free for results. */
  readonly scan: number;
  readonly words: number;
  readonly results: number;
  readonly bits: number;
  readonly segments: number;
  /** Behind the results. */
  readonly end: number;
};

type Numbers = Int32Array | Int16Array;

/** Arrays that are to lie one behind the other in the memory, behind the scans that are there. */
export class Allotment {
  readonly arrays: { readonly at: number; readonly numbers: Numbers }[] = [];
  /** The address behind them. */
  end: number;

  constructor(start: number) {
    this.end = aligned(start);
  }

  /** Where an array is to lie. */
  take(numbers: Numbers): number {
    const at = this.end;
    this.arrays.push({ at, numbers });
    this.end = aligned(at + numbers.byteLength);
    return at;
  }
}

/**
 * Lays arrays into the memory of the kernels, with `bytes` of room behind them, and what a scan of this header is coded with: the
 * record of a scan without words. Undefined where that is too much.
 */
export function layHeader(header: JpegHeader, { arrays, end }: Allotment, bytes: number): number | undefined {
  if (!scanKernels) return undefined;
  const { mcus, interval, blockCounts } = layOutScan(header);
  if (blockCounts.length > mostComponents || end + bytes > mostBytes) return undefined;
  const { memory } = scanKernels;
  growTo(memory, end + bytes);
  layLookups(scanKernels, header);
  for (const { at, numbers } of arrays) {
    new Uint8Array(memory.buffer, at).set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  new Int32Array(memory.buffer, scanAt).set([0, 0, 0, componentsAt, blockCounts.length, mcus, interval]);
  return scanAt;
}

/** The header whose lookups lie in the memory. */
let laidHeader: JpegHeader | undefined;

/**
 * Unstuffs a scan into the memory of the kernels, from an address on, with room for `resultBytes` behind it. Undefined where it is too
 * large, and where it is damaged: the plain code says how. Throws as layOutScan does.
 */
export function layScan(
  bytes: Uint8Array,
  header: JpegHeader,
  resultBytes: number,
  at = scansAt,
): LaidScan | undefined {
  if (!scanKernels) return undefined;
  const { mcus, interval, blockCounts } = layOutScan(header);
  const length = bytes.length - header.scanStart;
  const segments = Math.ceil(mcus / interval);
  const words = aligned(at + length);
  const segmentStarts = aligned(words + length + beyondWords);
  const results = aligned(segmentStarts + 4 * (segments + 1));
  const end = aligned(results + resultBytes);
  if (length <= 0 || blockCounts.length > mostComponents || end > mostBytes) return undefined;
  const { memory, unstuffScan } = scanKernels;
  growTo(memory, end);
  layLookups(scanKernels, header);
  new Uint8Array(memory.buffer, at, length).set(bytes.subarray(header.scanStart));
  const bits = unstuffScan(at, length, words, segmentStarts, segments);
  const [found] = new Int32Array(memory.buffer, segmentStarts, 1);
  if (bits < 0 || found !== segments) return undefined;
  const record = [words, bits, segmentStarts + 4, componentsAt, blockCounts.length, mcus, interval];
  new Int32Array(memory.buffer, scanAt, record.length).set(record);
  return { scan: scanAt, words, results, bits, segments, end };
}

function layLookups({ memory, buildLookups }: Exports, header: JpegHeader): void {
  if (laidHeader === header) return;
  const { blockCounts, dcTables, acTables, dcSymbols, acSymbols } = layOutScan(header);
  const places = new Map<string, number>();
  for (const [c, blocks] of blockCounts.entries()) {
    const key = `${dcTables[c].key}|${acTables[c].key}`;
    const at = places.get(key) ?? lookupsAt + pairBytes * places.size;
    const dcAt = at + blockBytes + skipBytes;
    const acAt = dcAt + symbolBytes;
    if (!places.has(key)) {
      places.set(key, at);
      laySymbols(memory, dcAt, dcSymbols[c]);
      laySymbols(memory, acAt, acSymbols[c]);
      buildLookups(dcAt, acAt, at, at + blockBytes);
    }
    new Int32Array(memory.buffer, componentsAt + 4 * componentFields * c).set([
      blocks,
      at,
      at + blockBytes,
      dcAt,
      acAt,
    ]);
  }
  laidHeader = header;
}

/** Where the AC symbols of a component lie, one of the header laid last. */
export function acSymbolsOf({ buffer }: WebAssembly.Memory, component: number): number {
  const [, , , , acAt] = new Int32Array(buffer, componentsAt + 4 * componentFields * component, componentFields);
  return acAt;
}

function laySymbols(
  { buffer }: WebAssembly.Memory,
  at: number,
  { short, limits, offsets, symbols }: SymbolTable,
): void {
  new Uint16Array(buffer, at).set(short);
  new Int32Array(buffer, at + short.byteLength).set(limits);
  new Int32Array(buffer, at + short.byteLength + limits.byteLength).set(offsets);
  new Uint8Array(buffer, at + short.byteLength + limits.byteLength + offsets.byteLength).set(symbols);
}

/** The next address that any number may lie at. */
function aligned(address: number): number {
  return (address + 15) & ~15;
}
