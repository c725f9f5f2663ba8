// JPEG streams with the colours that TIFF says, instead of those that a decoder would guess.
import { withAdobeMarker } from '../jpeg/tables.js';
import type { EncodedTile } from '../slide/encoded-tile.js';

/** The tile's stream, abbreviated or complete as it is stored; RGB is marked as such. */
export function jpegStream({ bytes, encoding }: EncodedTile): Uint8Array {
  return encoding.photometric === 'rgb' ? withAdobeMarker(bytes, 0) : bytes;
}
