// Several ranges of a file in few reads: asking the system costs more than copying what lies between. Distant files have their own way,
// see coalescing.ts.
import type { ByteReader } from './byte-reader.js';

export type ByteRange = { readonly offset: number; readonly length: number };

/** Bytes between two ranges that are read for nothing at most: copying them takes less than another read. */
const gapBytes = 16_384;
/** Bytes of one read at most, where it serves several ranges: what is read for them is kept until the last of them is dropped. */
const mostBytes = 2 ** 17;

/** The bytes of ranges, in any order. Throws as ByteReader.read does. */
export async function readRanges(
  reader: ByteReader,
  ranges: readonly ByteRange[],
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = new Array(ranges.length);
  const inOrder = [...ranges.keys()].sort((a, b) => ranges[a].offset - ranges[b].offset);
  for (let first = 0; first < inOrder.length; ) {
    const { offset } = ranges[inOrder[first]];
    let end = endOf(ranges[inOrder[first]]);
    let next = first + 1;
    for (; next < inOrder.length; next++) {
      const range = ranges[inOrder[next]];
      if (range.offset > end + gapBytes || endOf(range) - offset > mostBytes) break;
      end = Math.max(end, endOf(range));
    }
    const bytes = await reader.read(offset, end - offset, signal);
    for (; first < next; first++) {
      const range = ranges[inOrder[first]];
      found[inOrder[first]] = bytes.subarray(range.offset - offset, endOf(range) - offset);
    }
  }
  return found;
}

function endOf({ offset, length }: ByteRange): number {
  return offset + length;
}
