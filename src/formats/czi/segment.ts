// CZI files are made of segments: a header of 32 bytes (an id, bytes allocated, bytes used), then data. All numbers are little-endian.
// (ZISRAW file format of Carl Zeiss Microscopy; offsets as libCZI has them.)
import { type ByteReader, checkRange } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';

export type SegmentId =
  | 'ZISRAWFILE'
  | 'ZISRAWDIRECTORY'
  | 'ZISRAWMETADATA'
  | 'ZISRAWSUBBLOCK'
  | 'ZISRAWATTDIR'
  | 'ZISRAWATTACH';

/** Bytes of a segment's header. */
export const segmentHeader = 32;
const idBytes = 16;

export type Segment = {
  /** The first bytes of its data. */
  readonly head: DataView;
  /** Where its data begin in the file, and how many bytes of them there are. */
  readonly data: number;
  readonly length: number;
};

/** Bytes of a file. */
export type ByteRange = { readonly offset: number; readonly length: number };

/** Whether a file begins as CZI files do. */
export function looksLikeCzi(head: Uint8Array): boolean {
  return idIn(head) === 'ZISRAWFILE';
}

/**
 * The segment at a position, with `headBytes` of its data. Undefined where it was deleted (its place is kept, its id changed);
 * `damaged`, naming `what` it should be, where there is another or none.
 */
export async function readSegment(
  reader: ByteReader,
  position: number,
  id: SegmentId,
  headBytes: number,
  what: string,
  signal?: AbortSignal,
): Promise<Segment | undefined> {
  const file = reader.name;
  checkRange(reader, position, segmentHeader + headBytes);
  const bytes = await reader.read(position, segmentHeader + headBytes, signal);
  const found = idIn(bytes);
  if (found === 'DELETED') return undefined;
  if (found !== id) throw new SlideError('damaged', `${what} should be at byte ${position}, but is not`, { file });
  const view = viewOf(bytes);
  // Some writers leave the second of the two lengths 0.
  const length = int64(view, idBytes + 8) || int64(view, idBytes);
  const data = position + segmentHeader;
  if (!(length >= headBytes) || data + length > reader.size) {
    const problem = `${what} at byte ${position} tells of ${length} bytes, the file ends at ${reader.size}`;
    throw new SlideError('damaged', problem, { file });
  }
  return { head: viewOf(bytes, segmentHeader), data, length };
}

/** A signed number of 64 bits; beyond 2^53 not exact, but beyond every file. */
export function int64(view: DataView, at: number): number {
  return Number(view.getBigInt64(at, true));
}

export function viewOf(bytes: Uint8Array, from = 0): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
}

/** Text up to its first zero. */
export function textAt(view: DataView, at: number, length: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? length : end);
}

function idIn(bytes: Uint8Array): string {
  return textAt(viewOf(bytes), 0, Math.min(idBytes, bytes.length));
}
