// The frame header alone: enough to see whether a tile is of the size and sampling it should be (ITU-T T.81, B.2.2).
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { listSegments, marker } from './segments.js';

export type JpegFrame = Size & {
  readonly components: number;
  /** Chroma is stored this many times coarser, across and down; 1, 1 for a single component. */
  readonly subsampling: readonly [number, number];
};

/** Reads the frame header of a stream, complete or abbreviated; `damaged` where there is none. */
export function readJpegFrame(bytes: Uint8Array): JpegFrame {
  const notFrames: readonly number[] = [marker.dht, marker.jpg, marker.dac];
  const frame = listSegments(bytes).find(
    ({ marker: kind }) => kind >= 0xc0 && kind <= 0xcf && !notFrames.includes(kind),
  );
  if (!frame || frame.to - frame.from < 9) throw new SlideError('damaged', 'the JPEG stream has no frame header');
  const data = bytes.subarray(frame.from, frame.to);
  const [luma, chroma] = [data[7], data[10]];
  return {
    height: 256 * data[1] + data[2],
    width: 256 * data[3] + data[4],
    components: data[5],
    subsampling: data[5] < 3 ? [1, 1] : [(luma >> 4) / (chroma >> 4), (luma & 15) / (chroma & 15)],
  };
}
