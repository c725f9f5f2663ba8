// The directories of a Hamamatsu NDPI file: TIFF with offsets of 64 bits, planes and levels told apart by private tags.
//
//   "II" 42, first directory (8 bytes) | count (2), entries of 12 bytes, next directory (8 bytes), then for each entry the high 32
//   bits of its value or offset (4 bytes). Values of up to 4 bytes stand in the entry, text never does; tags are in no order.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { withPages } from '../../bytes/paged-reader.js';
import { isSlideError, SlideError } from '../../errors.js';
import type { MicronsPerPixel } from '../../slide/geometry.js';
import type { JpegStrip } from '../../slide-source/single-stream/restart-segments.js';

export type NdpiDirectory = JpegStrip & {
  /** Magnification of this image; -1 the macro image, -2 a map of the scanned regions. */
  readonly magnification: number;
  /** Height above the middle plane. */
  readonly zUm: number;
  /** Which of several scanned regions. */
  readonly region: number;
  /** What the camera took: above 6, grey of more than 8 bits, whatever other tags say. */
  readonly captureMode: number;
  readonly compression: number;
  readonly micronsPerPixel: MicronsPerPixel | undefined;
  readonly dateTime: string | undefined;
};

const tag = {
  imageWidth: 256,
  imageLength: 257,
  compression: 259,
  stripOffsets: 273,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  resolutionUnit: 296,
  dateTime: 306,
  ndpi: 65420,
  magnification: 65421,
  zOffset: 65424,
  region: 65425,
  segmentStarts: 65426,
  segmentStartsHigh: 65432,
  captureMode: 65441,
} as const;

/** Bytes of a value by the code of its type (TIFF 6.0, section 2). */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
};
/** More planes x levels than any slide has. */
const maxDirectories = 10_000;
/** Text is short, but for a list of settings that is not read here. */
const longestText = 1024;

type Entry = { readonly type: number; readonly count: number; readonly low: number; readonly high: number };

/** Whether a file is NDPI: read so, its first directory has the tag that marks one. */
export async function isNdpi(reader: ByteReader): Promise<boolean> {
  if (reader.size < 12) return false;
  const head = viewOf(await reader.read(0, 12));
  if (head.getUint32(0, true) !== 0x002a_4949) return false;
  try {
    return (await readEntries(reader, offsetAt(head, 4))).entries.has(tag.ndpi);
  } catch (error) {
    // A plain TIFF has something else where NDPI has the high half of the offset.
    if (isSlideError(error, 'damaged')) return false;
    throw error;
  }
}

/** Every directory of the chain; `damaged` where it is cut off, loops or contradicts itself. */
export async function readNdpi(given: ByteReader): Promise<NdpiDirectory[]> {
  const reader = given.distant ? withPages(given) : given;
  const directories: NdpiDirectory[] = [];
  const visited = new Set<number>();
  for (let offset = offsetAt(viewOf(await reader.read(4, 8)), 0); offset !== 0; ) {
    if (visited.has(offset) || visited.size === maxDirectories) {
      throw damaged(
        reader,
        `the chain of directories ${visited.has(offset) ? 'returns to' : 'has no end at'} byte ${offset}`,
      );
    }
    visited.add(offset);
    const { entries, next } = await readEntries(reader, offset);
    directories.push(await toDirectory(reader, entries));
    offset = next;
  }
  if (directories.length === 0) throw damaged(reader, 'the file has no image');
  return directories;
}

async function readEntries(reader: ByteReader, offset: number) {
  const entries = new Map<number, Entry>();
  const count = viewOf(await reader.read(offset, 2)).getUint16(0, true);
  const view = viewOf(await reader.read(offset + 2, count * 16 + 8));
  for (let i = 0; i < count; i++) {
    const at = 12 * i;
    entries.set(view.getUint16(at, true), {
      type: view.getUint16(at + 2, true),
      count: view.getUint32(at + 4, true),
      low: view.getUint32(at + 8, true),
      high: view.getUint32(12 * count + 8 + 4 * i, true),
    });
  }
  return { entries, next: offsetAt(view, 12 * count) };
}

async function toDirectory(reader: ByteReader, entries: ReadonlyMap<number, Entry>): Promise<NdpiDirectory> {
  const numbers = (id: number) => readNumbers(reader, entries.get(id));
  const number = async (id: number, otherwise: number) => (await numbers(id))?.[0] ?? otherwise;
  const [width, height] = [await number(tag.imageWidth, 0), await number(tag.imageLength, 0)];
  if (!(width > 0 && height > 0)) throw damaged(reader, `an image of ${width} x ${height} pixels`);
  const strips = entries.get(tag.stripOffsets)?.count;
  if (strips !== undefined && strips !== 1) {
    const hint = 'convert it to OME-TIFF';
    throw new SlideError('unsupported', `has an image in ${strips} strips, where NDPI has one`, {
      file: reader.name,
      hint,
    });
  }
  const [stripOffset, stripBytes] = [await number(tag.stripOffsets, 0), await number(tag.stripByteCounts, 0)];
  if (stripOffset + stripBytes > reader.size) {
    throw damaged(reader, `its ${stripBytes} bytes at ${stripOffset} reach past the end of the file at ${reader.size}`);
  }
  const unitUm = { 2: 25_400, 3: 10_000 }[await number(tag.resolutionUnit, 2)];
  const [x, y] = [await number(tag.xResolution, 0), await number(tag.yResolution, 0)];
  const [low, high] = [await numbers(tag.segmentStarts), await numbers(tag.segmentStartsHigh)];
  return {
    width,
    height,
    magnification: await number(tag.magnification, 0),
    zUm: (await number(tag.zOffset, 0)) / 1000,
    region: await number(tag.region, 0),
    captureMode: await number(tag.captureMode, 0),
    compression: await number(tag.compression, 1),
    stripOffset,
    stripBytes,
    segmentStarts: low && Float64Array.from(low, (start, i) => start + 2 ** 32 * (high?.[i] ?? 0)),
    micronsPerPixel: unitUm !== undefined && x > 0 && y > 0 ? { x: unitUm / x, y: unitUm / y } : undefined,
    dateTime: await readText(reader, entries.get(tag.dateTime)),
  };
}

/** The values of an entry; one of 32 bits or fewer is widened by its high half where it is unsigned. */
async function readNumbers(reader: ByteReader, entry: Entry | undefined): Promise<Float64Array | undefined> {
  if (!entry) return undefined;
  const { type, count, low, high } = entry;
  const size = typeBytes[type];
  if (size === undefined || type === 2) return undefined;
  if (type === 4 && count === 1) return Float64Array.of(safe(reader, low, high));
  const length = size * count;
  const inline = new Uint8Array(Uint32Array.of(low).buffer);
  const view = viewOf(length <= 4 ? inline : await reader.read(safe(reader, low, high), length));
  return Float64Array.from({ length: count }, (_, i) => valueAt(view, type, i * size));
}

function valueAt(view: DataView, type: number, at: number): number {
  if (type === 3) return view.getUint16(at, true);
  if (type === 4) return view.getUint32(at, true);
  if (type === 5) return view.getUint32(at, true) / view.getUint32(at + 4, true);
  if (type === 8) return view.getInt16(at, true);
  if (type === 9) return view.getInt32(at, true);
  if (type === 10) return view.getInt32(at, true) / view.getInt32(at + 4, true);
  if (type === 11) return view.getFloat32(at, true);
  if (type === 12) return view.getFloat64(at, true);
  return type === 6 ? view.getInt8(at) : view.getUint8(at);
}

async function readText(reader: ByteReader, entry: Entry | undefined): Promise<string | undefined> {
  if (entry?.type !== 2 || entry.count > longestText) return undefined;
  const bytes = await reader.read(safe(reader, entry.low, entry.high), entry.count);
  return Buffer.from(bytes).toString('latin1').replace(/\0.*$/s, '') || undefined;
}

function offsetAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
}

function safe(reader: ByteReader, low: number, high: number): number {
  const value = low + 2 ** 32 * high;
  if (Number.isSafeInteger(value)) return value;
  throw damaged(reader, `a value or an offset of ${value}`);
}

function damaged({ name }: ByteReader, problem: string): SlideError {
  return new SlideError('damaged', problem, { file: name });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
