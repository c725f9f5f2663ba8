// The frames of a DICOM image, open for reading, whatever files they lie in.

import type { ByteAccess } from '../../bytes/byte-access.js';
import type { ByteReader } from '../../bytes/byte-reader.js';
import { endedJpeg } from '../../codecs/ended-jpeg.js';
import { locating, SlideError } from '../../errors.js';
import { type AgreedColours, agreedColours } from '../../jpeg/agreed-colours.js';
import { endAdded, endStream } from '../../jpeg/end-marker.js';
import { readJpegFrame } from '../../jpeg/frame.js';
import type { EncodedTile, TileEncoding } from '../../slide/encoded-tile.js';
import { bytesPerSample } from '../../slide/raster.js';
import { tileCount } from '../../slide/tile-grid.js';
import { encapsulatedFrames, type FrameTable, nativeFrames } from './frame-table.js';
import { frameEncoding, type WsiInstance } from './wsi-instance.js';
import type { WsiImage, WsiLayer } from './wsi-layers.js';

type OpenPart = { readonly instance: WsiInstance; readonly table: FrameTable; readonly first: number };

/** An image whose frames can be read. */
export class OpenImage {
  readonly encoding: TileEncoding;
  readonly notes: readonly string[];
  readonly #parts: readonly OpenPart[];

  private constructor(parts: readonly OpenPart[], encoding: TileEncoding, notes: readonly string[]) {
    this.#parts = parts;
    this.encoding = encoding;
    this.notes = notes;
  }

  /** Opens the files of an image; adds them to `readers`, which the caller closes. */
  static async open({ parts: instances }: WsiImage, access: ByteAccess, readers: ByteReader[]): Promise<OpenImage> {
    const declared = frameEncoding(instances[0]);
    const parts: OpenPart[] = [];
    let first = 0;
    for (const instance of instances) {
      const reader = await access.open(instance.location);
      readers.push(reader);
      const table = await locateFrames(reader, instance);
      parts.push({ instance, table, first });
      first += instance.frameCount;
    }
    if (declared.codec !== 'jpeg') return new OpenImage(parts, declared, []);
    const [{ table, instance }] = parts;
    const frame = table.lengths.findIndex((length) => length > 0);
    if (frame < 0) return new OpenImage(parts, declared, []);
    const stream = await table.read(frame);
    const { encoding, note } = await locating({ file: instance.file }, () => agreed(declared, stream));
    const notes = note === undefined ? [] : [note];
    if (endStream(stream).added) notes.push(endAdded);
    return new OpenImage(parts, encoding, notes);
  }

  /** A frame, counted over all parts; undefined where it is empty. */
  async read(frame: number, signal?: AbortSignal): Promise<EncodedTile | undefined> {
    const { table, first, instance } = this.#partOf(frame);
    if (table.lengths[frame - first] === 0) return undefined;
    const bytes = await locating({ file: instance.file }, () => table.read(frame - first, signal));
    const tile = { bytes, encoding: this.encoding };
    return this.encoding.codec === 'jpeg' ? locating({ file: instance.file }, () => endedJpeg(tile)) : tile;
  }

  /** Lengths of the frames of a layer, by tile. */
  lengthsOf({ image, frameOf }: WsiLayer): Uint32Array {
    return Uint32Array.from({ length: tileCount(image.grid) }, (_, tile) => {
      const frame = frameOf(tile);
      if (frame === undefined) return 0;
      const { table, first } = this.#partOf(frame);
      return table.lengths[frame - first];
    });
  }

  #partOf(frame: number): OpenPart {
    return this.#parts.find(({ first, instance }) => frame < first + instance.frameCount) as OpenPart;
  }
}

/** Where the frames of an instance lie. */
function locateFrames(reader: ByteReader, instance: WsiInstance): Promise<FrameTable> {
  return locating({ file: instance.file }, () => {
    const { codec, width, height, channels, sample } = frameEncoding(instance);
    if (codec === 'jpeg') return encapsulatedFrames(reader, instance.header, instance.frameCount);
    const frameBytes = width * height * channels * bytesPerSample(sample);
    return nativeFrames(reader, instance.header, instance.frameCount, frameBytes);
  });
}

/** The first frame of a label or the like, read from a file that is opened for it alone. */
export async function readFirstFrame(instance: WsiInstance, access: ByteAccess): Promise<EncodedTile | undefined> {
  const readers: ByteReader[] = [];
  try {
    const { frameCount, matrix } = instance;
    const grid = { ...matrix, tileWidth: matrix.width, tileHeight: matrix.height, columns: 1, rows: 1 };
    const image = await OpenImage.open({ parts: [instance], grid, frameCount }, access, readers);
    return await image.read(0);
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

/** What the first stream says of all: DICOM does not tell the chroma subsampling (YBR_FULL_422 stands for any). */
function agreed(declared: TileEncoding, stream: Uint8Array): AgreedColours {
  const { width, height, components } = readJpegFrame(stream);
  if (width !== declared.width || height !== declared.height || components !== declared.channels) {
    const found = `${width} x ${height} pixels of ${components} samples`;
    const problem = `expected JPEG frames of ${declared.width} x ${declared.height} pixels of ${declared.channels} samples, got ${found}`;
    throw new SlideError('contradictory', problem);
  }
  return agreedColours(declared, stream);
}
