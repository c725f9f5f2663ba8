// The end of a JPEG stream (EOI, ITU-T T.81, B.2.1): some writers leave it out, some fill bytes behind it.
import { listSegments, marker } from './segments.js';
import { concatenate } from './tables.js';

/** What a person should know of a slide whose streams lack it. */
export const endAdded = 'its JPEG streams lack their end marker (EOI): added to those that are whole';

/** Whether the bytes [from, to) end with EOI, but for zeros that fill them up. */
export function hasEndMarker(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  let end = to;
  while (end > from && bytes[end - 1] === 0) end--;
  return end - from >= 2 && bytes[end - 1] === marker.eoi && bytes[end - 2] === 0xff;
}

/**
 * The stream up to its EOI; `added` where it has none and got one: it may be whole, or cut short. Throws `damaged` where the bytes
 * before the first scan are no chain of segments.
 */
export function endStream(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly added: boolean } {
  if (hasEndMarker(bytes)) return { bytes, added: false };
  for (let at = listSegments(bytes).at(-1)?.to ?? 2; at + 1 < bytes.length; ) {
    const next = bytes[at + 1];
    if (bytes[at] !== 0xff || next === 0xff) at++;
    else if (next === marker.eoi) return { bytes: bytes.subarray(0, at + 2), added: false };
    else if (next === 0 || (next >= marker.rst0 && next < marker.soi)) at += 2;
    // Tables and the header of a further scan
    else at += 2 + 256 * (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0);
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  return { bytes: concatenate([bytes.subarray(0, end), Uint8Array.of(0xff, marker.eoi)]), added: true };
}
