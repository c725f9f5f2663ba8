// A CZI file (Zeiss ZISRAW): its header, the directory of its sub-blocks, its metadata and attachments. No pixel is read.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { type ByteRange, int64, readSegment, segmentHeader, textAt, viewOf } from './segment.js';
import { dimensionBytes, dimensionsOf, entryHead, parseEntry, type SubBlock } from './sub-block.js';

/** A file within the file: a label, a preview, a thumbnail, or data of other kinds. */
export type CziAttachment = {
  readonly name: string;
  /** "CZI", "JPG" … */
  readonly type: string;
  /** Of its segment; see locateAttachment. */
  readonly position: number;
};

export type CziFile = {
  readonly subBlocks: readonly SubBlock[];
  /** XML; undefined where the file has none. */
  readonly metadata: string | undefined;
  readonly attachments: readonly CziAttachment[];
  /** What files of one slide have in common. */
  readonly primaryGuid: string;
};

const fileHeadBytes = 80;
/** Before the entries of the two directories, and before the XML. */
const directoryHead = 128;
const attachmentsHead = 256;
const metadataHead = 256;
const attachmentEntry = 128;
/** From the start of an attachment's data to the bytes of the file in it. */
const attachmentHead = 256;

/** Sub-blocks of more than any scan: 11 planes of 40,000 camera frames, in 4 channels. */
const maxSubBlocks = 2_000_000;
const maxAttachments = 10_000;
/** The metadata of long recordings take some megabytes. */
const maxMetadata = 1 << 26;
/** Directories are read in windows of this many bytes. */
const windowBytes = 1 << 20;

/** Reads what a file says of itself; `damaged` where it contradicts itself, `unsupported` where it is a further part of a slide. */
export async function readCzi(reader: ByteReader): Promise<CziFile> {
  const { primaryGuid, directory, metadata, attachments } = await readCziHead(reader, 0);
  return {
    subBlocks: await readDirectory(reader, directory),
    metadata: await readMetadata(reader, metadata),
    attachments: await readAttachments(reader, attachments),
    primaryGuid,
  };
}

/** The header of part `part` of a slide: what its files have in common, and positions, 0 for what it lacks. */
export async function readCziHead(reader: ByteReader, part: number) {
  const file = reader.name;
  const found = await readSegment(reader, 0, 'ZISRAWFILE', fileHeadBytes, 'its header');
  if (!found) throw new SlideError('damaged', 'its header is marked as deleted', { file });
  const { head } = found;
  const told = head.getInt32(48, true);
  if (told !== part) {
    const hint =
      part === 0
        ? 'give the first file of it, whose name has no number in brackets'
        : 'copy all files of the slide again';
    throw new SlideError('unsupported', `is part ${told} of a slide in several files`, { file, hint });
  }
  const [directory, metadata, attachments] = [52, 60, 72].map((at) => int64(head, at));
  const primaryGuid = Buffer.from(head.buffer, head.byteOffset + 16, 16).toString('hex');
  return { primaryGuid, directory, metadata, attachments };
}

async function readDirectory(reader: ByteReader, position: number): Promise<SubBlock[]> {
  const file = reader.name;
  const what = 'the directory of its pictures';
  const segment =
    position > 0 ? await readSegment(reader, position, 'ZISRAWDIRECTORY', directoryHead, what) : undefined;
  if (!segment) {
    const hint = 'writing it was not finished: open it in ZEN and save it again';
    throw new SlideError('damaged', 'has no directory of its pictures', { file, hint });
  }
  const count = segment.head.getInt32(0, true);
  const room = segment.length - directoryHead;
  if (count < 0 || count * (entryHead + 2 * dimensionBytes) > room) {
    throw new SlideError('damaged', `its directory tells of ${count} pictures in ${room} bytes`, { file });
  }
  if (count > maxSubBlocks) {
    throw new SlideError('unsupported', `has ${count} pictures, more than ${maxSubBlocks}`, { file });
  }
  const blocks: SubBlock[] = [];
  const end = segment.data + segment.length;
  for (let at = segment.data + directoryHead; blocks.length < count; ) {
    const window = await reader.read(at, Math.min(windowBytes, end - at));
    const read = readEntries(viewOf(window), count, blocks, file);
    if (read === 0) throw new SlideError('damaged', `its directory ends after ${blocks.length} of ${count}`, { file });
    at += read;
  }
  return blocks;
}

/** Adds the entries that a window holds as a whole; answers how many bytes they take. */
function readEntries(view: DataView, count: number, blocks: SubBlock[], file: string): number {
  let at = 0;
  while (blocks.length < count && at + entryHead <= view.byteLength) {
    const dimensions = dimensionsOf(view, at);
    if (dimensions === undefined) {
      throw new SlideError('damaged', `entry ${blocks.length} of its directory is not of the kind DV`, {
        file,
        hint: 'open it in ZEN and save it again',
      });
    }
    const end = at + entryHead + dimensions * dimensionBytes;
    if (end > view.byteLength) break;
    const block = parseEntry(view, at, dimensions);
    if (!block)
      throw new SlideError('damaged', `entry ${blocks.length} of its directory has no width or height`, { file });
    blocks.push(block);
    at = end;
  }
  return at;
}

async function readMetadata(reader: ByteReader, position: number): Promise<string | undefined> {
  if (position <= 0) return undefined;
  const segment = await readSegment(reader, position, 'ZISRAWMETADATA', metadataHead, 'its metadata');
  if (!segment) return undefined;
  const length = segment.head.getInt32(0, true);
  if (length < 0 || length > segment.length - metadataHead || length > maxMetadata) {
    throw new SlideError('damaged', `tells of ${length} bytes of metadata`, { file: reader.name });
  }
  const xml = await reader.read(segment.data + metadataHead, length);
  return Buffer.from(xml.buffer, xml.byteOffset, xml.length).toString('utf8');
}

async function readAttachments(reader: ByteReader, position: number): Promise<CziAttachment[]> {
  if (position <= 0) return [];
  const segment = await readSegment(reader, position, 'ZISRAWATTDIR', attachmentsHead, 'its list of attachments');
  const count = segment?.head.getInt32(0, true) ?? 0;
  if (!segment || count === 0) return [];
  const length = count * attachmentEntry;
  if (count < 0 || count > maxAttachments || attachmentsHead + length > segment.length) {
    throw new SlideError('damaged', `tells of ${count} attachments`, { file: reader.name });
  }
  const entries = viewOf(await reader.read(segment.data + attachmentsHead, length));
  const starts = Array.from({ length: count }, (_, i) => i * attachmentEntry);
  // Those in further files of the slide are left alone.
  const own = starts.filter((at) => entries.getInt32(at + 20, true) === 0);
  return own.map((at) => ({
    name: textAt(entries, at + 48, 80),
    type: textAt(entries, at + 40, 8),
    position: int64(entries, at + 12),
  }));
}

/** The bytes of an attached file; undefined where it was deleted. */
export async function locateAttachment(
  reader: ByteReader,
  { name, position }: CziAttachment,
): Promise<ByteRange | undefined> {
  const segment = await readSegment(reader, position, 'ZISRAWATTACH', 8, `its attachment "${name}"`);
  if (!segment) return undefined;
  const offset = position + segmentHeader + attachmentHead;
  const length = segment.head.getInt32(0, true);
  if (length > 0 && offset + length <= reader.size) return { offset, length };
  throw new SlideError('damaged', `its attachment "${name}" tells of ${length} bytes`, { file: reader.name });
}
