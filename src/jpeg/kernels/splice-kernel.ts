// Scans put together by WebAssembly: what assembleScan gives where all have the same Huffman tables, bit for bit.
import type { McuRun } from '../assemble-scan.js';
import { codingTables } from '../coding-tables.js';
import type { JpegHeader } from '../header.js';
import { layOutScan, oncePerHeader, sameHuffmanTables } from '../scan-layout.js';
import { layIndex } from './scan-kernels.js';
import { Allotment, layHeader, scanKernels, scansAt } from './scan-memory.js';

/** Codes for DC differences of up to 15 bits. */
const dcSizes = 16;
const recordFields = 7;
const endOfImage = [0xff, 0xd9];

/** A stream whose MCUs are copied, complete or abbreviated. */
export type SplicedStream = { readonly bytes: Uint8Array; readonly header: JpegHeader };

/**
 * See assembleScan, without flat runs: indexes the scans that runs are of, and puts theirs together. Undefined where the plain code has
 * to do it, or to tell that it can't be done: where a scan is damaged, too.
 */
export function spliceByKernel(
  prefix: Uint8Array,
  header: JpegHeader,
  streams: readonly SplicedStream[],
  runs: readonly McuRun[],
): Uint8Array | undefined {
  const target = layOutScan(header);
  const places = placesOf(runs);
  const records = new Int32Array(recordFields * places.size);
  // Every DC code may be as long as codes get, and bytes of all ones have another behind them
  let most = 8 * target.mcus * target.blockCounts.length + 4 * target.mcus + 64;
  let end = scansAt;
  for (const [source, place] of places) {
    const stream = streams[source];
    const layout = layOutScan(stream.header);
    if (!sameHuffmanTables(layout, target)) return undefined;
    const index = layIndex(stream.bytes, stream.header, end);
    if (!index) return undefined;
    const { words, starts, firstDc, lastDc, intervalEnds, bits } = index;
    records.set([words, starts, firstDc, lastDc, intervalEnds, layout.interval, layout.mcus], recordFields * place);
    most += 8 * ((bits >>> 5) + 2);
    end = index.end;
  }
  const allotment = new Allotment(end);
  const sourcesAt = allotment.take(records);
  const runsAt = allotment.take(runRecords(runs, places));
  const dcCodesAt = allotment.take(dcCodesOf(header));
  const scan = layHeader(header, allotment, most);
  if (scan === undefined || !scanKernels) return undefined;
  const { memory, spliceScan } = scanKernels;
  const length = spliceScan(scan, sourcesAt, runsAt, runs.length, dcCodesAt, allotment.end);
  if (length < 0) return undefined;
  const bytes = new Uint8Array(prefix.length + length + endOfImage.length);
  bytes.set(prefix);
  bytes.set(new Uint8Array(memory.buffer, allotment.end, length), prefix.length);
  bytes.set(endOfImage, prefix.length + length);
  return bytes;
}

/** The sources that runs are of, and which record each gets. */
function placesOf(runs: readonly McuRun[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const { source } of runs) if (!places.has(source)) places.set(source, places.size);
  return places;
}

function runRecords(runs: readonly McuRun[], places: ReadonlyMap<number, number>): Int32Array {
  const records = new Int32Array(3 * runs.length);
  for (const [i, { source, first, count }] of runs.entries()) {
    records[3 * i] = places.get(source) as number;
    records[3 * i + 1] = first;
    records[3 * i + 2] = count;
  }
  return records;
}

/** [component][size]: codes as codeTable has them. */
const dcCodesOf = oncePerHeader((header) => {
  const { dcCodes } = codingTables(header);
  const codes = new Int32Array(dcSizes * dcCodes.length);
  for (const [c, table] of dcCodes.entries()) codes.set(table.subarray(0, dcSizes), dcSizes * c);
  return codes;
});
