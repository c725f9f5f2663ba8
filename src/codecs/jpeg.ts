// JPEG tiles. Luminance, to be measured, by jpeg-turbo where its prebuilt binary runs: .1 ms a tile of 256 pixels. Pixels that are to be
// seen by sharp, 1 ms: jpeg-turbo's binding has the fast inverse transform built in, which rounds flat chroma towards grey, by two
// to three values at quality 80. Encoding, .1 ms, is exact enough in both.

import { isSlideError, SlideError } from '../errors.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { spliceTables } from '../jpeg/tables.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { Size } from '../slide/geometry.js';
import { type Luma, lumaOf, type Raster } from '../slide/raster.js';
import { loadSharp } from '../system/load-sharp.js';
import { jpegStream } from './jpeg-stream.js';

type JpegTurbo = typeof import('@julusian/jpeg-turbo');

/** Undefined where the platform has no binary of it. */
const turbo: JpegTurbo | undefined = await import('@julusian/jpeg-turbo').then(
  (module) => (module as { default?: JpegTurbo }).default ?? module,
  () => undefined,
);

/** RGB or grey pixels of a tile. */
export async function decodeJpeg(tile: EncodedTile): Promise<Raster> {
  const stream = wholeStream(tile);
  return naming(stream, tile.encoding, decodeWithSharp(stream, tile.encoding.channels));
}

/** Luminance of a tile, exact to two values or so; the chroma is not even decoded where it is stored apart. For `buffer` see decodeTileLuma. */
export async function decodeJpegLuma(tile: EncodedTile, buffer?: Buffer): Promise<Luma> {
  if (!turbo) return lumaOf(await decodeJpeg(tile));
  const stream = wholeStream(tile);
  const { width, height } = tile.encoding;
  const large = buffer && buffer.length >= width * height ? buffer : undefined;
  return lumaOf(await naming(stream, tile.encoding, decodeWithTurbo(turbo, stream, large)));
}

/** A complete stream with the encoding's subsampling; RGB is stored as YCbCr. `quality` 1 to 100. */
export async function encodeJpeg(raster: Raster, encoding: TileEncoding, quality: number): Promise<EncodedTile> {
  const bytes = await (turbo
    ? encodeWithTurbo(turbo, raster, encoding, quality)
    : encodeWithSharp(raster, encoding, quality));
  return { bytes, encoding: { ...encoding, jpegTables: undefined } };
}

/** What a decoder needs: a complete stream. */
function wholeStream(tile: EncodedTile): Buffer {
  const whole = spliceTables(tile.encoding.jpegTables, jpegStream(tile));
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
}

/** Says of a stream that can't be decoded, or is not of the size it should be, what is wrong with it. */
async function naming<T extends Size>(stream: Buffer, tile: Size, decoding: Promise<T>): Promise<T> {
  const decoded = await decoding.catch((cause) => {
    if (isSlideError(cause)) throw cause;
    // The header is parsed for its message: that of a library says only that there was an error, or even "No error".
    checkSize(parseJpegHeader(stream), tile);
    throw new SlideError('damaged', 'the JPEG stream is damaged or cut short', { cause });
  });
  return checkSize(decoded, tile);
}

async function decodeWithTurbo(jpegTurbo: JpegTurbo, stream: Buffer, buffer: Buffer | undefined): Promise<Raster> {
  const options = { format: jpegTurbo.FORMAT_GRAY };
  // At once: handing a tile to another thread takes several times as long as decoding it.
  const { data, width, height } = buffer
    ? jpegTurbo.decompressSync(stream, buffer, options)
    : jpegTurbo.decompressSync(stream, options);
  return { width, height, channels: 1, sample: 'uint8', data };
}

async function decodeWithSharp(stream: Buffer, channels: 1 | 3): Promise<Raster> {
  const sharp = await loadSharp();
  const pixels = sharp(stream, { failOn: 'warning', ignoreIcc: true, limitInputPixels: false });
  const { data, info } = await pixels
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels, sample: 'uint8', data };
}

async function encodeWithTurbo(jpegTurbo: JpegTurbo, raster: Raster, encoding: TileEncoding, quality: number) {
  const { width, height, channels } = raster;
  const [across, down] = encoding.subsampling;
  const samplings: Record<string, number> = {
    '1,1': jpegTurbo.SAMP_444,
    '2,1': jpegTurbo.SAMP_422,
    '1,2': jpegTurbo.SAMP_440,
    '2,2': jpegTurbo.SAMP_420,
  };
  const subsampling = channels === 1 ? jpegTurbo.SAMP_GRAY : (samplings[`${across},${down}`] ?? jpegTurbo.SAMP_444);
  const format = channels === 1 ? jpegTurbo.FORMAT_GRAY : jpegTurbo.FORMAT_RGB;
  return jpegTurbo.compress(asBuffer(raster), { width, height, format, subsampling, quality });
}

async function encodeWithSharp(raster: Raster, { subsampling }: TileEncoding, quality: number): Promise<Buffer> {
  const { width, height, channels } = raster;
  const sharp = await loadSharp();
  const chromaSubsampling = String(subsampling) === '2,2' ? '4:2:0' : '4:4:4';
  return sharp(asBuffer(raster), { raw: { width, height, channels } })
    .jpeg({ quality, chromaSubsampling, optimiseCoding: false })
    .toBuffer();
}

function checkSize<T extends Size>(decoded: T, tile: Size): T {
  if (decoded.width === tile.width && decoded.height === tile.height) return decoded;
  const found = `${decoded.width} x ${decoded.height}`;
  throw new SlideError('contradictory', `expected a JPEG tile of ${tile.width} x ${tile.height} pixels, got ${found}`);
}

function asBuffer({ data }: Raster): Buffer {
  return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
