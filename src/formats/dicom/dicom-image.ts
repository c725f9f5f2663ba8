// The frames of a DICOM image, open for reading, whatever files they lie in.

import type { ByteAccess } from '../../bytes/byte-access.js';
import type { ByteReader } from '../../bytes/byte-reader.js';
import { locating, SlideError } from '../../errors.js';
import { readJpegFrame } from '../../jpeg/frame.js';
import { listSegments, marker } from '../../jpeg/segments.js';
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
    const encoding = await locating({ file: instance.file }, () => streamEncoding(declared, stream));
    const renamed = encoding.photometric !== declared.photometric;
    const notes = renamed ? ['its header says RGB, its JPEG streams YCbCr: taken as YCbCr'] : [];
    return new OpenImage(parts, encoding, notes);
  }

  /** A frame, counted over all parts; undefined where it is empty. */
  async read(frame: number, signal?: AbortSignal): Promise<EncodedTile | undefined> {
    const { table, first, instance } = this.#partOf(frame);
    if (table.lengths[frame - first] === 0) return undefined;
    const bytes = await locating({ file: instance.file }, () => table.read(frame - first, signal));
    return { bytes, encoding: this.encoding };
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

/** What the first stream says of all: the chroma subsampling, which DICOM does not tell (YBR_FULL_422 stands for any). */
function streamEncoding(declared: TileEncoding, stream: Uint8Array): TileEncoding {
  const { width, height, components, subsampling } = readJpegFrame(stream);
  if (width !== declared.width || height !== declared.height || components !== declared.channels) {
    const found = `${width} x ${height} pixels of ${components} samples`;
    const problem = `expected JPEG frames of ${declared.width} x ${declared.height} pixels of ${declared.channels} samples, got ${found}`;
    throw new SlideError('damaged', problem);
  }
  const isYcbcr = declared.photometric === 'ycbcr' || (declared.photometric === 'rgb' && saysYcbcr(stream));
  return isYcbcr ? { ...declared, photometric: 'ycbcr', subsampling } : declared;
}

/** An Adobe marker that names the transform of JPEG, against what the header says: decoders believe it, so it was so encoded. */
function saysYcbcr(stream: Uint8Array): boolean {
  return listSegments(stream).some(({ marker: kind, from, to }) => {
    const isAdobe =
      kind === marker.app14 && Buffer.from(stream.subarray(from, from + 5)).toString('latin1') === 'Adobe';
    return isAdobe && to - from >= 12 && stream[from + 11] === 1;
  });
}
