import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { assembleScan, type McuRun } from '../../src/jpeg/assemble-scan.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { indexScan } from '../../src/jpeg/index-scan.js';
import { endOfMcu } from '../../src/jpeg/scan-index.js';
import { unstuffScan } from '../../src/jpeg/scan-words.js';
import { withStandardTables, writeHeader } from '../../src/jpeg/write-header.js';
import { itWith } from '../fixtures/with-programs.js';
import { cjpeg, libjpeg, mozjpeg, texture, turbo } from './sample-streams.js';
import { stacks } from './stream-arbitrary.js';

describe('indexScan and assembleScan', () => {
  it('should always give a stream back byte for byte, cut into any runs', () => {
    fc.assert(
      fc.property(stacks(1), fc.array(fc.integer({ min: 1, max: 9 })), ({ tiles: [{ bytes, tables }] }, lengths) => {
        expect(reassembled(bytes, tables, lengths)).toEqual(bytes);
      }),
    );
  });

  it("should give back mozjpeg's streams too: optimised tables, trellis quantisation", async () => {
    for (const [quality, sampling] of [
      [35, '4:2:0'],
      [80, '4:4:4'],
      [98, '4:2:0'],
      [100, '4:4:4'],
    ] as const) {
      for (const size of [8, 100, 256]) {
        const bytes = await mozjpeg(texture(size, size + 3, 3, quality), quality, sampling);
        expect(reassembled(bytes, undefined, [1, 2, 3])).toEqual(bytes);
      }
    }
  });

  it('should keep all coefficients when it recodes with other tables, and give the stream back when recoded again', () => {
    fc.assert(
      fc.property(stacks(1), ({ tiles: [{ bytes, tables }] }) => {
        const header = parseJpegHeader(bytes, tables);
        const standard = withStandardTables(header);
        const all = [{ source: 0, first: 0, count: header.mcuColumns * header.mcuRows }];
        const recoded = assembleScan(
          writeHeader(standard),
          standard,
          [{ header, index: indexScan(bytes, header) }],
          all,
        );
        if (!recoded) throw new Error('expected codes for everything');
        const recodedHeader = parseJpegHeader(recoded);
        expect(decodeCoefficients(recoded, recodedHeader)).toEqual(decodeCoefficients(bytes, header));
        const index = indexScan(recoded, recodedHeader);
        expect(
          assembleScan(bytes.subarray(0, header.scanStart), header, [{ header: recodedHeader, index }], all),
        ).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('should index MCUs one behind the other, with the DC values of the coefficients', () => {
    fc.assert(
      fc.property(stacks(1), ({ tiles: [{ bytes, tables }] }) => {
        const header = parseJpegHeader(bytes, tables);
        const index = indexScan(bytes, header);
        const coefficients = decodeCoefficients(bytes, header);
        const count = header.components.length;
        let block = 0;
        for (let mcu = 0; mcu < index.mcus; mcu++) {
          for (const [c, { h, v }] of header.components.entries()) {
            expect(index.firstDc[mcu * count + c]).toBe(coefficients[64 * block]);
            block += h * v;
            expect(index.lastDc[mcu * count + c]).toBe(coefficients[64 * (block - 1)]);
          }
          const restarts = (mcu + 1) % index.interval === 0 && mcu + 1 < index.mcus;
          const gap = mcu + 1 < index.mcus ? index.starts[(mcu + 1) * count] - endOfMcu(index, mcu) : 0;
          expect(gap).toBeGreaterThanOrEqual(0);
          expect(gap).toBeLessThanOrEqual(restarts ? 7 : 0);
        }
      }),
    );
  });
});

describe('damaged scans', () => {
  const whole = turbo(texture(80, 64, 3, 5), 85, '420');
  const header = parseJpegHeader(whole);

  it('should always be refused when cut off before EOI', () => {
    for (let length = header.scanStart; length < whole.length; length++) {
      expectRefusal(whole.subarray(0, length), 'damaged');
    }
  });

  it('should always be refused when bytes are missing before EOI', () => {
    for (let missing = 1; missing < 200; missing++) {
      const cut = Uint8Array.of(...whole.subarray(0, whole.length - 2 - missing), 0xff, 0xd9);
      expectRefusal(cut, 'damaged');
    }
  });

  it('should always be refused when a byte follows the last block', () => {
    for (const extra of [[0], [0xff, 0], [0x55, 0x55]]) {
      expectRefusal(Uint8Array.of(...whole.subarray(0, -2), ...extra, 0xff, 0xd9), 'damaged');
    }
  });

  it('should always be refused when their last byte is not filled with ones', () => {
    const paddings = new Set<number>();
    for (let seed = 1; seed < 60; seed++) {
      const bytes = turbo(texture(16, 16, 3, seed), 85, '420');
      const { scanStart } = parseJpegHeader(bytes);
      const padding = unstuffScan(bytes, scanStart).bits - indexScan(bytes, parseJpegHeader(bytes)).intervalEnds[0];
      paddings.add(padding);
      for (let bit = 0; bit < padding; bit++) {
        const changed = bytes.slice();
        changed[bytes.length - 3] ^= 1 << bit;
        expectRefusal(changed, 'damaged');
      }
    }
    expect([...paddings].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('should never loop nor read past the end, whatever bytes they have', () => {
    const prefix = whole.subarray(0, header.scanStart);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, ended) => {
        const stream = Uint8Array.of(...prefix, ...bytes, ...(ended ? [0xff, 0xd9] : []));
        expectSameVerdict(stream);
      }),
      { numRuns: 500 },
    );
  });

  it('should be refused, or be another sound scan, when bits flip', () => {
    const flips = fc.array(fc.integer({ min: header.scanStart * 8, max: whole.length * 8 - 1 }), {
      minLength: 1,
      maxLength: 3,
    });
    let refused = 0;
    let runs = 0;
    fc.assert(
      fc.property(flips, (bits) => {
        const changed = whole.slice();
        for (const bit of bits) changed[bit >> 3] ^= 0x80 >> (bit & 7);
        runs++;
        if (expectSameVerdict(changed)) refused++;
      }),
      { numRuns: 500 },
    );
    // A flipped bit nearly always shifts all codes behind it, so that the scan does not end where it should.
    expect(refused / runs).toBeGreaterThan(0.5);
  });

  it('should be refused at once when the header claims more MCUs than the scan can hold', () => {
    const huge = whole.slice();
    const sof = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0);
    huge.fill(0xff, sof + 5, sof + 9);
    expectRefusal(huge, 'damaged');
    huge.fill(0, sof + 5, sof + 7);
    expectRefusal(huge, 'damaged');
  });

  itWith(libjpeg, 'should be refused when restart markers are missing, out of order or not announced', () => {
    const bytes = cjpeg(texture(80, 64, 3, 5), { quality: 85, sampling: '420', restart: 4 });
    const isRestart = (byte: number, i: number) => byte === 0xff && bytes[i + 1] >= 0xd0 && bytes[i + 1] <= 0xd7;
    const first = bytes.findIndex(isRestart);
    expect(first).toBeGreaterThan(0);
    const swapped = bytes.slice();
    swapped[first + 1] ^= 1;
    expectRefusal(swapped, 'damaged');
    expectRefusal(Uint8Array.of(...bytes.subarray(0, first), ...bytes.subarray(first + 2)), 'damaged');
    const dri = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xdd);
    expectRefusal(Uint8Array.of(...bytes.subarray(0, dri), ...bytes.subarray(dri + 6)), 'damaged');
    expect(refusalOf(bytes)).toBeUndefined();
  });

  itWith(libjpeg, 'should be told from coding that is not read', () => {
    const pixels = texture(40, 40, 3, 5);
    for (const process of ['progressive', 'arithmetic'] as const) {
      expectRefusal(cjpeg(pixels, { quality: 80, sampling: '420', process }), 'unsupported');
    }
  });
});

/** The stream put together again from runs of these lengths, over and over. */
function reassembled(
  bytes: Uint8Array,
  tables: Uint8Array | undefined,
  lengths: readonly number[],
): Uint8Array | undefined {
  const header = parseJpegHeader(bytes, tables);
  const index = indexScan(bytes, header);
  const runs: McuRun[] = [];
  for (let first = 0, i = 0; first < index.mcus; i++) {
    const count = Math.min(lengths[i % lengths.length] ?? index.mcus, index.mcus - first);
    runs.push({ source: 0, first, count });
    first += count;
  }
  return assembleScan(bytes.subarray(0, header.scanStart), header, [{ header, index }], runs);
}

function refusalOf(
  bytes: Uint8Array,
  read: typeof indexScan | typeof decodeCoefficients = indexScan,
): string | undefined {
  try {
    read(bytes, parseJpegHeader(bytes));
    return undefined;
  } catch (error) {
    if (!isSlideError(error)) throw error;
    return error.code;
  }
}

function expectRefusal(bytes: Uint8Array, code: string): void {
  expect(refusalOf(bytes)).toBe(code);
  expect(refusalOf(bytes, decodeCoefficients)).toBe(code);
}

/** Both readers must agree whether a scan is sound; answers whether it is not. */
function expectSameVerdict(bytes: Uint8Array): boolean {
  const verdict = refusalOf(bytes);
  expect(refusalOf(bytes, decodeCoefficients)).toBe(verdict);
  if (verdict === undefined) expect(reassembled(bytes, undefined, [1])).toHaveLength(bytes.length);
  return verdict !== undefined;
}
