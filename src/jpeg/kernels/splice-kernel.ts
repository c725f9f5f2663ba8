// Scans put together by WebAssembly: what assembleScan gives where all have the same Huffman tables, bit for bit.
import type { McuRun, ScanSource } from '../assemble-scan.js';
import { codingTables } from '../encode-coefficients.js';
import type { JpegHeader } from '../header.js';
import type { ScanIndex } from '../scan-index.js';
import { layOutScan, sameHuffmanTables } from '../scan-layout.js';
import { Allotment, layHeader, scanKernels } from './scan-memory.js';

/** Codes for DC differences of up to 15 bits. */
const dcSizes = 16;
const endOfImage = [0xff, 0xd9];

/** See assembleScan, without flat runs; undefined where the plain code has to do it, or to tell that it can't be done. */
export function spliceByKernel(
  prefix: Uint8Array,
  header: JpegHeader,
  sources: readonly ScanSource[],
  runs: readonly McuRun[],
): Uint8Array | undefined {
  const target = layOutScan(header);
  const used = [...new Set(runs.map(({ source }) => source))];
  if (!scanKernels || !used.every((source) => sameHuffmanTables(layOutScan(sources[source].header), target)))
    return undefined;
  const indices = used.map((source) => sources[source].index);
  const entries = target.mcus * target.blockCounts.length;
  // A byte may need another behind it, and every DC code may be as long as codes get
  const most = indices.reduce((sum, { words }) => sum + 2 * words.byteLength, 0) + 8 * entries + 4 * target.mcus + 64;
  const allotment = new Allotment();
  const records = indices.map((index) => recordOf(index, allotment));
  const places = new Map(used.map((source, i) => [source, i]));
  const runsAt = allotment.take(
    Int32Array.from(runs.flatMap(({ source, first, count }) => [places.get(source) as number, first, count])),
  );
  const sourcesAt = allotment.take(Int32Array.from(records.flat()));
  const dcCodesAt = allotment.take(
    Int32Array.from(codingTables(header).dcCodes.flatMap((codes) => [...codes.subarray(0, dcSizes)])),
  );
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

/** The record of an index whose arrays lie where they are allotted. */
function recordOf(
  { words, starts, firstDc, lastDc, intervalEnds, interval, mcus }: ScanIndex,
  to: Allotment,
): number[] {
  return [to.take(words), to.take(starts), to.take(firstDc), to.take(lastDc), to.take(intervalEnds), interval, mcus];
}
