// Label, preview and thumbnail of a CZI file: attachments that are CZI files themselves, or JPEG pictures.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { isSlideError, locating, SlideError } from '../../errors.js';
import { readJpegFrame } from '../../jpeg/frame.js';
import type { Raster } from '../../slide/raster.js';
import type { AssociatedImage } from '../../slide/slide-info.js';
import type { AssociatedPicture } from '../../slide-source/associated-pictures.js';
import { uncachedSharp } from '../../slide-source/uncached-sharp.js';
import { type CziAttachment, locateAttachment, readCzi } from './czi-file.js';
import { composeMosaic, layMosaic } from './czi-mosaic.js';
import { CziPixels, checkReadable } from './czi-pixels.js';
import { selectStack } from './czi-selection.js';
import type { ByteRange } from './segment.js';

const kinds: ReadonlyMap<string, AssociatedImage['kind']> = new Map([
  ['Label', 'label'],
  ['SlidePreview', 'macro'],
  ['Thumbnail', 'thumbnail'],
]);

/** Larger ones are no overview: 50 million pixels. */
const maxPixels = 50e6;
const mostBytes = 1 << 26;
/** The header of a JPEG file, with all that programs put before its size. */
const headBytes = 65_536;

/** The pictures among the attachments; those that can't be read are left out, and noted: they are not what is flattened. */
export async function cziPictures(
  reader: ByteReader,
  attachments: readonly CziAttachment[],
): Promise<{ readonly pictures: AssociatedPicture[]; readonly notes: string[] }> {
  const pictures: AssociatedPicture[] = [];
  const notes: string[] = [];
  for (const attachment of attachments) {
    const kind = kinds.get(attachment.name);
    if (!kind) continue;
    try {
      const range = await locateAttachment(reader, attachment);
      if (!range) continue;
      const part = partOf(reader, attachment.name, range);
      pictures.push(await (attachment.type === 'CZI' ? mosaicPicture(kind, part) : jpegPicture(kind, part)));
    } catch (error) {
      if (!isSlideError(error, 'damaged', 'contradictory', 'unsupported')) throw error;
      notes.push(`left out its ${kind} image: ${error.problem}`);
    }
  }
  return { pictures, notes };
}

/** A file within a file. */
function partOf(reader: ByteReader, name: string, { offset, length }: ByteRange): ByteReader {
  return {
    ...{ name: `${reader.name} (${name})`, location: reader.location, distant: reader.distant, size: length },
    read: (at, bytes, signal) => {
      if (at < 0 || bytes < 0 || at + bytes > length) {
        throw new SlideError('damaged', `its attachment "${name}" ends at byte ${length}`, { file: reader.name });
      }
      return reader.read(offset + at, bytes, signal);
    },
    close: async () => {},
  };
}

async function mosaicPicture(kind: AssociatedImage['kind'], reader: ByteReader): Promise<AssociatedPicture> {
  const { subBlocks } = await readCzi(reader);
  const selection = selectStack(subBlocks, undefined, {}, reader.name);
  const { width, height } = selection.bounds;
  checkSize(width, height);
  const [finest] = layMosaic(selection, { width, height }, reader.name).levels;
  const [plane] = selection.planes;
  const blocks = finest.planes.get(plane) ?? [];
  const [format] = blocks.map(({ block }) => checkReadable(block, reader.name));
  const pixels = new CziPixels(new Map([[0, reader]]));
  const read = () => composeMosaic(blocks, { x: 0, y: 0, width, height }, format, pixels);
  return { image: { kind, width, height }, read };
}

async function jpegPicture(kind: AssociatedImage['kind'], reader: ByteReader): Promise<AssociatedPicture> {
  if (reader.size > mostBytes) throw new SlideError('unsupported', `it has ${reader.size} bytes`);
  const { width, height } = readJpegFrame(await reader.read(0, Math.min(reader.size, headBytes)));
  checkSize(width, height);
  return { image: { kind, width, height }, read: () => locating({ file: reader.name }, () => decode(reader)) };
}

async function decode(reader: ByteReader): Promise<Raster> {
  const sharp = await uncachedSharp();
  try {
    const bytes = await reader.read(0, reader.size);
    const pixels = sharp(bytes, { ignoreIcc: true }).removeAlpha().toColourspace('srgb').raw();
    const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, sample: 'uint8', data };
  } catch (cause) {
    if (isSlideError(cause)) throw cause;
    throw new SlideError('damaged', `the picture can't be decoded: ${(cause as Error).message}`, { cause });
  }
}

function checkSize(width: number, height: number): void {
  if (width * height > 0 && width * height <= maxPixels) return;
  throw new SlideError('unsupported', `it has ${width} x ${height} pixels`);
}
