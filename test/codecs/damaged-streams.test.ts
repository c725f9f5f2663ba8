// The law of damaged streams, over every codec that reads pixels.
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { registry } from 'zarrita';
import { grey, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { jpegStream, type Storage, storeChunks } from '../../experiments/harness/fixtures/stored-chunks.js';
import { decodeTile, decodeTileLuma } from '../../src/codecs/codec.js';
import { decodePicture, readPictureFacts } from '../../src/codecs/picture.js';
import { isSlideError } from '../../src/errors.js';
import { registerBoundedCodecs } from '../../src/formats/ome-zarr/zarr-codecs.js';
import type { CodecName, TileEncoding } from '../../src/slide/encoded-tile.js';
import { bytesOf, type PixelFormat, type Raster } from '../../src/slide/raster.js';
import { bloscCompressors, bloscFrame, bloscShuffles } from '../fixtures/blosc-frame.js';
import { type Decoding, decodesAlikeOrRefuses, isRefusal } from '../laws/damaged-streams.js';

const size = { width: 48, height: 32 };
const pictures = (format: PixelFormat) => [1, 2].map((seed) => sharpPicture(size, format, seed)) as [Raster, Raster];

function encodingOf(codec: CodecName, format: PixelFormat, predictor: 1 | 2 = 1): TileEncoding {
  const photometric = format.channels === 1 ? 'black-is-zero' : codec === 'jpeg' ? 'ycbcr' : 'rgb';
  const subsampling = codec === 'jpeg' && format.channels === 3 ? ([2, 2] as const) : ([1, 1] as const);
  return { ...size, ...format, codec, photometric, predictor, bigEndian: false, subsampling };
}

async function tiles(storage: Storage, format: PixelFormat): Promise<Decoding> {
  const streams = [];
  // One a directory: chunks of JPEG share nothing.
  for (const raster of pictures(format)) streams.push((await storeChunks([raster], storage, false)).chunks[0]);
  const encoding = encodingOf(storage.codec, format, storage.predictor);
  return {
    streams: streams as [Uint8Array, Uint8Array],
    decode: async (bytes) => (await decodeTile({ bytes, encoding })).data,
    refuses: isRefusal,
  };
}

describe('tiles', () => {
  const cases: readonly (readonly [Storage, PixelFormat, number])[] = [
    [{ codec: 'raw' }, rgb, 40],
    [{ codec: 'deflate', predictor: 2 }, rgb, 150],
    [{ codec: 'deflate' }, grey('uint16'), 150],
    [{ codec: 'lzw' }, rgb, 150],
    [{ codec: 'lzw', predictor: 2 }, grey('uint8'), 150],
    [{ codec: 'jpeg', sampling: '4:2:0' }, rgb, 200],
    [{ codec: 'jpeg', sampling: 'grey' }, grey('uint8'), 150],
    [{ codec: 'zstd', predictor: 2 }, rgb, 200],
    [{ codec: 'jpeg2000' }, rgb, 60],
    [{ codec: 'jpeg2000' }, grey('uint8'), 60],
  ];
  it.each(cases)('should always be refused or give the same samples each time: %o', async (storage, format, runs) => {
    await decodesAlikeOrRefuses(await tiles(storage, format), runs);
  });

  it.each(['4:2:0', 'grey'] as const)(
    'should always be refused or give the same luminance each time, whatever lay where it is put: JPEG %s',
    async (sampling) => {
      const format = sampling === 'grey' ? grey('uint8') : rgb;
      const decoding = await tiles({ codec: 'jpeg', sampling }, format);
      const encoding = encodingOf('jpeg', format);
      const decode = async (bytes: Uint8Array, before: number) => {
        const room = Buffer.alloc(size.width * size.height, before);
        return (await decodeTileLuma({ bytes, encoding }, room)).data;
      };
      await decodesAlikeOrRefuses({ ...decoding, decode }, 300);
    },
  );
});

describe('pictures', () => {
  const decode = async (bytes: Uint8Array) => (await decodePicture(bytes, readPictureFacts(bytes), 3)).data;
  // The law's two streams, and any of a size that can be decoded while one waits.
  const refuses = (error: unknown) => isRefusal(error) || isSlideError(error, 'unreadable');

  it('should always be refused or give the same pixels each time: PNG', async () => {
    const streams = [];
    for (const { data } of pictures(rgb))
      streams.push(
        await sharp(data, { raw: { ...size, channels: 3 } })
          .png()
          .toBuffer(),
      );
    const decoding = { streams: streams as unknown as Decoding['streams'], decode: sized(decode), refuses };
    await decodesAlikeOrRefuses(decoding, 120);
  });

  it('should always be refused or give the same pixels each time: JPEG', async () => {
    const streams = [];
    for (const picture of pictures(rgb)) streams.push(await jpegStream(picture, { codec: 'jpeg' }));
    const decoding = { streams: streams as unknown as Decoding['streams'], decode: sized(decode), refuses };
    await decodesAlikeOrRefuses(decoding, 120);
  });

  /** As callers do: what is not of the size of a tile is not decoded. */
  function sized(decoder: typeof decode): typeof decode {
    return async (bytes) => {
      const { width, height } = readPictureFacts(bytes);
      return width === size.width && height === size.height ? decoder(bytes) : new Uint8Array();
    };
  }
});

describe('chunks of Zarr', () => {
  const length = size.width * size.height * 2;
  const plain = pictures(grey('uint16')).map(({ data }) => bytesOf(data));
  type Made = {
    fromConfig(config: unknown, meta: object): { decode(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array };
  };

  async function chunks(
    name: string,
    encode: (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array,
  ): Promise<Decoding> {
    registerBoundedCodecs();
    const codec = (await registry.get(name)?.()) as unknown as Made;
    const made = codec.fromConfig({}, { dataType: 'uint16', shape: [size.height, size.width] });
    const streams = [];
    for (const bytes of plain) streams.push(await encode(bytes));
    return {
      streams: streams as unknown as Decoding['streams'],
      decode: async (bytes) => {
        const decoded = await made.decode(bytes);
        // Fewer or more samples are refused where the chunk is put to use.
        if (decoded.length !== length) throw new Error(`${decoded.length} bytes`);
        return decoded;
      },
      refuses: (error) => error instanceof Error,
    };
  }

  it.each(bloscCompressors)(
    'should always be refused or give the same samples each time: Blosc with %s',
    async (compressor) => {
      for (const shuffle of bloscShuffles) {
        for (const blockBytes of [0, 1024]) {
          await decodesAlikeOrRefuses(
            await chunks('blosc', (bytes) => bloscFrame(bytes, { compressor, shuffle, blockBytes })),
            50,
          );
        }
      }
    },
  );

  it.each([
    ['lz4', () => import('numcodecs/lz4')],
    ['zstd', () => import('numcodecs/zstd')],
  ] as const)('should always be refused or give the same samples each time: %s', async (name, load) => {
    const { default: Codec } = (await load()) as unknown as {
      default: { fromConfig(config: object): { encode(bytes: Uint8Array): Promise<Uint8Array> } };
    };
    const config = { level: 3, acceleration: 1 };
    await decodesAlikeOrRefuses(await chunks(name, (bytes) => Codec.fromConfig(config).encode(bytes)), 200);
  });

  it('should always be refused or give the same samples each time: gzip', async () => {
    await decodesAlikeOrRefuses(await chunks('gzip', (bytes) => gzipSync(bytes)), 100);
  });

  it('should always be refused where a checksum is not that of the bytes', async () => {
    const withChecksum = (bytes: Uint8Array) => {
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(checksumOf(bytes));
      return Buffer.concat([bytes, sum]);
    };
    const decoding = await chunks('crc32c', withChecksum);
    await decodesAlikeOrRefuses(decoding, 100);
    for (let bit = 0; bit < 8 * length; bit += 997) {
      const flipped = Uint8Array.from(decoding.streams[0]);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      await expect(decoding.decode(flipped, 0)).rejects.toThrow(/checksum/);
    }
  });
});

/** CRC-32C bit by bit. */
function checksumOf(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
