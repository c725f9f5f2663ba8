// Whether JPEG tiles end as they should, are of the size and sampling that their level says, and have the tables that they refer to: what a
// reader of the result will rely on.
import { SlideError } from '../errors.js';
import { hasEndMarker } from '../jpeg/end-marker.js';
import { readJpegFrame } from '../jpeg/frame.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { listSegments } from '../jpeg/segments.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import type { TileCheck } from '../slide/tile-run.js';

/** Answers a check of one tile after the other. An encoder writes the same header again and again: it is read once. */
export function frameCheck({ width, height, channels, subsampling, jpegTables }: TileEncoding): TileCheck {
  const expected = describe(width, height, channels, subsampling);
  let known = Buffer.alloc(0);
  return (room, from, to) => {
    // One that lacks the marker can't be copied with its neighbours: read by itself, it gets one.
    if (!hasEndMarker(room, from, to)) throw new SlideError('damaged', 'the JPEG stream does not end with EOI');
    const { length } = known;
    if (length > 0 && from + length <= to && known.compare(room, from, from + length) === 0) return;
    const bytes = room.subarray(from, to);
    const frame = readJpegFrame(bytes);
    const found = describe(frame.width, frame.height, frame.components, frame.subsampling);
    if (found !== expected) throw new SlideError('contradictory', `expected a JPEG tile of ${expected}, got ${found}`);
    parseJpegHeader(bytes, jpegTables);
    known = Buffer.from(bytes.subarray(0, listSegments(bytes).at(-1)?.to));
  };
}

function describe(width: number, height: number, components: number, chroma: readonly number[]): string {
  return `${width} x ${height} pixels, ${components} components, chroma ${chroma.join('x')}`;
}
