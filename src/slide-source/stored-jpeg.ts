// What the first JPEG tile of a directory says of all: how colours are to be taken, and whether streams end as they should.
import type { ByteReader } from '../bytes/byte-reader.js';
import { isSlideError, SlideError } from '../errors.js';
import { agreedColours } from '../jpeg/agreed-colours.js';
import { endAdded, endStream } from '../jpeg/end-marker.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import { type Chunks, checkChunks, type TiffDirectory } from '../tiff/tiff-directory.js';
import { tileEncoding } from '../tiff/tile-encoding.js';

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

/**
 * Notes on an image in strips; `damaged` where one does not lie in the file, `unsupported` where libvips, which decodes strips, would
 * take sound JPEG streams for damaged ones.
 */
export async function checkStrips(reader: ByteReader, directory: TiffDirectory): Promise<readonly string[]> {
  checkChunks(directory, reader.size);
  const declared = tileEncoding(directory);
  const { encoding, notes } = await storedJpeg(reader, directory.chunks, declared);
  if (encoding.photometric === declared.photometric && !notes.includes(endAdded)) return notes;
  const hint = 'save it in tiles, in which zflat reads such streams';
  const [what] = notes;
  throw new SlideError('unsupported', `is stored in JPEG strips: ${what}`, { file: reader.name, hint });
}
