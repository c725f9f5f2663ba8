import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { jpeg2000Stream } from '../../experiments/harness/fixtures/jpeg2000-stream.js';
import { grey, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { canEncode, decodeTile, decodeTileLuma } from '../../src/codecs/codec.js';
import { isSlideError } from '../../src/errors.js';
import type { TileEncoding } from '../../src/slide/encoded-tile.js';
import { lumaOf, type Raster } from '../../src/slide/raster.js';
import { refusalOf } from '../fixtures/left-behind.js';

function encodingOf({ width, height, channels }: Raster, photometric?: 'ycbcr'): TileEncoding {
  return {
    width,
    height,
    channels,
    sample: 'uint8',
    codec: 'jpeg2000',
    photometric: photometric ?? (channels === 3 ? 'rgb' : 'black-is-zero'),
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
}

/** The encoder never ends on pictures smaller than its five halvings. */
const side = fc.integer({ min: 48, max: 90 });
const picture = sharpPicture({ width: 64, height: 48 }, rgb, 4);
const encoding = encodingOf(picture);
let stream: Uint8Array = new Uint8Array(0);
beforeAll(async () => {
  stream = await jpeg2000Stream(picture);
});

describe('JPEG 2000 tiles', () => {
  it('should always decode to the pixels that another program stored', async () => {
    for (const format of [rgb, grey('uint8')]) {
      await fc.assert(
        fc.asyncProperty(side, side, fc.nat(1000), async (width, height, seed) => {
          const raster = sharpPicture({ width, height }, format, seed);
          const bytes = await jpeg2000Stream(raster);
          const tile = { bytes, encoding: encodingOf(raster) };
          const decoded = await decodeTile(tile);
          expect(decoded).toEqual({ ...raster, data: Uint8Array.from(raster.data) });
          expect(await decodeTileLuma(tile)).toEqual(lumaOf(decoded));
        }),
        { numRuns: 12 },
      );
    }
  });

  it('should always give the colours that YCbCr without a transform of its own stands for', async () => {
    const colours = [
      [255, 128, 128, 255, 255, 255],
      [0, 128, 128, 0, 0, 0],
      [76, 85, 255, 254, 0, 0],
      [150, 44, 21, 0, 255, 1],
      [29, 255, 107, 0, 0, 254],
    ];
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => colours[Math.floor(i / 3) % 5][i % 3]);
    const raster: Raster = { width: 64, height: 64, channels: 3, sample: 'uint8', data };
    const bytes = await jpeg2000Stream(raster, false);
    const decoded = await decodeTile({ bytes, encoding: encodingOf(raster, 'ycbcr') });
    for (let i = 0; i < data.length; i++)
      expect(Math.abs(decoded.data[i] - colours[Math.floor(i / 3) % 5][3 + (i % 3)])).toBeLessThanOrEqual(1);
  });

  it('should always be refused when cut short, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(stream.length - 1), async (length) => {
        const refusal = await refusalOf(decodeTile({ bytes: stream.subarray(0, length), encoding }));
        expect(refusal.code).toBe('damaged');
      }),
      { numRuns: 60 },
    );
  });

  it('should never show the pixels of the tile before, nor fail after a damaged one', async () => {
    const header = fc.tuple(fc.integer({ min: 4, max: 110 }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(header, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Uint8Array.from(stream);
        for (const [at, value] of changes) damaged[at] = value;
        const outcome = await decodeTile({ bytes: damaged, encoding }).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(isSlideError(outcome, 'damaged', 'unsupported')).toBe(true);
        else expect(outcome).toMatchObject({ width: 64, height: 48, channels: 3 });
        expect((await decodeTile({ bytes: stream, encoding })).data).toEqual(Uint8Array.from(picture.data));
      }),
      { numRuns: 120 },
    );
  });

  it('should always be refused when of another size, other samples, or no codestream', async () => {
    for (const other of [
      { ...encoding, width: 65 },
      { ...encoding, height: 4096 },
      { ...encoding, channels: 1 } as const,
    ])
      expect(await refusalOf(decodeTile({ bytes: stream, encoding: other }))).toMatchObject({
        code: 'damaged',
        problem: expect.stringMatching(/expected a JPEG 2000 tile of .*, got 64 x 48 of 3/),
      });
    const coarse = Uint8Array.from(stream);
    coarse[46] = 2;
    expect(await refusalOf(decodeTile({ bytes: coarse, encoding }))).toMatchObject({ code: 'unsupported' });
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), Uint8Array.of(0xff, 0xd8, 0xff)])
      expect(await refusalOf(decodeTile({ bytes, encoding }))).toMatchObject({ code: 'damaged' });
  });

  it('should never be written anew', () => {
    expect(canEncode('jpeg2000')).toBe(false);
  });
});
