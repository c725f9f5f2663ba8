import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  greatestDifference,
  grey,
  meanDifference,
  rgb,
  sharpPicture,
} from '../../experiments/harness/fixtures/pictures.js';
import { type JpegSampling, jpegStream, storeChunks } from '../../experiments/harness/fixtures/stored-chunks.js';
import { decodeTile, decodeTileLuma, encodeTile } from '../../src/codecs/codec.js';
import { isSlideError, SlideError } from '../../src/errors.js';
import type { TileEncoding } from '../../src/slide/encoded-tile.js';
import type { Raster } from '../../src/slide/raster.js';

const size = { width: 64, height: 48 };
const samplings = ['4:2:0', '4:2:2', '4:4:4', 'grey'] as const;
const factors = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1], grey: [1, 1], rgb: [1, 1] } as const;

function encodingOf(sampling: JpegSampling, tables?: Uint8Array): TileEncoding {
  const format = sampling === 'grey' ? grey('uint8') : rgb;
  const photometric = sampling === 'grey' ? 'black-is-zero' : sampling === 'rgb' ? 'rgb' : 'ycbcr';
  const subsampling = factors[sampling];
  return {
    ...size,
    ...format,
    codec: 'jpeg',
    photometric,
    predictor: 1,
    bigEndian: false,
    subsampling,
    jpegTables: tables,
  };
}

function picture(sampling: JpegSampling, seed = 1): Raster {
  return sharpPicture(size, sampling === 'grey' ? grey('uint8') : rgb, seed);
}

async function decodedBySharp(bytes: Uint8Array, sampling: JpegSampling): Promise<Buffer> {
  const space = sampling === 'grey' ? 'b-w' : 'srgb';
  const { data, info } = await sharp(bytes).toColourspace(space).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ ...size, channels: sampling === 'grey' ? 1 : 3 });
  return data;
}

/** The sampling factors of each component, as the frame header (SOF0) has them. */
function samplingFactors(bytes: Uint8Array): number[] {
  const frame = Buffer.from(bytes).indexOf(Uint8Array.of(0xff, 0xc0));
  return Array.from({ length: bytes[frame + 9] }, (_, i) => bytes[frame + 11 + 3 * i]);
}

describe('JPEG tiles', () => {
  const cases = samplings.flatMap((sampling) => [40, 75, 90].map((quality) => ({ sampling, quality })));

  it.each(cases)(
    'should always decode $sampling at quality $quality nearly as sharp does',
    async ({ sampling, quality }) => {
      const bytes = await jpegStream(picture(sampling), { codec: 'jpeg', quality, sampling });
      const data = await decodedBySharp(bytes, sampling);
      const decoded = await decodeTile({ bytes, encoding: encodingOf(sampling) });
      // Another DCT (fast, against libjpeg's slow one) and rounding: about one step, whatever the quality.
      expect(decoded).toMatchObject({ ...size, channels: sampling === 'grey' ? 1 : 3, sample: 'uint8' });
      expect(meanDifference(decoded.data, data)).toBeLessThan(1.5);
      expect(greatestDifference(decoded, { ...decoded, data })).toBeLessThanOrEqual(7);
    },
  );

  it.each(samplings)('should always decode %s with shared tables as with its own', async (sampling) => {
    const whole = await jpegStream(picture(sampling), { codec: 'jpeg', sampling });
    const { chunks, tables } = await storeChunks(
      [picture(sampling)],
      { codec: 'jpeg', sampling, sharedTables: true },
      false,
    );
    expect(chunks[0].length).toBeLessThan(whole.length);
    const apart = { bytes: chunks[0], encoding: encodingOf(sampling, tables) };
    const one = { bytes: whole, encoding: encodingOf(sampling) };
    expect(await decodeTile(apart)).toEqual(await decodeTile(one));
    expect(await decodeTileLuma(apart)).toEqual(await decodeTileLuma(one));
  });

  it('should never take RGB for YCbCr: the file says which it is, the stream does not', async () => {
    const original = picture('rgb');
    const bytes = await jpegStream(original, { codec: 'jpeg', sampling: 'rgb' });
    const rightly = await decodeTile({ bytes, encoding: encodingOf('rgb') });
    const wrongly = await decodeTile({ bytes, encoding: encodingOf('4:4:4') });
    expect(meanDifference(rightly.data, original.data)).toBeLessThan(4);
    expect(meanDifference(wrongly.data, original.data)).toBeGreaterThan(30);
  });

  it('should never change the tint of glass: flat colour comes back within a value', async () => {
    const glass = {
      ...picture('4:2:0'),
      data: Uint8Array.from({ length: 48 * 48 * 3 }, (_, i) => [244, 242, 245][i % 3]),
    };
    const size = { width: 48, height: 48 };
    for (const quality of [80, 95]) {
      const tile = await encodeTile({ ...glass, ...size }, { ...encodingOf('4:2:0'), ...size }, quality);
      const { data } = await decodeTile(tile);
      expect(greatestDifference({ ...glass, ...size, data }, { ...glass, ...size })).toBeLessThanOrEqual(1);
    }
  });

  it('should never decode a stream that was cut short', async () => {
    const bytes = await jpegStream(picture('4:2:0'), { codec: 'jpeg' });
    const encoding = encodingOf('4:2:0');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 3 }), async (length) => {
        for (const decode of [decodeTile, decodeTileLuma]) {
          const outcome = await decode({ bytes: bytes.subarray(0, length), encoding }).catch((error: unknown) => error);
          expect(isSlideError(outcome, 'damaged')).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('should only ever refuse or give a picture of the right size, whichever bit is flipped', async () => {
    const bytes = await jpegStream(picture('4:2:0'), { codec: 'jpeg' });
    const encoding = encodingOf('4:2:0');
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * bytes.length - 1), async (bit) => {
        const damaged = Uint8Array.from(bytes);
        damaged[bit >> 3] ^= 1 << (bit & 7);
        const outcome = await decodeTile({ bytes: damaged, encoding }).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(isSlideError(outcome, 'damaged', 'unsupported')).toBe(true);
        else expect(outcome).toMatchObject(size);
      }),
      { numRuns: 80 },
    );
  });

  it('should always give the same luminance or refusal, whatever room it is given', async () => {
    const encoding = encodingOf('4:2:0');
    const sound = await jpegStream(picture('4:2:0'), { codec: 'jpeg' });
    const large = await jpegStream(sharpPicture({ width: 96, height: 80 }, rgb, 2), { codec: 'jpeg' });
    const outcome = (bytes: Uint8Array, room?: Buffer) =>
      decodeTileLuma({ bytes, encoding }, room).then(
        (luma) => ({ ...luma, data: Buffer.from(luma.data as Uint8Array).toString('base64') }),
        (error: SlideError) => error.message,
      );
    const streams = fc.oneof(
      fc.constant(sound),
      fc.constant(large),
      fc.nat(sound.length).map((length) => sound.subarray(0, length)),
      fc.nat(8 * 700).map((bit) => sound.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))),
    );
    await fc.assert(
      fc.asyncProperty(streams, fc.constantFrom(0, 64 * 48 - 1, 64 * 48, 10_000), async (bytes, length) => {
        const plain = await outcome(bytes);
        expect(await outcome(bytes, Buffer.alloc(length, 99))).toEqual(plain);
        if (bytes === large) expect(plain).toMatch(/64 x 48 pixels, got 96 x 80/);
      }),
      { numRuns: 80 },
    );
  });

  it('should never decode a tile of another size than the grid has', async () => {
    const small = sharpPicture({ width: 32, height: 48 }, rgb, 1);
    const bytes = await jpegStream(small, { codec: 'jpeg' });
    await expect(decodeTile({ bytes, encoding: encodingOf('4:2:0') })).rejects.toThrow(/64 x 48 pixels, got 32 x 48/);
  });

  it('should always say that bytes are no JPEG', async () => {
    const bytes = Buffer.from('not a picture at all');
    const encoding = encodingOf('4:2:0');
    await expect(decodeTile({ bytes, encoding })).rejects.toThrow(SlideError);
    await expect(decodeTile({ bytes, encoding })).rejects.toThrow(/JPEG/);
  });
});

describe('encoding JPEG', () => {
  it.each(samplings)('should always store %s so that sharp reads the same picture', async (sampling) => {
    const original = picture(sampling);
    const { bytes, encoding } = await encodeTile(original, encodingOf(sampling), 95);
    const data = await decodedBySharp(bytes, sampling);
    expect(encoding.jpegTables).toBeUndefined();
    expect(samplingFactors(bytes)).toEqual(
      { '4:2:0': [0x22, 0x11, 0x11], '4:2:2': [0x21, 0x11, 0x11], '4:4:4': [0x11, 0x11, 0x11], grey: [0x11] }[sampling],
    );
    // Chroma that is stored coarser loses the texture's colours, not its light.
    if (sampling === '4:4:4' || sampling === 'grey') expect(meanDifference(data, original.data)).toBeLessThan(3);
  });

  it('should always keep more of the picture at a higher quality', async () => {
    const original = picture('4:4:4');
    const losses: number[] = [];
    for (const quality of [30, 60, 90]) {
      const tile = await encodeTile(original, encodingOf('4:4:4'), quality);
      losses.push(meanDifference((await decodeTile(tile)).data, original.data));
    }
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });
});
