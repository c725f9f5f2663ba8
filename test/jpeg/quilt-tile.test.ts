import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { type JpegHeader, parseJpegHeader } from '../../src/jpeg/header.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { mcuChoice } from '../../src/jpeg/mcu-choice.js';
import { type QuiltedTile, quiltTile } from '../../src/jpeg/quilt-tile.js';
import { spliceTables } from '../../src/jpeg/tables.js';
import { verifyQuilt } from '../../src/jpeg/verify-quilt.js';
import { itWith } from '../fixtures/with-programs.js';
import {
  abbreviate,
  cjpeg,
  djpeg,
  inSeparateScans,
  libjpeg,
  mozjpeg,
  type Pixels,
  texture,
  turbo,
  turboLuma,
} from './sample-streams.js';
import { type Stack, stacks } from './stream-arbitrary.js';

/** Each run encodes three planes, mostly by a program of its own: some milliseconds. */
const runs = { numRuns: 50 };

/** A stack of three planes with a choice for each MCU, and its quilt. */
const quilts = fc
  .tuple(stacks(3), fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }))
  .map(([stack, pattern]) => quiltOf(stack, pattern));

function quiltOf(stack: Stack, pattern: readonly number[]) {
  const tiles = stack.tiles.map(({ bytes, tables }) => new JpegTile(bytes, tables));
  const { header } = tiles[0];
  const choice = Uint8Array.from({ length: header.mcuColumns * header.mcuRows }, (_, i) => pattern[i % pattern.length]);
  const quilt = quiltTile(tiles, choice);
  if (!quilt.quilted) throw new Error(`not quilted: ${quilt.reason}`);
  return { stack, tiles, choice, quilt, header };
}

describe('quiltTile', () => {
  it("should always have the chosen tile's coefficients in every MCU", () => {
    fc.assert(
      fc.property(quilts, ({ tiles, choice, quilt, header }) => {
        const result = decodeCoefficients(quilt.bytes, parseJpegHeader(quilt.bytes, quilt.tables));
        const sources = tiles.map((tile) => decodeCoefficients(tile.bytes, tile.header));
        const perMcu = 64 * header.blocksPerMcu;
        for (const [mcu, tile] of choice.entries()) {
          const from = mcu * perMcu;
          expect(result.subarray(from, from + perMcu)).toEqual(sources[tile].subarray(from, from + perMcu));
        }
      }),
      runs,
    );
  });

  it("should always show the chosen tile's luma, pixel by pixel, to another decoder", () => {
    fc.assert(
      fc.property(quilts, ({ tiles, choice, quilt, header }) => {
        const lumas = tiles.map(({ bytes, tables }) => turboLuma(spliceTables(tables, bytes)));
        expectPlanes(turboLuma(spliceTables(quilt.tables, quilt.bytes)), lumas, choice, header, 1);
      }),
      runs,
    );
  });

  itWith(
    libjpeg,
    "should always show the chosen tile's colours, pixel by pixel, to a decoder that does not blend chroma",
    () => {
      fc.assert(
        fc.property(quilts, ({ tiles, choice, quilt, header }) => {
          const planes = tiles.map(({ bytes, tables }) => djpeg(spliceTables(tables, bytes)));
          const result = djpeg(spliceTables(quilt.tables, quilt.bytes));
          expectPlanes(
            result.data,
            planes.map(({ data }) => data),
            choice,
            header,
            result.channels,
          );
        }),
        runs,
      );
    },
  );

  it('should be a stream that strict decoders take, with nothing before the scan but its first tile’s own headers', async () => {
    await fc.assert(
      fc.asyncProperty(quilts, async ({ tiles, choice, quilt }) => {
        await sharp(spliceTables(quilt.tables, quilt.bytes), { failOn: 'warning' }).raw().toBuffer();
        const first = tiles[Math.min(...choice)];
        if (quilt.how !== 'recoded') {
          const head = first.bytes.subarray(0, first.header.scanStart);
          expect([quilt.tables, quilt.bytes.subarray(0, head.length)]).toEqual([first.tables, head]);
        }
      }),
      runs,
    );
  });

  it('should always return a tile that wins everywhere as it is, whatever it is', () => {
    fc.assert(
      fc.property(stacks(2), fc.nat(1), (stack, winner) => {
        const { quilt, tiles } = quiltOf(stack, [winner]);
        expect(quilt).toEqual({
          quilted: true,
          bytes: tiles[winner].bytes,
          tables: tiles[winner].tables,
          how: 'verbatim',
        });
        expect(quilt.bytes).toBe(tiles[winner].bytes);
      }),
      runs,
    );
    const noise = new JpegTile(Uint8Array.of(1, 2, 3));
    expect(quiltTile([noise], new Uint8Array(4))).toMatchObject({ quilted: true, how: 'verbatim' });
  });

  it('should give the tile itself, byte for byte, when all planes are equal', () => {
    fc.assert(
      fc.property(stacks(1), fc.array(fc.nat(2), { minLength: 1 }), ({ tiles: [tile], options }, pattern) => {
        const { quilt } = quiltOf({ tiles: [tile, tile, tile], options }, pattern);
        expect(quilt.bytes).toEqual(tile.bytes);
      }),
      runs,
    );
  });

  it('should splice where tables agree, and recode with the tables of annex K where they do not', async () => {
    const planes = [1, 2].map((seed) => texture(64, 64, 3, seed));
    const halves = Uint8Array.from({ length: 16 }, (_, mcu) => (mcu % 4 < 2 ? 0 : 1));
    const plain = planes.map((pixels) => new JpegTile(turbo(pixels, 80, '420')));
    expect(quiltTile(plain, halves)).toMatchObject({ quilted: true, how: 'spliced' });
    const optimised = await Promise.all(planes.map(async (pixels) => new JpegTile(await mozjpeg(pixels, 80, '4:2:0'))));
    const recoded = quiltTile(optimised, halves) as QuiltedTile;
    expect(recoded).toMatchObject({ quilted: true, how: 'recoded', tables: undefined });
    expect(verifyQuilt(new JpegTile(recoded.bytes), optimised, halves)).toBeUndefined();
    expect(recoded.bytes.length).toBeLessThan(1.25 * Math.max(...optimised.map(({ bytes }) => bytes.length)) + 620);
  });

  itWith(
    libjpeg,
    'should recode where an optimised table, though shared, has no code for a DC difference at a seam',
    () => {
      const flat = (value: number): Pixels => ({
        width: 32,
        height: 8,
        channels: 1,
        data: new Uint8Array(256).fill(value),
      });
      // Two flat tiles whose optimised tables have one DC size each for the first block, and 0 for the others.
      const black = abbreviate(cjpeg(flat(20), { quality: 80, sampling: 'grey', optimize: true }));
      const white = abbreviate(cjpeg(flat(236), { quality: 80, sampling: 'grey', optimize: true }));
      expect(white.tables).toEqual(black.tables);
      const tiles = [black, white].map(({ bytes, tables }) => new JpegTile(bytes, tables));
      const choice = Uint8Array.of(0, 1, 0, 1);
      const quilt = quiltTile(tiles, choice) as QuiltedTile;
      expect(quilt).toMatchObject({ quilted: true, how: 'recoded' });
      expect(verifyQuilt(new JpegTile(quilt.bytes), tiles, choice)).toBeUndefined();
    },
  );

  itWith(libjpeg, 'should mix streams whose restart intervals differ, with those of the first', () => {
    const planes = [0, 2, 3].map(
      (restart, i) => new JpegTile(cjpeg(texture(90, 40, 3, i + 1), { quality: 80, sampling: '420', restart })),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 18, maxLength: 18 }), (choices) => {
        const choice = Uint8Array.from(choices);
        const quilt = quiltTile(planes, choice) as QuiltedTile;
        expect(verifyQuilt(new JpegTile(quilt.bytes), planes, choice)).toBeUndefined();
        expect(parseJpegHeader(quilt.bytes).restartInterval).toBe(planes[Math.min(...choices)].header.restartInterval);
      }),
    );
  });

  it('should be the same whatever was quilted before, and in whatever order', () => {
    fc.assert(
      fc.property(
        stacks(3),
        fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }), { minLength: 2, maxLength: 4 }),
        (stack, patterns) => {
          const tiles = stack.tiles.map(({ bytes, tables }) => new JpegTile(bytes, tables));
          const mcus = tiles[0].header.mcuColumns * tiles[0].header.mcuRows;
          const choices = patterns.map((pattern) =>
            Uint8Array.from({ length: mcus }, (_, i) => pattern[i % pattern.length]),
          );
          const alone = patterns.map((pattern) => quiltOf(stack, pattern).quilt);
          expect(choices.map((choice) => quiltTile(tiles, choice))).toEqual(alone);
          expect(choices.toReversed().map((choice) => quiltTile(tiles, choice))).toEqual(alone.toReversed());
        },
      ),
      runs,
    );
  });

  describe('refuses, and says why', () => {
    const pixels = texture(64, 48, 3, 1);
    const base = turbo(pixels, 80, '420');
    const alternating = Uint8Array.from({ length: 12 }, (_, i) => i % 2);

    function reasonFor(other: Uint8Array): unknown {
      const first = quiltTile([new JpegTile(base), new JpegTile(other)], alternating);
      return first.quilted ? first.how : [first.reason, first.tile];
    }

    it('other sizes, samplings, step sizes, components, colours', () => {
      expect(reasonFor(turbo(texture(64, 47, 3, 1), 80, '420'))).toEqual(['size', 1]);
      expect(reasonFor(turbo(pixels, 80, '444'))).toEqual(['sampling', 1]);
      expect(reasonFor(turbo(pixels, 81, '420'))).toEqual(['quantisation', 1]);
      expect(reasonFor(turbo(texture(64, 48, 1, 1), 80, 'grey'))).toEqual(['components', 1]);
      const other = base.slice();
      const sof = other.findIndex((byte, i) => byte === 0xff && other[i + 1] === 0xc0);
      const sos = other.findIndex((byte, i) => byte === 0xff && other[i + 1] === 0xda);
      for (let c = 0; c < 3; c++) other[sof + 10 + 3 * c] = other[sos + 5 + 2 * c] = c;
      expect(reasonFor(other)).toEqual(['components', 1]);
      expect(reasonFor(turbo(texture(64, 48, 3, 2), 80, '420'))).toBe('spliced');
    });

    it('damaged streams, but for tiles that are chosen nowhere', () => {
      const cut = base.subarray(0, base.length - 40);
      expect(reasonFor(cut)).toEqual(['damaged', 1]);
      expect(reasonFor(base.subarray(0, 30))).toEqual(['damaged', 1]);
      const quilt = quiltTile([new JpegTile(base), new JpegTile(base), new JpegTile(cut)], alternating);
      expect(quilt.quilted).toBe(true);
    });

    itWith(libjpeg, 'coding that is not sequential Huffman coding of all components at once', () => {
      const options = { quality: 80, sampling: '420' } as const;
      expect(reasonFor(cjpeg(pixels, { ...options, process: 'progressive' }))).toEqual(['coding', 1]);
      expect(reasonFor(cjpeg(pixels, { ...options, process: 'arithmetic' }))).toEqual(['coding', 1]);
      expect(reasonFor(inSeparateScans(base))).toEqual(['coding', 1]);
    });

    it('wrong choices, as defects of the caller', () => {
      const tiles = [new JpegTile(base), new JpegTile(base)];
      expect(() => quiltTile(tiles, Uint8Array.of(0, 1))).toThrow(/each of 12 MCUs, got 2/);
      expect(() => quiltTile(tiles, new Uint8Array(12).fill(2))).toThrow(/among 2 tiles, got 2/);
      expect(() => quiltTile(tiles, new Uint8Array(0))).toThrow(RangeError);
    });
  });
});

/** Every pixel of `result` must be that of the plane chosen for its MCU. */
function expectPlanes(
  result: Uint8Array,
  planes: Uint8Array[],
  choice: Uint8Array,
  header: JpegHeader,
  channels: number,
): void {
  const { width, height, mcuWidth, mcuHeight, mcuColumns } = header;
  expect(result).toHaveLength(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const plane = planes[choice[Math.floor(y / mcuHeight) * mcuColumns + Math.floor(x / mcuWidth)]];
      for (let i = (y * width + x) * channels, end = i + channels; i < end; i++) {
        if (result[i] !== plane[i]) throw new Error(`x ${x}, y ${y}: expected ${plane[i]}, got ${result[i]}`);
      }
    }
  }
}

describe('verifyQuilt', () => {
  it('should pass every quilt', () => {
    fc.assert(
      fc.property(quilts, ({ tiles, choice, quilt }) => {
        expect(verifyQuilt(new JpegTile(quilt.bytes, quilt.tables), tiles, choice)).toBeUndefined();
      }),
      runs,
    );
  });

  it('should find one changed coefficient, and the first MCU it is in', () => {
    const planes = [1, 2].map((seed) => new JpegTile(turbo(texture(48, 32, 3, seed, 0.3), 80, '420')));
    const choice = Uint8Array.of(0, 1, 1, 0, 0, 1);
    const { bytes } = quiltTile(planes, choice) as QuiltedTile;
    const { scanStart } = parseJpegHeader(bytes);
    const sound = decodeCoefficients(bytes, parseJpegHeader(bytes));
    let found = 0;
    for (let bit = scanStart * 8; bit < (bytes.length - 2) * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] ^= 0x80 >> (bit & 7);
      let difference: ReturnType<typeof verifyQuilt>;
      try {
        difference = verifyQuilt(new JpegTile(changed), planes, choice);
      } catch {
        continue; // no longer a sound scan: found as well
      }
      const coefficients = decodeCoefficients(changed, parseJpegHeader(changed));
      const mcu = Math.floor(coefficients.findIndex((value, i) => value !== sound[i]) / (6 * 64));
      expect(difference).toEqual({ kind: 'mcu', mcu, tile: choice[mcu] });
      found++;
    }
    expect(found).toBeGreaterThan(100);
  });

  it('should tell a map of other planes, and streams of other properties', () => {
    const planes = [1, 2].map((seed) => new JpegTile(turbo(texture(96, 64, 3, seed), 80, '420')));
    const choice = Uint8Array.from({ length: 24 }, (_, mcu) => mcu % 2);
    const result = new JpegTile((quiltTile(planes, choice) as QuiltedTile).bytes);
    const other = choice.slice();
    other[13] = 0;
    expect(verifyQuilt(result, planes, other)).toEqual({ kind: 'mcu', mcu: 13, tile: 0 });
    const coarser = new JpegTile(turbo(texture(96, 64, 3, 1), 60, '420'));
    expect(verifyQuilt(coarser, planes, choice)).toEqual({ kind: 'header', reason: 'quantisation', tile: 0 });
    expect(() => verifyQuilt(result, planes, new Uint8Array(3))).toThrow(/each of 24 MCUs, got 3/);
  });
});

describe('mcuChoice', () => {
  const header = (mcuWidth: number, mcuHeight: number, width: number, height: number) =>
    ({
      mcuWidth,
      mcuHeight,
      mcuColumns: Math.ceil(width / mcuWidth),
      mcuRows: Math.ceil(height / mcuHeight),
    }) as JpegHeader;

  it('should be the blocks themselves for MCUs of 16 pixels', () => {
    const blocks = Uint8Array.of(0, 1, 2, 3, 4, 5);
    expect(mcuChoice(header(16, 16, 48, 32), blocks, 3)).toEqual(blocks);
  });

  it('should repeat blocks for MCUs of 8 pixels, take the first of two for MCUs of 32, the last beyond an edge', () => {
    const blocks = Uint8Array.of(0, 1, 2, 3);
    expect([...mcuChoice(header(8, 8, 32, 32), blocks, 2)]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
    expect([...mcuChoice(header(32, 8, 32, 32), blocks, 2)]).toEqual([0, 0, 2, 2]);
    expect([...mcuChoice(header(16, 16, 48, 48), blocks, 2)]).toEqual([0, 1, 1, 2, 3, 3, 2, 3, 3]);
    expect(() => mcuChoice(header(16, 16, 48, 48), blocks, 3)).toThrow(/rows of 3 blocks, got 4/);
  });

  it('should always give every pixel the plane of its block, where MCUs are no larger', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8, 16),
        fc.constantFrom(8, 16),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        (w, h, width, height) => {
          const columns = Math.ceil(width / 16);
          const blocks = Uint8Array.from({ length: columns * Math.ceil(height / 16) }, (_, i) => i);
          const choice = mcuChoice(header(w, h, width, height), blocks, columns);
          for (let y = 0; y < height; y += 5) {
            for (let x = 0; x < width; x += 5) {
              const mcu = Math.floor(y / h) * Math.ceil(width / w) + Math.floor(x / w);
              expect(choice[mcu]).toBe(blocks[(y >> 4) * columns + (x >> 4)]);
            }
          }
        },
      ),
    );
  });
});
