import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { colourOf, parseJpegHeader } from '../../src/jpeg/header.js';
import { quantisationKey, sameQuantisation, spliceTables, withAdobeMarker } from '../../src/jpeg/tables.js';
import { abbreviate, mozjpeg, texture, turbo, turboLuma, turboPixels } from './sample-streams.js';

const pixels = texture(64, 48, 3, 3);

async function decode(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
}

describe('spliceTables', () => {
  it('should make a complete stream of the same pixels and the same scan', async () => {
    for (const whole of [turbo(pixels, 75, '420'), await mozjpeg(pixels, 75, '4:4:4')]) {
      const { tables, bytes } = abbreviate(whole);
      const spliced = spliceTables(tables, bytes);
      expect(parseJpegHeader(spliced)).toEqual({ ...parseJpegHeader(whole), scanStart: expect.any(Number) });
      expect(await decode(spliced)).toEqual(await decode(whole));
      expect(scanOf(spliced)).toEqual(scanOf(whole));
    }
  });

  it('should leave tables of the tile in force, and JFIF first', async () => {
    const fine = turbo(pixels, 95, '420');
    const coarse = turbo(pixels, 40, '420');
    const spliced = spliceTables(abbreviate(fine).tables, coarse);
    expect(spliced.subarray(2, 11)).toEqual(coarse.subarray(2, 11));
    expect(await decode(spliced)).toEqual(await decode(coarse));
  });

  it('should return a tile without shared tables as it is', () => {
    const whole = turbo(pixels, 75, '420');
    expect(spliceTables(undefined, whole)).toBe(whole);
  });

  it('should refuse tables that hold a scan', () => {
    const whole = turbo(pixels, 75, '420');
    expect(() => spliceTables(whole, whole)).toThrow(/tables alone/);
  });
});

describe('withAdobeMarker', () => {
  it('should tell decoders that samples are RGB, with or without JFIF in the way', () => {
    const jfif = turbo(pixels, 90, '444');
    const marked = withAdobeMarker(jfif, 0);
    expect(colourOf(parseJpegHeader(marked))).toBe('rgb');
    expect(scanOf(marked)).toEqual(scanOf(jfif));
    // Decoded as RGB, the first sample of a pixel is its luma.
    const rgb = turboPixels(marked).data;
    expect(rgb.filter((_, i) => i % 3 === 0)).toEqual(turboLuma(jfif));
    const { bytes, tables } = abbreviate(marked);
    expect(withAdobeMarker(bytes, 0)).toBe(bytes);
    expect(colourOf(parseJpegHeader(bytes, tables))).toBe('rgb');
  });

  it('should keep JFIF beside a transform it agrees with', async () => {
    const jfif = turbo(pixels, 90, '420');
    const marked = withAdobeMarker(jfif, 1);
    expect(parseJpegHeader(marked)).toMatchObject({ jfif: true, adobeTransform: 1 });
    expect(await decode(marked)).toEqual(await decode(jfif));
  });
});

describe('quantisation', () => {
  it('should compare tables by content, not by slot', () => {
    const a = parseJpegHeader(turbo(pixels, 80, '420'));
    const moved = turbo(pixels, 80, '420');
    // Luma from slot 2: the table's own number and the frame's reference to it.
    const dqt = moved.indexOf(0xdb);
    const sof = moved.indexOf(0xc0, dqt);
    moved[dqt + 3] = 2;
    moved[sof + 11] = 2;
    const b = parseJpegHeader(moved);
    const c = parseJpegHeader(turbo(pixels, 79, '420'));
    const d = parseJpegHeader(turbo(texture(8, 8, 1, 1), 80, 'grey'));
    expect([sameQuantisation(a, b), quantisationKey(a) === quantisationKey(b)]).toEqual([true, true]);
    expect([sameQuantisation(a, c), quantisationKey(a) === quantisationKey(c)]).toEqual([false, false]);
    expect([sameQuantisation(a, d), quantisationKey(a) === quantisationKey(d)]).toEqual([false, false]);
  });
});

function scanOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(parseJpegHeader(bytes).scanStart);
}
