// Tiles to pixels and back: one line a codec, each loaded when it is first met.
import { endianness } from 'node:os';
import { SlideError } from '../errors.js';
import type { CodecName, EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { bytesOf, bytesPerSample, type Luma, lumaOf, type Raster, samplesOf } from '../slide/raster.js';
import type { ByteCodec } from './byte-codec.js';
import { applyPredictor, undoPredictor } from './predictor.js';

/** Codecs of bytes; the others are of pixels. */
type ByteCodecName = Exclude<CodecName, 'jpeg' | 'jpeg2000'>;

const byteCodecs: Record<ByteCodecName, () => Promise<ByteCodec>> = {
  deflate: once(async () => (await import('./deflate.js')).deflate),
  lzw: once(async () => (await import('./lzw.js')).lzw),
  raw: once(async () => (await import('./raw.js')).raw),
  zstd: once(async () => (await import('./zstd.js')).zstd),
};
const inflating = once(() => import('./inflate-luma.js'));
const jpeg = once(() => import('./jpeg.js'));
const jpeg2000 = once(() => import('./jpeg2000.js'));

/** Pixels of a tile above which its samples are not held in memory where luminance will do. */
const largeTile = 2 ** 22;

const writable: readonly CodecName[] = ['jpeg', 'deflate', 'raw'];

/** Whether zflat can encode tiles with this codec, not only read them. */
export function canEncode(codec: CodecName): boolean {
  return writable.includes(codec);
}

/** The pixels of a tile, padding included; `damaged` where they can't be decoded. */
export function decodeTile(tile: EncodedTile): Promise<Raster> {
  const { codec } = tile.encoding;
  if (codec === 'jpeg') return decoding(jpeg, ({ decodeJpeg }) => decodeJpeg(tile));
  if (codec === 'jpeg2000') return decoding(jpeg2000, ({ decodeJpeg2000 }) => decodeJpeg2000(tile));
  return decoding(byteCodecs[codec], ({ decompress }) => decodeBytes(tile, decompress));
}

/** The luminance of a tile, padding included; for JPEG the cheapest way there. It may come to lie in `buffer`, if that is large enough. */
export function decodeTileLuma(tile: EncodedTile, buffer?: Buffer): Promise<Luma> {
  const { codec, width, height } = tile.encoding;
  if (codec === 'deflate' && width * height > largeTile) {
    return decoding(inflating, ({ inflateLuma }) =>
      inflateLuma(tile.bytes, tile.encoding, foreignOrder(tile.encoding)),
    );
  }
  if (codec !== 'jpeg') return decodeTile(tile).then(lumaOf);
  return decoding(jpeg, ({ decodeJpegLuma }) => decodeJpegLuma(tile, buffer));
}

/** Encodes a raster of the encoding's own size and format. `quality`, 1 to 100, is for JPEG alone. */
export async function encodeTile(raster: Raster, encoding: TileEncoding, quality: number): Promise<EncodedTile> {
  if (encoding.codec === 'jpeg') return (await jpeg()).encodeJpeg(raster, encoding, quality);
  const { compress } = encoding.codec === 'jpeg2000' ? {} : await byteCodecs[encoding.codec]();
  if (!compress) throw new SlideError('unsupported', `zflat reads ${encoding.codec} tiles but writes none`);
  const own = Uint8Array.from(bytesOf(raster.data));
  if (encoding.predictor === 2) applyPredictor({ ...raster, data: samplesOf(raster.sample, own) });
  if (foreignOrder(encoding)) Buffer.from(own.buffer).swap16();
  return { bytes: await compress(own), encoding };
}

async function decodeBytes(
  { bytes: stored, encoding }: EncodedTile,
  decompress: ByteCodec['decompress'],
): Promise<Raster> {
  const { width, height, channels, sample, codec } = encoding;
  const length = width * height * channels * bytesPerSample(sample);
  const bytes = await decompress(stored, length);
  if (bytes.length < length) throw new Error(`expected ${length} bytes of pixels, got ${bytes.length}`);
  // Own bytes: what is read may be shared, and the next steps work in place. (The slice() of a Buffer would be no copy.)
  const part = bytes.subarray(0, length);
  const own = codec === 'raw' ? Uint8Array.from(part) : part;
  if (foreignOrder(encoding)) Buffer.from(own.buffer, own.byteOffset, length).swap16();
  const raster = { width, height, channels, sample, data: samplesOf(sample, own) };
  if (encoding.predictor === 2) undoPredictor(raster);
  return raster;
}

function foreignOrder({ bigEndian, sample }: TileEncoding): boolean {
  return bytesPerSample(sample) === 2 && bigEndian !== (endianness() === 'BE');
}

/** What a codec throws is the fault of the tile; that it can't be loaded is not. */
async function decoding<Codec, Decoded>(
  load: () => Promise<Codec>,
  decode: (codec: Codec) => Promise<Decoded>,
): Promise<Decoded> {
  const codec = await load();
  try {
    return await decode(codec);
  } catch (cause) {
    if (cause instanceof SlideError) throw cause;
    const hint = 'the tile is damaged: copy the file again';
    throw new SlideError('damaged', `a tile can't be decoded: ${(cause as Error).message}`, { cause, hint });
  }
}

/** Loads a module once: to ask the system for one that it has takes a few microseconds, for each tile. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
