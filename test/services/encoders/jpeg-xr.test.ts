// JPEG XR by the library's decoder, over streams of its own encoder.
import { expect, it } from 'vitest';
import { jpegXrEncoder, jpegXrStream } from '../../../experiments/harness/fixtures/jpeg-xr-stream.js';
import { greatestDifference, grey, rgb, sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import { decodeJpegXr } from '../../../src/codecs/jpeg-xr.js';
import { isSlideError } from '../../../src/errors.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { describeWith } from '../../fixtures/with-programs.js';
import { decodesAlikeOrRefuses, isRefusal } from '../../laws/damaged-streams.js';

const size = { width: 70, height: 50 };

describeWith([jpegXrEncoder], 'JPEG XR', () => {
  for (const [name, format] of [
    ['colour', rgb],
    ['grey of 8 bits', grey('uint8')],
    ['grey of 16 bits', grey('uint16')],
  ] as const) {
    it(`should always decode to the pixels that went in: ${name}`, async () => {
      const picture = sharpPicture(size, format, 3);
      const stream = await jpegXrStream(picture);
      expect(greatestDifference(await decodeJpegXr(stream, size, format), picture)).toBe(0);
    });
  }

  it('should always decode the next stream after a damaged one', async () => {
    const picture = sharpPicture(size, rgb, 3);
    const stream = await jpegXrStream(picture);
    expect(await refusalOf(decodeJpegXr(stream.subarray(0, 300), size, rgb))).toMatchObject({ code: 'damaged' });
    expect(greatestDifference(await decodeJpegXr(stream, size, rgb), picture)).toBe(0);
  });

  it('should always refuse a stream of another size or kind before it is decoded', async () => {
    const stream = await jpegXrStream(sharpPicture(size, rgb, 3));
    const other = { width: 50, height: 70 };
    expect((await refusalOf(decodeJpegXr(stream, other, rgb))).problem).toMatch(/50 x 70 pixels, got 70 x 50/);
    expect((await refusalOf(decodeJpegXr(stream, size, grey('uint8')))).problem).toMatch(/8 bits a pixel, .* has 24/);
    expect((await refusalOf(decodeJpegXr(stream.subarray(0, 40), size, rgb))).problem).toMatch(/ends in its header/);
    expect((await refusalOf(decodeJpegXr(new Uint8Array(99), size, rgb))).problem).toMatch(/is no JPEG XR/);
  });

  it('should never take over errors of the process', async () => {
    const count = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
    const before = count();
    const own = () => {};
    process.on('unhandledRejection', own);
    // A damaged stream makes the next one start a new decoder.
    const stream = await jpegXrStream(sharpPicture(size, rgb, 4));
    await refusalOf(decodeJpegXr(stream.subarray(0, 300), size, rgb));
    await decodeJpegXr(stream, size, rgb);
    expect(process.listeners('unhandledRejection')).toContain(own);
    process.off('unhandledRejection', own);
    expect(count()).toEqual(before);
  });

  it('should always be refused or give the same pixels each time', async () => {
    const streams = await Promise.all(
      [1, 2].map((seed) => jpegXrStream(sharpPicture({ width: 48, height: 32 }, rgb, seed))),
    );
    const decode = async (bytes: Uint8Array) => (await decodeJpegXr(bytes, { width: 48, height: 32 }, rgb)).data;
    const refuses = (error: unknown) => isRefusal(error) || isSlideError(error, 'unreadable');
    await decodesAlikeOrRefuses({ streams: streams as [Uint8Array, Uint8Array], decode, refuses }, 120);
  });
});
