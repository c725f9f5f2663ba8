import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeCoefficients } from '../../experiments/harness/fixtures/encode-coefficients.js';
import { blockFocus } from '../../src/jpeg/block-focus.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { type JpegHeader, parseJpegHeader } from '../../src/jpeg/header.js';
import { readHuffmanSpec } from '../../src/jpeg/huffman-spec.js';
import { indexScan } from '../../src/jpeg/index-scan.js';
import { spliceTables } from '../../src/jpeg/tables.js';
import { withStandardTables } from '../../src/jpeg/write-header.js';
import { expectOwnPixels } from './expect-pixels.js';
import { mozjpeg, texture, turbo } from './sample-streams.js';
import { stacks } from './stream-arbitrary.js';

describe('decodeCoefficients', () => {
  it("should always give the first component's pixels as libjpeg decodes them, within 1", async () => {
    await fc.assert(
      fc.asyncProperty(stacks(1), async ({ tiles: [{ bytes, tables }] }) => {
        await expectOwnPixels(spliceTables(tables, bytes), 1);
      }),
      { numRuns: 60 },
    );
  });

  it('should give the pixels of all components where none is subsampled, within 1', async () => {
    for (const [i, quality] of [40, 80, 100].entries()) {
      const pixels = texture(70, 50, 3, 11 + i, 0.2 + 0.4 * i);
      await expectOwnPixels(turbo(pixels, quality, '444'), 3);
      await expectOwnPixels(await mozjpeg(pixels, quality, '4:4:4'), 3);
    }
  });
});

describe('encodeCoefficients', () => {
  it('should always give back all coefficients, with the tables and restart interval of any stream or those of annex K', () => {
    fc.assert(
      fc.property(stacks(1), fc.integer({ min: 0, max: 9 }), ({ tiles: [{ bytes, tables }] }, restartInterval) => {
        const header = parseJpegHeader(bytes, tables);
        const coefficients = decodeCoefficients(bytes, header);
        for (const target of [header, withStandardTables({ ...header, restartInterval })]) {
          const stream = encodeCoefficients(coefficients, target) as Uint8Array;
          const parsed = parseJpegHeader(stream);
          expect(parsed).toEqual({ ...target, scanStart: parsed.scanStart });
          expect(decodeCoefficients(stream, parsed)).toEqual(coefficients);
          // what is decoded one by one is also indexed
          expect(indexScan(stream, parsed).mcus).toBe(header.mcuColumns * header.mcuRows);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("should write libjpeg-turbo's own bytes from its coefficients", () => {
    for (const sampling of ['420', '422', '440', '444', 'grey'] as const) {
      const bytes = turbo(texture(90, 61, sampling === 'grey' ? 1 : 3, 4), 77, sampling);
      const header = parseJpegHeader(bytes);
      const stream = encodeCoefficients(decodeCoefficients(bytes, header), header) as Uint8Array;
      expect(stream.subarray(parseJpegHeader(stream).scanStart)).toEqual(bytes.subarray(header.scanStart));
    }
  });

  it('should carry any coefficients of an 8-bit stream', () => {
    const header = withStandardTables(parseJpegHeader(turbo(texture(16, 16, 1, 1), 80, 'grey')));
    const value = fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -1023, max: 1023 }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 256, maxLength: 256 }), (values) => {
        const coefficients = Int16Array.from(values);
        const stream = encodeCoefficients(coefficients, header) as Uint8Array;
        const parsed = parseJpegHeader(stream);
        expect(decodeCoefficients(stream, parsed)).toEqual(coefficients);
        expect(indexScan(stream, parsed).firstDc).toEqual(coefficients.filter((_, i) => i % 64 === 0));
      }),
    );
  });

  it('should never take codes of the next block for this one where short codes run past its end in one lookup', () => {
    // ZRL has 1 bit, EOB 3, a run of 14 before 1 or -1 has 4, other runs 6: 12 bits hold a whole block and more.
    const runs = Array.from({ length: 16 }, (_, run) => 16 * run + 1).filter((symbol) => symbol !== 0xe1);
    const acTable = readHuffmanSpec(
      Uint8Array.of(1, 0, 1, 1, 0, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x00, 0xe1, ...runs),
    );
    const dcTable = readHuffmanSpec(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3));
    const grey = parseJpegHeader(turbo(texture(32, 16, 1, 1), 80, 'grey'));
    const header: JpegHeader = { ...grey, components: [{ ...grey.components[0], dcTable, acTable }] };
    const places = fc.oneof(fc.constant(63), fc.constantFrom(1, 16, 48, 49, 62), fc.integer({ min: 1, max: 63 }));
    const block = fc.record({
      dc: fc.integer({ min: -3, max: 3 }),
      at: fc.uniqueArray(places, { maxLength: 4 }),
      sign: fc.constantFrom(-1, 1),
    });
    fc.assert(
      fc.property(fc.array(block, { minLength: 8, maxLength: 8 }), (blocks) => {
        const coefficients = new Int16Array(512);
        for (const [i, { dc, at, sign }] of blocks.entries()) {
          coefficients[64 * i] = dc;
          for (const k of at) coefficients[64 * i + k] = sign;
        }
        const stream = encodeCoefficients(coefficients, header) as Uint8Array;
        const parsed = parseJpegHeader(stream);
        expect(decodeCoefficients(stream, parsed)).toEqual(coefficients);
        expect([...indexScan(stream, parsed).firstDc]).toEqual(blocks.map(({ dc }) => dc));
        const { quantTable } = header.components[0];
        const total = coefficients.reduce(
          (sum, value, i) => sum + (i % 64 > 0 ? Math.abs(value) * quantTable[i % 64] : 0),
          0,
        );
        expect(blockFocus(stream, parsed, { first: 1, last: 63 }).total).toBe(total);
        expect(blockFocus(stream, parsed, { first: 5, last: 5 }).rows).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });

  it('should refuse values without a code, and arrays of a wrong length', () => {
    const header = withStandardTables(parseJpegHeader(turbo(texture(8, 8, 1, 1), 80, 'grey')));
    const block = (k: number, value: number) => Int16Array.from({ length: 64 }, (_, i) => (i === k ? value : 0));
    for (const [k, value] of [
      [0, 2048],
      [0, -2048],
      [0, -32768],
      [5, 1024],
      [5, -1024],
      [63, 32767],
      [63, -32768],
    ]) {
      expect(encodeCoefficients(block(k, value), header)).toBeUndefined();
      expect(
        encodeCoefficients(block(k, value - Math.sign(value) * (Math.abs(value) > 2048 ? 32000 : 1)), header),
      ).toBeDefined();
    }
    expect(() => encodeCoefficients(new Int16Array(128), header)).toThrow(/expected 64 coefficients, got 128/);
  });

  it('should write step sizes above 255 as an extended stream that decoders take', async () => {
    const header = withStandardTables(parseJpegHeader(turbo(texture(8, 8, 1, 1), 80, 'grey')));
    const quantTable = new Uint16Array(64).fill(400);
    const wide: JpegHeader = { ...header, components: [{ ...header.components[0], quantTable }] };
    const stream = encodeCoefficients(
      Int16Array.from({ length: 64 }, (_, k) => (k === 0 ? -2 : 0)),
      wide,
    ) as Uint8Array;
    expect(parseJpegHeader(stream)).toMatchObject({ process: 'extended', components: [{ quantTable }] });
    // 128 - 2 * 400 / 8
    expect([...new Set(await sharp(stream).greyscale().raw().toBuffer())]).toEqual([28]);
  });
});
