// The marker segments of a JPEG stream up to its first scan (ITU-T T.81, B.1.1).
import { SlideError } from '../errors.js';

/** Second byte of the markers zflat looks at (T.81, table B.1). */
export const marker = {
  sof0: 0xc0,
  sof1: 0xc1,
  dht: 0xc4,
  jpg: 0xc8,
  dac: 0xcc,
  rst0: 0xd0,
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dri: 0xdd,
  dhp: 0xde,
  app0: 0xe0,
  app14: 0xee,
  comment: 0xfe,
} as const;

/** One marker segment: `bytes[start]` is its 0xFF, its parameters lie in [from, to). */
export type Segment = {
  readonly marker: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
};

/**
 * The segments after SOI in order, the last one SOS, or none after it where the stream holds tables alone (it then ends with EOI
 * or with its last table). Throws `damaged` where bytes are not a chain of segments.
 */
export function listSegments(bytes: Uint8Array): Segment[] {
  if (bytes.length < 2 || bytes[0] !== 0xff || bytes[1] !== marker.soi) {
    throw new SlideError('damaged', `expected a JPEG stream (FF D8), got ${hex(bytes.subarray(0, 2))}`);
  }
  const segments: Segment[] = [];
  let at = 2;
  while (at < bytes.length) {
    const start = at;
    if (bytes[at] !== 0xff)
      throw new SlideError('damaged', `expected a JPEG marker at byte ${at}, got ${hex(bytes.subarray(at, at + 2))}`);
    // Any number of fill bytes FF may stand before a marker (B.1.1.2).
    while (bytes[at] === 0xff) at++;
    const kind = bytes[at++];
    if (kind === marker.eoi) return segments;
    if (kind === undefined || at + 2 > bytes.length) throw cutOff(bytes);
    if (kind < marker.sof0 || (kind >= marker.rst0 && kind <= marker.soi)) {
      throw new SlideError(
        'damaged',
        `expected a JPEG marker segment at byte ${start}, got ${hex(bytes.subarray(start, at))}`,
      );
    }
    const to = at + 256 * bytes[at] + bytes[at + 1];
    if (to < at + 2 || to > bytes.length) throw cutOff(bytes);
    segments.push({ marker: kind, start, from: at + 2, to });
    if (kind === marker.sos) return segments;
    at = to;
  }
  return segments;
}

function cutOff(bytes: Uint8Array): SlideError {
  return new SlideError('damaged', `the JPEG stream of ${bytes.length} bytes ends within its header`);
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'nothing' : Buffer.from(bytes).toString('hex').toUpperCase();
}
