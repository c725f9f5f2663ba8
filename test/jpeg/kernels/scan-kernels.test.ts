// The kernels of the entropy core, held to the plain code: bit for bit, and refusing what it refuses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficientMeasures } from '../../../src/focus/focus-measure.js';
import { assembleScan, type McuRun } from '../../../src/jpeg/assemble-scan.js';
import { type BandRequest, sumBands } from '../../../src/jpeg/band-sums.js';
import { type JpegHeader, parseJpegHeader } from '../../../src/jpeg/header.js';
import { JpegTile } from '../../../src/jpeg/jpeg-tile.js';
import { indexByKernel, sumByKernel } from '../../../src/jpeg/kernels/scan-kernels.js';
import { spliceByKernel } from '../../../src/jpeg/kernels/splice-kernel.js';
import { indexPlainly, type ScanIndex } from '../../../src/jpeg/scan-index.js';
import { layOutScan, sameHuffmanTables } from '../../../src/jpeg/scan-layout.js';
import { hasCjpeg, mozjpeg, texture, turbo } from '../sample-streams.js';
import { stacks } from '../stream-arbitrary.js';

/** A stream, and where bits of its scan are turned over: nowhere, or in a few places. */
const streams = fc.record({
  stack: stacks(1),
  flips: fc.oneof(fc.constant([]), fc.array(fc.nat(), { minLength: 1, maxLength: 3 })),
  cut: fc.option(fc.nat(), { freq: 6 }),
  width: fc.integer({ min: 1, max: 99 }),
  height: fc.integer({ min: 1, max: 99 }),
  first: fc.integer({ min: 1, max: 63 }),
  length: fc.nat(62),
  cellSize: fc.constantFrom(8, 16, 32),
});

describe('the kernels of the entropy core', () => {
  it('should always index a scan as the plain code does, and refuse what it refuses', () => {
    let refused = 0;
    fc.assert(
      fc.property(streams, ({ stack, flips, cut }) => {
        const { bytes, header } = damage(stack.tiles[0], flips, cut);
        const plain = orRefused(() => indexPlainly(bytes, header));
        if (!plain) refused++;
        expect(compared(indexByKernel(bytes, header))).toEqual(compared(plain));
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('should always sum bands as the plain code does, and refuse what it refuses', () => {
    let refused = 0;
    fc.assert(
      fc.property(streams, ({ stack, flips, cut, width, height, first, length, cellSize }) => {
        const { bytes, header } = damage(stack.tiles[0], flips, cut);
        const last = Math.min(63, first + length);
        const shown = [Math.min(width, header.width), Math.min(height, header.height)] as const;
        const request = requestOf(header, first, last, ...shown, cellSize);
        const plain = orRefused(() => sumBands(bytes, header, request));
        if (!plain) refused++;
        expect(sumByKernel(bytes, header, request)).toEqual(plain);
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('should always splice scans as the plain code does, and leave to it what has to be recoded', () => {
    const count = { spliced: 0, left: 0 };
    const planes = 3;
    fc.assert(
      fc.property(stacks(planes), fc.infiniteStream(fc.nat(planes - 1)), fc.nat(9), (stack, choices, most) => {
        const tiles = stack.tiles.map(({ bytes, tables }) => new JpegTile(bytes, tables));
        const [{ bytes, header }] = tiles;
        const runs: McuRun[] = [];
        for (let first = 0; first < header.mcuColumns * header.mcuRows; ) {
          const length = Math.min(1 + (first % (most + 1)), header.mcuColumns * header.mcuRows - first);
          runs.push({ source: choices.next().value, first, count: length });
          first += length;
        }
        const prefix = bytes.subarray(0, header.scanStart);
        const spliced = spliceByKernel(prefix, header, tiles, runs);
        const same = runs.every(({ source }) =>
          sameHuffmanTables(layOutScan(tiles[source].header), layOutScan(header)),
        );
        count[spliced ? 'spliced' : 'left']++;
        if (same) expect(spliced).toEqual(assembleScan(prefix, header, tiles, runs));
        else expect(spliced).toBeUndefined();
      }),
      { numRuns: 400 },
    );
    expect(count.spliced).toBeGreaterThan(50);
    // Tables of a tile's own are cjpeg's alone
    expect(count.left > 50).toBe(hasCjpeg);
  });

  it('should do the same with long codes, large values and streams whose tables differ, in turn', async () => {
    const samples = await Promise.all([
      mozjpeg(texture(120, 90, 3, 8, 1), 100, '4:2:0'),
      turbo(texture(300, 200, 3, 9, 1), 100, '444'),
      mozjpeg(texture(256, 256, 3, 8, 0.2), 75, '4:4:4'),
      turbo(texture(40, 20, 1, 9, 1), 30, 'grey'),
    ]);
    for (const bytes of [...samples, ...samples.toReversed()]) {
      const header = parseJpegHeader(bytes);
      expect(compared(indexByKernel(bytes, header))).toEqual(compared(indexPlainly(bytes, header)));
      const { first, last } = coefficientMeasures['dct-mid'];
      const request = requestOf(header, first, last, header.width, header.height, 16);
      expect(sumByKernel(bytes, header, request)).toEqual(sumBands(bytes, header, request));
    }
  });

  it('should leave to the plain code what would fill their memory', () => {
    const bytes = turbo(texture(40, 20, 1, 9, 1), 80, 'grey');
    const header = parseJpegHeader(bytes);
    const long = new Uint8Array(9 * 2 ** 20);
    long.set(bytes);
    expect(indexByKernel(long, header)).toBeUndefined();
    expect(compared(indexPlainly(long, header))).toEqual(compared(indexByKernel(bytes, header)));
  });
});

function requestOf(
  header: JpegHeader,
  first: number,
  last: number,
  width: number,
  height: number,
  cellSize: number,
): BandRequest {
  const weights = new Int32Array(256);
  for (let k = first; k <= last; k++) weights[k + 1] = header.components[0].quantTable[k];
  const [columns, rows] = [Math.ceil(width / cellSize), Math.ceil(height / cellSize)];
  return { component: 0, weights, last, width, height, columns, rows, cellSize };
}

function damage(
  { bytes, tables }: { readonly bytes: Uint8Array; readonly tables: Uint8Array | undefined },
  flips: readonly number[],
  cut: number | null,
) {
  const header = parseJpegHeader(bytes, tables);
  const scanBits = 8 * (bytes.length - header.scanStart);
  const changed = bytes.slice(
    0,
    cut === null ? undefined : header.scanStart + (cut % (bytes.length - header.scanStart)),
  );
  for (const flip of flips) {
    const bit = flip % scanBits;
    changed[header.scanStart + (bit >> 3)] ^= 0x80 >> (bit & 7);
  }
  return { bytes: changed, header };
}

/** All of an index but the words behind its last bit. */
function compared(index: ScanIndex | undefined) {
  const end = index?.intervalEnds.at(-1) ?? 0;
  return index && { ...index, words: index.words.slice(0, (end + 31) >>> 5) };
}

function orRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
