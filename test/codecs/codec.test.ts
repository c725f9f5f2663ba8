import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleBytes } from '../../experiments/harness/fixtures/pictures.js';
import { storeChunks } from '../../experiments/harness/fixtures/stored-chunks.js';
import { canEncode, decodeTile, encodeTile } from '../../src/codecs/codec.js';
import { isSlideError } from '../../src/errors.js';
import type { CodecName, EncodedTile, TileEncoding } from '../../src/slide/encoded-tile.js';
import type { PixelFormat, Raster } from '../../src/slide/raster.js';
import { arbitraryRaster, pixelFormats } from '../arbitraries/raster.js';

type Lossless = Exclude<CodecName, 'jpeg' | 'jpeg2000'>;

const codecs: readonly Lossless[] = ['raw', 'deflate', 'lzw', 'zstd'];
const runs = { raw: 30, deflate: 30, lzw: 8, zstd: 8 } as const;

/** A raster and one way of storing it. */
function arbitraryTile(codec: Lossless): fc.Arbitrary<{ raster: Raster; encoding: TileEncoding }> {
  return fc
    .constantFrom(...pixelFormats)
    .chain((format) => fc.tuple(arbitraryRaster(format), fc.constantFrom(1, 2), fc.boolean()))
    .map(([raster, predictor, bigEndian]) => ({
      raster,
      encoding: encodingOf(raster, codec, codec === 'raw' ? 1 : (predictor as 1 | 2), bigEndian),
    }));
}

function encodingOf(
  { width, height, channels, sample }: Raster,
  codec: Lossless,
  predictor: 1 | 2,
  bigEndian: boolean,
): TileEncoding {
  const photometric = channels === 3 ? 'rgb' : 'black-is-zero';
  return { width, height, channels, sample, codec, predictor, bigEndian, photometric, subsampling: [1, 1] };
}

async function storedElsewhere(raster: Raster, { codec, predictor, bigEndian }: TileEncoding): Promise<Uint8Array> {
  return (await storeChunks([raster], { codec, predictor }, bigEndian)).chunks[0];
}

describe.each(codecs)('%s tiles', (codec) => {
  const numRuns = runs[codec];

  it('should always decode to the pixels that another program stored', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTile(codec), async ({ raster, encoding }) => {
        const bytes = await storedElsewhere(raster, encoding);
        expect(await decodeTile({ bytes, encoding })).toEqual(raster);
      }),
      { numRuns },
    );
  });

  it('should never change the bytes that are decoded', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTile(codec), async ({ raster, encoding }) => {
        const bytes = Buffer.from(await storedElsewhere(raster, encoding));
        const before = Buffer.from(bytes);
        await decodeTile({ bytes, encoding });
        expect(bytes.equals(before)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('should never decode a tile that was cut short', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTile(codec),
        fc.double({ min: 0, max: 1, maxExcluded: true }),
        async ({ raster, encoding }, share) => {
          const bytes = await storedElsewhere(raster, encoding);
          // Of an LZW stream, the last bytes may be no more than the code for its end.
          const most = Math.max(0, bytes.length - (codec === 'lzw' ? 3 : 0));
          await expectDamaged({ bytes: bytes.subarray(0, Math.floor(share * most)), encoding });
        },
      ),
      { numRuns },
    );
  });
});

describe('tiles with a checksum', () => {
  it('should never give wrong pixels, whichever bit of deflate is flipped', async () => {
    const codec = 'deflate';
    await fc.assert(
      fc.asyncProperty(arbitraryTile(codec), fc.nat(), async ({ raster, encoding }, at) => {
        const bytes = Uint8Array.from(await storedElsewhere(raster, encoding));
        bytes[(at >> 3) % bytes.length] ^= 1 << (at & 7);
        const decoded = await decodeTile({ bytes, encoding }).catch((error: unknown) => error);
        // Some bits mean nothing: those that fill the last byte up.
        if (isSlideError(decoded)) expect(decoded.code).toBe('damaged');
        else expect(decoded).toEqual(raster);
      }),
      { numRuns: 60 },
    );
  });

  it('should never inflate a tile far beyond its size', async () => {
    const huge = {
      width: 4096,
      height: 4096,
      channels: 3,
      sample: 'uint8',
      data: new Uint8Array(4096 * 4096 * 3),
    } as const;
    const { chunks } = await storeChunks([huge], { codec: 'deflate' }, false);
    const before = process.memoryUsage().arrayBuffers;
    await expectDamaged({
      bytes: chunks[0],
      encoding: { ...encodingOf(huge, 'deflate', 1, false), width: 16, height: 16 },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4e6);
  });
});

describe('encodeTile', () => {
  const written = (['raw', 'deflate'] as const).flatMap((codec) => pixelFormats.map((format) => ({ codec, format })));

  it.each(written)(
    'should always store $format.sample x $format.channels as $codec so that others read it',
    async ({ codec, format }) => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryRaster(format),
          fc.constantFrom(1, 2),
          fc.boolean(),
          async (raster, predictor, bigEndian) => {
            const encoding = encodingOf(raster, codec, codec === 'raw' ? 1 : (predictor as 1 | 2), bigEndian);
            const before = sampleBytes(raster.data, false);
            const { bytes } = await encodeTile(raster, encoding, 90);
            const plain = codec === 'raw' ? bytes : inflateSync(bytes);
            expect(undoneElsewhere(plain, raster, encoding)).toEqual(Array.from(raster.data));
            expect(sampleBytes(raster.data, false)).toEqual(before);
            expect(await decodeTile({ bytes, encoding })).toEqual(raster);
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  it('should never change a raster whose samples are a Buffer, as decoders give them', async () => {
    const data = Buffer.from([10, 20, 30, 40, 50, 60]);
    const raster: Raster = { width: 2, height: 1, channels: 3, sample: 'uint8', data };
    await encodeTile(raster, encodingOf(raster, 'deflate', 2, false), 90);
    expect([...data]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('should always say that a codec is only read', async () => {
    const raster = { width: 1, height: 1, channels: 1, sample: 'uint8', data: new Uint8Array(1) } as const;
    for (const codec of ['lzw', 'zstd'] as const) {
      expect(canEncode(codec)).toBe(false);
      await expect(encodeTile(raster, encodingOf(raster, codec, 1, false), 90)).rejects.toMatchObject({
        code: 'unsupported',
      });
    }
  });
});

async function expectDamaged(tile: EncodedTile): Promise<void> {
  const outcome = await decodeTile(tile).catch((error: unknown) => error);
  expect(isSlideError(outcome, 'damaged')).toBe(true);
}

/** Samples out of stored bytes, one by one and slowly: byte order, then differences. */
function undoneElsewhere(
  bytes: Uint8Array,
  { width, channels }: Raster,
  { predictor, bigEndian, sample }: TileEncoding,
): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Record<PixelFormat['sample'], (at: number) => number> = {
    uint8: (at) => view.getUint8(at),
    int8: (at) => view.getInt8(at),
    uint16: (at) => view.getUint16(2 * at, !bigEndian),
    int16: (at) => view.getInt16(2 * at, !bigEndian),
  };
  const bits = sample.endsWith('16') ? 16 : 8;
  const wrap = (value: number) =>
    sample.startsWith('u') ? value & (2 ** bits - 1) : (value << (32 - bits)) >> (32 - bits);
  const samples: number[] = [];
  for (let i = 0; i < (8 * bytes.length) / bits; i++) {
    const first = i % (width * channels) < channels;
    samples.push(predictor === 1 || first ? read[sample](i) : wrap(read[sample](i) + samples[i - channels]));
  }
  return samples;
}
