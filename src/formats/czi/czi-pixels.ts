// The pixels of single sub-blocks of a CZI file. Memory: pictures are decoded as a whole, and kept for the tiles beside, up to
// `keptBytes` for a slide; of uncompressed ones only the rows that are asked for are read, and nothing is kept.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { decodeTile } from '../../codecs/codec.js';
import { decodeJpegXr, swapRedAndBlue } from '../../codecs/jpeg-xr.js';
import { zstd } from '../../codecs/zstd.js';
import { locating, SlideError, throwIfAborted } from '../../errors.js';
import { readJpegFrame } from '../../jpeg/frame.js';
import type { CodecName, TileEncoding } from '../../slide/encoded-tile.js';
import type { Size } from '../../slide/geometry.js';
import { bytesPerSample, type PixelFormat, type Raster } from '../../slide/raster.js';
import { StripCache } from '../../slide-source/strip-cache.js';
import { cziCompression, type SubBlock } from './sub-block.js';
import { locateData } from './sub-block-data.js';

/** Some 17 camera frames of 2056 x 2464 pixels in colour. */
const keptBytes = 1 << 28;

/** A picture is decoded as a whole: no camera's is larger, nor what programs store instead. */
const largestPicture = 1 << 28;

const pixelFormats: ReadonlyMap<number, PixelFormat> = new Map([
  [0, { channels: 1, sample: 'uint8' }],
  [1, { channels: 1, sample: 'uint16' }],
  [3, { channels: 3, sample: 'uint8' }],
]);

const pixelTypeNames: ReadonlyMap<number, string> = new Map([
  [2, 'Gray32Float'],
  [4, 'Bgr48'],
  [8, 'Bgr96Float'],
  [9, 'Bgra32'],
  [10, 'Gray64ComplexFloat'],
  [11, 'Bgr192ComplexFloat'],
  [12, 'Gray32'],
  [13, 'Gray64'],
]);

const lossyOnes: readonly number[] = [cziCompression.jpeg, cziCompression.jpegXr];

/** What a pixel of the sub-block is made of; `unsupported` where zflat can't read it. */
export function checkReadable({ pixelType, compression }: SubBlock, file: string): PixelFormat {
  const format = pixelFormats.get(pixelType);
  if (!format) {
    const named = pixelTypeNames.get(pixelType) ?? `type ${pixelType}`;
    const hint = 'zflat reads Gray8, Gray16 and Bgr24: convert it in ZEN';
    throw new SlideError('unsupported', `its pixels are ${named}`, { file, hint });
  }
  if (!Object.values<number>(cziCompression).includes(compression)) {
    const hint = 'zflat reads uncompressed, zstd, JPEG, JPEG XR and LZW: save it anew in ZEN';
    throw new SlideError('unsupported', `its pixels are stored by compression ${compression}`, { file, hint });
  }
  return format;
}

/** Whether the compression may have lost something: JPEG XR does not tell. */
export function isLossy({ compression }: SubBlock): boolean {
  return lossyOnes.includes(compression);
}

/** Rows of a sub-block: `raster` has the whole width, and begins at row `top`. */
export type Rows = { readonly raster: Raster; readonly top: number };

export class CziPixels {
  readonly #files: ReadonlyMap<number, ByteReader>;
  readonly #kept = new StripCache<Raster | undefined>(keptBytes);

  /** The files of the slide by part. */
  constructor(files: ReadonlyMap<number, ByteReader>) {
    this.#files = files;
  }

  /** At least the rows from `top` to `end` (excluded); undefined where the picture was deleted. */
  async read(block: SubBlock, top: number, end: number, signal?: AbortSignal): Promise<Rows | undefined> {
    throwIfAborted(signal);
    const reader = this.#files.get(block.part) as ByteReader;
    return locating({ file: reader.name }, async () => {
      if (block.compression === cziCompression.raw) return readRows(reader, block, top, end, signal);
      const raster = await this.#kept.get(`${block.part}:${block.position}`, async () => {
        const value = await decodeBlock(reader, block);
        return { value, cost: value ? value.data.byteLength : 1 };
      });
      return raster && { raster, top: 0 };
    });
  }
}

async function readRows(
  reader: ByteReader,
  block: SubBlock,
  top: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Rows | undefined> {
  const format = checkReadable(block, reader.name);
  const range = await locateData(reader, block, signal);
  if (!range) return undefined;
  const stride = bytesOf({ width: block.storedWidth, height: 1 }, format);
  checkLength(range.length, stride * block.storedHeight);
  checkSize({ width: block.storedWidth, height: end - top }, format);
  const bytes = await reader.read(range.offset + top * stride, (end - top) * stride, signal);
  return { raster: await fromBytes(bytes, 'raw', { width: block.storedWidth, height: end - top }, format), top };
}

async function decodeBlock(reader: ByteReader, block: SubBlock): Promise<Raster | undefined> {
  const { compression, storedWidth: width, storedHeight: height } = block;
  const format = checkReadable(block, reader.name);
  const size = { width, height };
  checkSize(size, format);
  const range = await locateData(reader, block);
  if (!range) return undefined;
  // Nothing that is compressed takes much more than its pixels.
  if (range.length > 2 * bytesOf(size, format) + 65_536) checkLength(range.length, bytesOf(size, format));
  const bytes = await reader.read(range.offset, range.length);
  if (compression === cziCompression.jpegXr) return decodeJpegXr(bytes, size, format);
  if (compression === cziCompression.jpeg) return decodeJpeg(bytes, size, format);
  if (compression === cziCompression.lzw) return fromBytes(bytes, 'lzw', size, format);
  const packed = compression === cziCompression.zstd1 ? zstdHeader(bytes) : { from: 0, split: false };
  const pixels = await zstd.decompress(bytes.subarray(packed.from), bytesOf(size, format));
  if (pixels.length !== bytesOf(size, format)) {
    const problem = `expected ${bytesOf(size, format)} bytes of pixels, the zstd frame has ${pixels.length || 'none'}`;
    throw new SlideError('damaged', problem);
  }
  return fromBytes(packed.split ? joinBytes(pixels) : pixels, 'raw', size, format);
}

/** Before the frame: its own length (1 or 3), then the kind of what follows, 1, and a bit that says whether bytes were split. */
function zstdHeader(bytes: Uint8Array): { readonly from: number; readonly split: boolean } {
  if (bytes[0] === 1) return { from: 1, split: false };
  if (bytes[0] === 3 && bytes[1] === 1 && bytes.length >= 3) return { from: 3, split: (bytes[2] & 1) === 1 };
  throw new SlideError('damaged', `its zstd header begins with ${bytes[0] ?? 'nothing'} and ${bytes[1] ?? 'nothing'}`);
}

/** Samples of 16 bits whose low bytes were put before all high ones. */
function joinBytes(split: Uint8Array): Uint8Array {
  const half = split.length >> 1;
  const joined = new Uint8Array(2 * half);
  for (let i = 0; i < half; i++) {
    joined[2 * i] = split[i];
    joined[2 * i + 1] = split[half + i];
  }
  return joined;
}

/** Samples in the order of CZI: low byte first, blue before green and red. */
async function fromBytes(bytes: Uint8Array, codec: CodecName, size: Size, format: PixelFormat): Promise<Raster> {
  const raster = await decodeTile({ bytes, encoding: encodingOf(codec, size, format) });
  if (format.channels === 3) swapRedAndBlue(raster.data as Uint8Array);
  return raster;
}

/** A JPEG's own colours are in the usual order. */
function decodeJpeg(bytes: Uint8Array, size: Size, format: PixelFormat): Promise<Raster> {
  // Known before the decoder makes room for the pixels.
  const frame = readJpegFrame(bytes);
  if (frame.width !== size.width || frame.height !== size.height || format.sample !== 'uint8') {
    const problem = `expected a JPEG of ${size.width} x ${size.height} pixels of 8 bits, got ${frame.width} x ${frame.height}`;
    throw new SlideError('damaged', problem);
  }
  return decodeTile({ bytes, encoding: encodingOf('jpeg', size, format) });
}

function encodingOf(codec: CodecName, size: Size, format: PixelFormat): TileEncoding {
  return {
    ...size,
    ...format,
    codec,
    photometric: format.channels === 1 ? 'black-is-zero' : codec === 'jpeg' ? 'ycbcr' : 'rgb',
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
}

function bytesOf({ width, height }: Size, { channels, sample }: PixelFormat): number {
  return width * height * channels * bytesPerSample(sample);
}

function checkLength(found: number, expected: number): void {
  if (found === expected) return;
  throw new SlideError('damaged', `expected ${expected} bytes of pixels, the picture has ${found}`);
}

function checkSize(size: Size, format: PixelFormat): void {
  if (bytesOf(size, format) <= largestPicture) return;
  const problem = `a picture of the mosaic has ${size.width} x ${size.height} pixels, more than are decoded at once`;
  throw new SlideError('unsupported', problem, { hint: 'save it in ZEN as a mosaic of smaller tiles' });
}
