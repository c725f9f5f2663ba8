// Scans put together by WebAssembly: what assembleScan gives where all have the same Huffman tables, bit for bit.
import type { McuRun, ScanSource } from '../assemble-scan.js';
import { codingTables } from '../encode-coefficients.js';
import type { JpegHeader } from '../header.js';
import type { ScanIndex } from '../scan-index.js';
import { layOutScan, oncePerHeader, sameHuffmanTables } from '../scan-layout.js';
import { Allotment, layHeader, scanKernels } from './scan-memory.js';

/** Codes for DC differences of up to 15 bits. */
const dcSizes = 16;
const recordFields = 7;
const endOfImage = [0xff, 0xd9];

/** See assembleScan, without flat runs; undefined where the plain code has to do it, or to tell that it can't be done. */
export function spliceByKernel(
  prefix: Uint8Array,
  header: JpegHeader,
  sources: readonly ScanSource[],
  runs: readonly McuRun[],
): Uint8Array | undefined {
  const target = layOutScan(header);
  const places = placesOf(runs);
  const used = [...places.keys()];
  if (!scanKernels || !used.every((source) => sameHuffmanTables(layOutScan(sources[source].header), target)))
    return undefined;
  const allotment = new Allotment();
  const records = new Int32Array(recordFields * used.length);
  // Every DC code may be as long as codes get, and bytes of all ones have another behind them
  let most = 8 * target.mcus * target.blockCounts.length + 4 * target.mcus + 64;
  for (const [source, place] of places) {
    const { index } = sources[source];
    most += 2 * index.words.byteLength;
    layRecord(index, allotment, records.subarray(recordFields * place));
  }
  const sourcesAt = allotment.take(records);
  const runsAt = allotment.take(runRecords(runs, places));
  const dcCodesAt = allotment.take(dcCodesOf(header));
  const scan = layHeader(header, allotment, most);
  if (scan === undefined) return undefined;
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

/** Fills the record of an index whose arrays lie where they are allotted. */
function layRecord(index: ScanIndex, to: Allotment, record: Int32Array): void {
  record[0] = to.take(index.words);
  record[1] = to.take(index.starts);
  record[2] = to.take(index.firstDc);
  record[3] = to.take(index.lastDc);
  record[4] = to.take(index.intervalEnds);
  record[5] = index.interval;
  record[6] = index.mcus;
}

/** [component][size]: codes as codeTable has them. */
const dcCodesOf = oncePerHeader((header) => {
  const { dcCodes } = codingTables(header);
  const codes = new Int32Array(dcSizes * dcCodes.length);
  for (const [c, table] of dcCodes.entries()) codes.set(table.subarray(0, dcSizes), dcSizes * c);
  return codes;
});
