// JPEG XR by the library's decoder, over streams of its own encoder where that is installed.
import { describe, expect, it } from 'vitest';
import { jpegXrEncoder, jpegXrStream } from '../../experiments/harness/fixtures/jpeg-xr-stream.js';
import { greatestDifference, grey, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { decodeJpegXr, swapRedAndBlue } from '../../src/codecs/jpeg-xr.js';
import { itWith } from '../fixtures/it-with.js';
import { refusalOf } from '../fixtures/left-behind.js';

const size = { width: 70, height: 50 };

describe('JPEG XR', () => {
  for (const [name, format] of [
    ['colour', rgb],
    ['grey of 8 bits', grey('uint8')],
    ['grey of 16 bits', grey('uint16')],
  ] as const) {
    itWith([jpegXrEncoder], `should always decode to the pixels that went in: ${name}`, async () => {
      const picture = sharpPicture(size, format, 3);
      const stream = await jpegXrStream(picture);
      expect(greatestDifference(await decodeJpegXr(stream, size, format), picture)).toBe(0);
    });
  }

  itWith([jpegXrEncoder], 'should always decode the next stream after a damaged one', async () => {
    const picture = sharpPicture(size, rgb, 3);
    const stream = await jpegXrStream(picture);
    expect(await refusalOf(decodeJpegXr(stream.subarray(0, 300), size, rgb))).toMatchObject({ code: 'damaged' });
    expect(greatestDifference(await decodeJpegXr(stream, size, rgb), picture)).toBe(0);
  });

  itWith([jpegXrEncoder], 'should always refuse a stream of another size or kind before it is decoded', async () => {
    const stream = await jpegXrStream(sharpPicture(size, rgb, 3));
    const other = { width: 50, height: 70 };
    expect((await refusalOf(decodeJpegXr(stream, other, rgb))).problem).toMatch(/50 x 70 pixels, got 70 x 50/);
    expect((await refusalOf(decodeJpegXr(stream, size, grey('uint8')))).problem).toMatch(/8 bits a pixel, .* has 24/);
    expect((await refusalOf(decodeJpegXr(stream.subarray(0, 40), size, rgb))).problem).toMatch(/ends in its header/);
    expect((await refusalOf(decodeJpegXr(new Uint8Array(99), size, rgb))).problem).toMatch(/is no JPEG XR/);
  });

  itWith([jpegXrEncoder], 'should never take over errors of the process', async () => {
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

  it('should always swap red and blue in place', () => {
    const samples = Uint8Array.of(1, 2, 3, 4, 5, 6);
    swapRedAndBlue(samples);
    expect(Array.from(samples)).toEqual([3, 2, 1, 6, 5, 4]);
  });
});
