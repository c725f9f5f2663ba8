// Where the frames of an instance lie (PS3.5, 8 and A.4): native frames one after the other, encapsulated ones in items, found by the
// extended offset table, by the basic one, or by walking from item to item. Memory: 12 bytes a frame.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import type { DataElement } from './data-set.js';
import type { DicomHeader } from './read-header.js';
import { tag } from './tags.js';

export type FrameTable = {
  /** Bytes of each frame. */
  readonly lengths: Uint32Array;
  /** The bytes of a frame; `damaged` where they are not what the tables say. */
  readonly read: (frame: number, signal?: AbortSignal) => Promise<Uint8Array>;
};

const itemHeader = 8;

const longestItem = 2 ** 32 - 2;

/** Item tag and delimiter as they stand in the file, low byte first, group by group. */
const itemTag = 0xe000_fffe;
const endTag = 0xe0dd_fffe;

/** The two bytes that every JPEG stream starts with, and no entropy-coded bytes hold (ITU-T T.81, B.1.1.2 and B.1.1.5). */
const startOfImage = 0xd8ff;

/** Frames in uncompressed pixel data, `frameBytes` each. */
export function nativeFrames(
  reader: ByteReader,
  { pixelData }: DicomHeader,
  count: number,
  frameBytes: number,
): FrameTable {
  const file = reader.name;
  if (pixelData?.length === undefined) throw new SlideError('damaged', 'has no uncompressed pixel data', { file });
  const { at, length } = pixelData;
  if (count * frameBytes > length) {
    const problem = `tells of ${count} frames of ${frameBytes} bytes, its pixel data has ${length}`;
    throw new SlideError('contradictory', problem, { file });
  }
  if (at + length > reader.size) {
    const problem = `ends at byte ${reader.size}, inside its pixel data of ${length} bytes`;
    throw new SlideError('damaged', problem, { file, hint: 'the file was cut short: copy it again' });
  }
  return {
    lengths: new Uint32Array(count).fill(frameBytes),
    read: (frame, signal) => reader.read(at + frame * frameBytes, frameBytes, signal),
  };
}

/** Frames in items. */
export async function encapsulatedFrames(reader: ByteReader, header: DicomHeader, count: number): Promise<FrameTable> {
  const file = reader.name;
  const { pixelData, data } = header;
  if (!pixelData || pixelData.length !== undefined) {
    throw new SlideError('damaged', 'has no compressed pixel data', { file });
  }
  if (count * itemHeader > reader.size) {
    throw new SlideError('damaged', `tells of ${count} frames, more than its ${reader.size} bytes can hold`, { file });
  }
  const items = new ItemWalk(reader);
  const basic = await items.header(pixelData.at);
  if (basic.tag !== itemTag) throw new SlideError('damaged', 'has no offset table before its frames', { file });
  const first = pixelData.at + itemHeader + basic.length;
  const places =
    (await byExtendedTable(reader, data.get(tag.extendedOffsets), data.get(tag.extendedLengths), first, count)) ??
    (await byBasicTable(items, reader, pixelData.at + itemHeader, basic.length, count)) ??
    (await byWalking(items, first, count));
  return {
    lengths: places.lengths,
    read: (frame, signal) => readFrame(reader, places, frame, signal),
  };
}

/** Where the items of each frame start in the file, how many there are, and what they hold together. */
type FramePlaces = {
  readonly starts: Float64Array;
  readonly lengths: Uint32Array;
  /** Items of a frame, where they are not one each. */
  readonly fragments?: Uint32Array | undefined;
};

/** Reads the items of one frame, header by header the same read, and joins what they hold. */
async function readFrame(
  reader: ByteReader,
  { starts, lengths, fragments }: FramePlaces,
  frame: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const items = fragments?.[frame] ?? 1;
  const span = Math.min(lengths[frame] + items * itemHeader, reader.size - starts[frame]);
  const bytes = await reader.read(starts[frame], Math.max(0, span), signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = () => {
    const problem = `frame ${frame + 1} is not where the offsets of the file say, at byte ${starts[frame]}`;
    return new SlideError('damaged', problem, { file: reader.name });
  };
  const parts: Uint8Array[] = [];
  let left = lengths[frame];
  for (let at = 0; left > 0 || parts.length < items; ) {
    if (at + itemHeader > bytes.length || view.getUint32(at, true) !== itemTag) throw damaged();
    // Beyond the first item, a basic table counts headers as part of the frame.
    if (parts.length >= items) left -= itemHeader;
    const length = Math.min(view.getUint32(at + 4, true), left);
    at += itemHeader;
    if (at + length > bytes.length) throw damaged();
    parts.push(bytes.subarray(at, at + length));
    at += length;
    left -= length;
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** PS3.3, C.7.6.3 (Extended Offset Table): 64-bit offsets from the first item, and lengths; each frame is one item. */
async function byExtendedTable(
  reader: ByteReader,
  offsets: DataElement | undefined,
  lengths: DataElement | undefined,
  first: number,
  count: number,
): Promise<FramePlaces | undefined> {
  if (!offsets || !lengths) return undefined;
  const file = reader.name;
  if (offsets.length !== 8 * count || lengths.length !== 8 * count) {
    const problem = `has an extended offset table of ${offsets.length / 8} frames, but ${count} frames`;
    throw new SlideError('damaged', problem, { file });
  }
  const places = { starts: new Float64Array(count), lengths: new Uint32Array(count) };
  const offsetBytes = await uint64s(reader, offsets);
  const lengthBytes = await uint64s(reader, lengths);
  for (let frame = 0; frame < count; frame++) {
    const start = first + offsetBytes(frame);
    const length = lengthBytes(frame);
    if (start + itemHeader + length > reader.size || length > longestItem) {
      const problem = `ends at byte ${reader.size}, before frame ${frame + 1} does`;
      throw new SlideError('damaged', problem, { file, hint: 'the file was cut short: copy it again' });
    }
    places.starts[frame] = start;
    places.lengths[frame] = length;
  }
  return places;
}

async function uint64s(reader: ByteReader, { at, length }: DataElement): Promise<(index: number) => number> {
  const bytes = await reader.read(at, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (index) => view.getUint32(8 * index, true) + 2 ** 32 * view.getUint32(8 * index + 4, true);
}

/**
 * PS3.5, A.4: 32-bit offsets from the first item. Undefined where there is no table, where it can't be one (offsets of files above
 * 4 GB that wrapped around), or where frames have several items each, which only walking finds.
 */
async function byBasicTable(
  items: ItemWalk,
  reader: ByteReader,
  at: number,
  length: number,
  count: number,
): Promise<FramePlaces | undefined> {
  if (length !== 4 * count || at + length > reader.size) return undefined;
  const bytes = await reader.read(at, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = at + length;
  const places = { starts: new Float64Array(count), lengths: new Uint32Array(count) };
  for (let frame = 0; frame < count; frame++) {
    places.starts[frame] = first + view.getUint32(4 * frame, true);
    if (frame === 0) continue;
    const span = places.starts[frame] - places.starts[frame - 1];
    if (span < itemHeader) return undefined;
    places.lengths[frame - 1] = span - itemHeader;
  }
  const [start] = places.starts;
  const last = places.starts[count - 1];
  if (start !== first || last + itemHeader > reader.size) return undefined;
  const [firstItem, lastItem] = [await items.header(start), await items.header(last)];
  if (firstItem.tag !== itemTag || lastItem.tag !== itemTag) return undefined;
  places.lengths[count - 1] = lastItem.length;
  if (firstItem.length !== places.lengths[0]) return undefined;
  const behind = await items.header(last + itemHeader + lastItem.length);
  return behind.tag === endTag ? places : undefined;
}

/** Item by item: one each, or, where there are more items than frames, a new frame where a JPEG stream starts. */
async function byWalking(items: ItemWalk, first: number, count: number): Promise<FramePlaces> {
  items.expectNear();
  const places = {
    starts: new Float64Array(count),
    lengths: new Uint32Array(count),
    fragments: new Uint32Array(count),
  };
  let frame = -1;
  let at = first;
  for (;;) {
    const item = await items.header(at);
    if (item.tag === endTag) break;
    if (item.tag !== itemTag) throw items.damaged(`expected a frame at byte ${at}`);
    if (frame < 0 || item.firstBytes === startOfImage) frame++;
    if (frame >= count) throw items.damaged(`tells of ${count} frames, but has more`);
    if (places.fragments[frame]++ === 0) places.starts[frame] = at;
    places.lengths[frame] += item.length;
    at += itemHeader + item.length;
  }
  if (frame + 1 === count) return places;
  throw items.damaged(`tells of ${count} frames, but has ${frame + 1}`);
}

/** Reads headers of items, with the first two bytes that they hold. */
class ItemWalk {
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async header(at: number): Promise<{ tag: number; length: number; firstBytes: number | undefined }> {
    const left = this.#reader.size - at;
    if (left < itemHeader) throw this.damaged(`ends at byte ${this.#reader.size}, among its frames`);
    const bytes = Buffer.from(await this.#reader.read(at, Math.min(left, itemHeader + 2)));
    const length = bytes.readUInt32LE(4);
    return {
      tag: bytes.readUInt32LE(0),
      length,
      firstBytes: bytes.length >= itemHeader + 2 && length >= 2 ? bytes.readUInt16LE(itemHeader) : undefined,
    };
  }

  /** `unsupported` where each header would cost a round trip over a network. */
  expectNear(): void {
    if (!this.#reader.distant) return;
    const problem = 'has no table of where its frames lie: all of it would have to be fetched to know';
    const hint = 'download the file, or write it anew with an offset table';
    throw new SlideError('unsupported', problem, { file: this.#reader.name, hint });
  }

  damaged(problem: string): SlideError {
    const hint = 'the file was cut short or changed: copy it again';
    return new SlideError('damaged', problem, { file: this.#reader.name, hint });
  }
}
