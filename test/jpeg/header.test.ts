import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { colourOf, parseJpegHeader } from '../../src/jpeg/header.js';
import { concatenate } from '../../src/jpeg/tables.js';
import { itWith } from '../fixtures/with-programs.js';
import { abbreviate, cjpeg, libjpeg, mozjpeg, samplings, texture, turbo } from './sample-streams.js';

const colour = texture(100, 60, 3, 1);

describe('parseJpegHeader', () => {
  it('should give size, sampling, tables and MCUs of a complete stream', () => {
    const bytes = turbo(colour, 80, '420');
    const header = parseJpegHeader(bytes);
    expect(header).toMatchObject({ process: 'baseline', precision: 8, width: 100, height: 60, restartInterval: 0 });
    expect(header).toMatchObject({
      mcuWidth: 16,
      mcuHeight: 16,
      mcuColumns: 7,
      mcuRows: 4,
      blocksPerMcu: 6,
      interleaved: true,
    });
    expect(header.components.map(({ id, h, v }) => [id, h, v])).toEqual([
      [1, 2, 2],
      [2, 1, 1],
      [3, 1, 1],
    ]);
    // Annex K at quality 80 is the tables of annex K times .4.
    expect([...header.components[0].quantTable.subarray(0, 4)]).toEqual([6, 4, 5, 6]);
    expect([...header.components[1].quantTable.subarray(0, 4)]).toEqual([7, 7, 7, 10]);
    expect([...(header.components[0].dcTable?.counts ?? [])].slice(0, 5)).toEqual([0, 1, 5, 1, 1]);
    expect(header.components[0].acTable?.symbols.length).toBe(162);
    // The scan header of three components has 12 bytes.
    expect([...bytes.subarray(header.scanStart - 14, header.scanStart - 10)]).toEqual([0xff, 0xda, 0, 12]);
  });

  it('should always give an abbreviated stream with its tables the header of the complete one', () => {
    const bytes = turbo(colour, 50, '422');
    const tile = abbreviate(bytes);
    expect(parseJpegHeader(tile.bytes, tile.tables)).toEqual({
      ...parseJpegHeader(bytes),
      scanStart: expect.any(Number),
    });
    expect(() => parseJpegHeader(tile.bytes)).toThrow(/quantisation table 0 is missing/);
  });

  it('should always be that of its own stream, though others lie beside it in one buffer', () => {
    const streams = [50, 80, 50, 90].map((quality) => turbo(colour, quality, '420'));
    const buffer = concatenate(streams);
    let start = 0;
    for (const stream of streams) {
      const inside = buffer.subarray(start, start + stream.length);
      expect(parseJpegHeader(inside)).toEqual(parseJpegHeader(stream));
      start += stream.length;
    }
  });

  it('should let tables of the tile replace those it shares', () => {
    const fine = abbreviate(turbo(colour, 95, '420'));
    const coarse = turbo(colour, 30, '420');
    expect(parseJpegHeader(coarse, fine.tables).components).toEqual(parseJpegHeader(coarse).components);
  });

  itWith(libjpeg, 'should name the process, the restart interval and the MCU of every sampling', () => {
    expect(parseJpegHeader(cjpeg(colour, { quality: 80, sampling: '420', process: 'progressive' })).process).toBe(
      'progressive',
    );
    expect(parseJpegHeader(cjpeg(colour, { quality: 80, sampling: '420', process: 'arithmetic' })).process).toBe(
      'arithmetic',
    );
    expect(parseJpegHeader(cjpeg(colour, { quality: 80, sampling: '420', restart: 3 })).restartInterval).toBe(3);
    const mcus = samplings.map((sampling) => {
      const { mcuWidth, mcuHeight } = parseJpegHeader(cjpeg(colour, { quality: 80, sampling }));
      return `${sampling} ${mcuWidth}x${mcuHeight}`;
    });
    expect(mcus).toEqual(['420 16x16', '422 16x8', '440 8x16', '444 8x8', '411 32x8', 'grey 8x8', 'rgb 8x8']);
  });

  it('should take the only component of a frame for one block an MCU, whatever its sampling factors', () => {
    const bytes = turbo(texture(100, 60, 1, 1), 80, 'grey');
    const sof = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes[sof + 11] = 0x22;
    expect(parseJpegHeader(bytes)).toMatchObject({
      mcuWidth: 8,
      mcuHeight: 8,
      mcuColumns: 13,
      mcuRows: 8,
      blocksPerMcu: 1,
    });
  });

  it('should only ever throw SlideErrors, on random bytes and on streams cut or changed anywhere', async () => {
    const whole = [turbo(colour, 80, '420'), await mozjpeg(colour, 60, '4:4:4')];
    const change = fc.record({ at: fc.nat(700), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.array(change, { maxLength: 4 }), fc.nat(900), (bytes, changes, cut) => {
        const bad = bytes.slice(0, bytes.length - (cut > 700 ? 0 : cut));
        for (const { at, to } of changes) bad[at] = to;
        expectHeaderOrRefusal(bad);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) =>
        expectHeaderOrRefusal(Uint8Array.of(0xff, 0xd8, ...bytes)),
      ),
    );
  });

  it('should never accept a stream that ends within its header', () => {
    const bytes = turbo(colour, 80, '420');
    const { scanStart } = parseJpegHeader(bytes);
    for (let length = 0; length < scanStart; length++) {
      expect(() => parseJpegHeader(bytes.subarray(0, length))).toThrow(/JPEG/);
    }
    expect(parseJpegHeader(bytes.subarray(0, scanStart)).scanStart).toBe(scanStart);
  });
});

describe('colourOf', () => {
  const adobe = (transform: 0 | 1) => [0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform];

  /** A header of three components with these identifiers, and the markers put first. */
  function header(ids: number[], ...markers: number[][]) {
    const bytes = turbo(colour, 80, '444');
    const from = bytes.indexOf(0xdb) - 1; // without the JFIF marker
    const stream = [0xff, 0xd8, ...markers.flat(), ...bytes.subarray(from)];
    const sof = stream.findIndex((byte, i) => byte === 0xff && stream[i + 1] === 0xc0);
    const sos = stream.findIndex((byte, i) => byte === 0xff && stream[i + 1] === 0xda);
    for (let c = 0; c < 3; c++) stream[sof + 10 + 3 * c] = stream[sos + 5 + 2 * c] = ids[c];
    return parseJpegHeader(Uint8Array.from(stream));
  }

  it("should follow libjpeg's rules: JFIF, then Adobe, then the identifiers", () => {
    const jfif = [0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0];
    expect(colourOf(header([82, 71, 66], jfif, adobe(0)))).toBe('ycbcr');
    expect(colourOf(header([1, 2, 3], adobe(0)))).toBe('rgb');
    expect(colourOf(header([82, 71, 66], adobe(1)))).toBe('ycbcr');
    expect(colourOf(header([82, 71, 66]))).toBe('rgb');
    expect(colourOf(header([1, 2, 3]))).toBe('ycbcr');
    expect(colourOf(header([0, 1, 2]))).toBe('ycbcr');
    expect(colourOf(parseJpegHeader(turbo(texture(9, 9, 1, 1), 80, 'grey')))).toBe('grey');
  });
});

function expectHeaderOrRefusal(bytes: Uint8Array): void {
  try {
    const header = parseJpegHeader(bytes);
    expect(header.scanStart).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    if (!isSlideError(error, 'damaged', 'unsupported')) throw error;
  }
}
