// What the first JPEG tile of a directory says of all: how colours are to be taken, and whether streams end as they should.
import type { ByteReader } from '../bytes/byte-reader.js';
import { isSlideError } from '../errors.js';
import { agreedColours } from '../jpeg/agreed-colours.js';
import { endAdded, endStream } from '../jpeg/end-marker.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import type { Chunks } from '../tiff/tiff-directory.js';

/** The encoding that holds, and what a person should know of it. Over a network only RGB is doubted: others are seldom wrong, and a look costs a request. */
export async function storedJpeg(
  reader: ByteReader,
  { offsets, byteCounts }: Chunks,
  declared: TileEncoding,
): Promise<{ encoding: TileEncoding; notes: readonly string[] }> {
  const first = Array.prototype.findIndex.call(byteCounts, (length: number) => length > 0);
  const believed = reader.distant && declared.photometric !== 'rgb';
  if (declared.codec !== 'jpeg' || first < 0 || believed) return { encoding: declared, notes: [] };
  try {
    const stream = await reader.read(offsets[first], byteCounts[first]);
    const { encoding, note } = agreedColours(declared, stream);
    const notes = note === undefined ? [] : [note];
    if (endStream(stream).added) notes.push(endAdded);
    return { encoding, notes };
  } catch (error) {
    // A tile that is damaged is met, and told, where it is needed.
    if (isSlideError(error, 'damaged')) return { encoding: declared, notes: [] };
    throw error;
  }
}
