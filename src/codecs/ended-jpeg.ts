// JPEG tiles as they should end: with EOI, which some writers leave out. A scan that was cut short is told from one that is whole.
import { isSlideError } from '../errors.js';
import { endStream, hasEndMarker } from '../jpeg/end-marker.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { indexScan } from '../jpeg/index-scan.js';
import { unreadableCoding } from '../jpeg/scan-layout.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import { decodeTile } from './codec.js';

/** The tile with EOI at its end; `damaged` where the marker is missing because the scan is cut short. */
export async function endedJpeg(tile: EncodedTile): Promise<EncodedTile> {
  if (hasEndMarker(tile.bytes)) return tile;
  const { bytes, added } = endStream(tile.bytes);
  const ended = { ...tile, bytes };
  if (!added) return ended;
  let used = tile.bytes.length;
  while (tile.bytes[used - 1] === 0) used--;
  try {
    return await expectWhole(ended);
  } catch (error) {
    if (used === tile.bytes.length || !isSlideError(error, 'damaged')) throw error;
    // Last zeros that are no part of the scan fill the stream up, to an even length (DICOM PS3.5, A.4).
    return expectWhole({ ...tile, bytes: endStream(tile.bytes.subarray(0, used)).bytes });
  }
}

/** The tile; `damaged` where its scan is not whole. */
async function expectWhole(tile: EncodedTile): Promise<EncodedTile> {
  const header = parseJpegHeader(tile.bytes, tile.encoding.jpegTables);
  // What the entropy core can't read is decoded, whose decoder complains.
  if (unreadableCoding(header)) await decodeTile(tile);
  else indexScan(tile.bytes, header);
  return tile;
}
