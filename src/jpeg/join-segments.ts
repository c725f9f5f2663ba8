// Restart segments put together to another stream as they are: between restart markers nothing depends on what comes before
// (ITU-T T.81, E.1.4), so that whole segments can be stacked without looking at a code.
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { listSegments, marker } from './segments.js';
import { concatenate } from './tables.js';

/** The markers before a scan (SOI to SOS) with the frame's size replaced; sides up to 65,535 (included). */
export function withFrameSize(prefix: Uint8Array, { width, height }: Size): Uint8Array {
  const notFrames: readonly number[] = [marker.dht, marker.jpg, marker.dac];
  const frame = listSegments(prefix).find(
    ({ marker: kind }) => kind >= marker.sof0 && kind <= 0xcf && !notFrames.includes(kind),
  );
  if (!frame || frame.to - frame.from < 6) throw new SlideError('damaged', 'the JPEG stream has no frame header');
  const patched = Uint8Array.from(prefix);
  patched.set([height >> 8, height & 255, width >> 8, width & 255], frame.from + 1);
  return patched;
}

/**
 * A complete stream of these segments, given without the markers between them; `prefix` holds the markers before the scan, among
 * them DRI, of which each segment is one interval.
 */
export function joinSegments(prefix: Uint8Array, segments: readonly Uint8Array[]): Uint8Array {
  const parts = [prefix];
  for (const [i, segment] of segments.entries()) {
    if (i > 0) parts.push(Uint8Array.of(0xff, marker.rst0 + ((i - 1) % 8)));
    parts.push(segment);
  }
  return concatenate([...parts, Uint8Array.of(0xff, marker.eoi)]);
}

/** Length of what joinSegments gives, by the lengths of its parts. */
export function joinedLength(prefixLength: number, segmentLengths: Iterable<number>): number {
  let length = prefixLength;
  for (const each of segmentLengths) length += each + 2;
  // A marker behind each segment: the last is EOI.
  return length;
}
