// Where the compressed pixels of a sub-block lie: behind its header and its own metadata.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { type ByteRange, int64, readSegment } from './segment.js';
import { dimensionBytes, dimensionsOf, entryHead, type SubBlock } from './sub-block.js';

/** Lengths before the entry, and the least that they and the entry take together. */
const lengthsBytes = 16;
const minHead = 256;

/** Undefined where the sub-block was deleted, though the directory still names it. */
export async function locateData(
  reader: ByteReader,
  { position }: SubBlock,
  signal?: AbortSignal,
): Promise<ByteRange | undefined> {
  const what = 'a picture of the mosaic';
  const segment = await readSegment(reader, position, 'ZISRAWSUBBLOCK', lengthsBytes + entryHead, what, signal);
  if (!segment) return undefined;
  const { head, data } = segment;
  const metadata = head.getInt32(0, true);
  const length = int64(head, 8);
  const dimensions = dimensionsOf(head, lengthsBytes);
  const headBytes = Math.max(minHead, lengthsBytes + entryHead + (dimensions ?? 0) * dimensionBytes);
  const offset = data + headBytes + metadata;
  if (dimensions === undefined || metadata < 0 || length < 0 || offset + length > reader.size) {
    throw new SlideError('damaged', `the header of the picture at byte ${position} makes no sense`, {
      file: reader.name,
    });
  }
  return { offset, length };
}
