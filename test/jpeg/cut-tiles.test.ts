import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import { blockFocus } from '../../src/jpeg/block-focus.js';
import { cutTiles } from '../../src/jpeg/cut-tiles.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { itWithData, sharedData } from '../fixtures/shared-data.js';
import { itWith } from '../fixtures/with-programs.js';
import { cjpeg, djpeg, libjpeg, mozjpeg, type Pixels, texture, turbo, turboLuma } from './sample-streams.js';
import { stacks } from './stream-arbitrary.js';

const photograph = ['pcb-zstack', 'pcb_001.jpg'];

/** A stream and a tile size in MCUs. */
const cuts = fc.tuple(stacks(1), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).map(
  ([
    {
      tiles: [{ bytes, tables }],
    },
    across,
    down,
  ]) => {
    const stream = new JpegTile(bytes, tables);
    const { mcuWidth, mcuHeight } = stream.header;
    return { stream, cut: cutTiles(stream, { width: across * mcuWidth, height: down * mcuHeight }) };
  },
);

describe('cutTiles', () => {
  it("should always give the stream's own coefficients in every MCU of the image, and no AC beyond it", () => {
    fc.assert(
      fc.property(cuts, ({ stream, cut }) => {
        expectOwnCoefficients(stream, cut);
      }),
    );
  });

  it("should give the stream's own coefficients where its tables are optimised and lack codes for differences at the cuts", async () => {
    const pixels = texture(256, 200, 3, 3, 0.1);
    const stream = new JpegTile(await mozjpeg(pixels, 50, '4:2:0'));
    expectOwnCoefficients(stream, cutTiles(stream, { width: 32, height: 48 }));
  });

  it('should show the same luma as the image, pixel by pixel, to another decoder', () => {
    fc.assert(
      fc.property(cuts, ({ stream, cut }) => {
        fc.pre(!stream.tables); // the other decoder reads complete streams
        const { width, height } = stream.header;
        const image: Pixels = { width, height, channels: 1, data: turboLuma(stream.bytes) };
        expectRegions(image, cut, (tile) => ({
          width: cut.grid.tileWidth,
          height: cut.grid.tileHeight,
          channels: 1,
          data: turboLuma(tile),
        }));
      }),
    );
  });

  itWith(libjpeg, 'should show the same colours to a decoder that does not blend chroma', () => {
    for (const [sampling, restart] of [
      ['420', 0],
      ['422', 5],
      ['440', 1],
      ['411', 0],
      ['rgb', 3],
    ] as const) {
      const stream = new JpegTile(cjpeg(texture(150, 100, 3, 7), { quality: 85, sampling, restart }));
      const cut = cutTiles(stream, { width: 64, height: 32 });
      expectRegions(djpeg(stream.bytes), cut, djpeg);
    }
  });

  itWithData(photograph, 'should cut a photograph of 2048 x 1536', async () => {
    const stream = new JpegTile(new Uint8Array(readFileSync(sharedData(...photograph))));
    const cut = cutTiles(stream, { width: 256, height: 256 });
    expect(cut.grid).toMatchObject({ columns: 8, rows: 6 });
    expectRegions({ width: 2048, height: 1536, channels: 1, data: turboLuma(stream.bytes) }, cut, (tile) => ({
      width: 256,
      height: 256,
      channels: 1,
      data: turboLuma(tile),
    }));
    await sharp(cut.tile(5, 7), { failOn: 'warning' }).stats();
  });

  it('should pad with the colour of the edge and nothing to focus on', () => {
    const grey: Pixels = { width: 40, height: 40, channels: 3, data: new Uint8Array(4800).fill(77) };
    const flat = cutTiles(new JpegTile(turbo(grey, 90, '420')), { width: 64, height: 64 }).tile(0, 0);
    expect([...new Set(turboLuma(flat))]).toEqual([77]);
    const stream = new JpegTile(turbo(texture(40, 40, 3, 2), 90, '420'));
    const tile = cutTiles(stream, { width: 256, height: 256 }).tile(0, 0);
    const header = parseJpegHeader(tile);
    const { columns, scores } = blockFocus(tile, header, coefficientMeasures['dct-mid']);
    const image = blockFocus(stream.bytes, stream.header, coefficientMeasures['dct-mid']);
    expect(blockFocus(tile, header, coefficientMeasures['dct-mid'], { width: 40, height: 40 })).toEqual(image);
    for (const [cell, score] of scores.entries()) {
      if (cell % columns > 2 || cell > 3 * columns) expect(score).toBe(0);
    }
    // three bits and an end of block each: 247 MCUs of 6 blocks
    expect(tile.length - stream.bytes.length).toBeLessThan(1600);
  });

  it('should refuse tiles that are not whole MCUs, and places outside', () => {
    const stream = new JpegTile(turbo(texture(40, 40, 3, 2), 90, '420'));
    expect(() => cutTiles(stream, { width: 24, height: 16 })).toThrow(/whole MCUs of 16 x 16 pixels, got 24 x 16/);
    expect(() => cutTiles(stream, { width: 0, height: 16 })).toThrow(RangeError);
    const cut = cutTiles(stream, { width: 32, height: 32 });
    expect(() => cut.tile(2, 0)).toThrow(/2 rows and 2 columns, got row 2, column 0/);
    expect(() => cut.tile(0, -1)).toThrow(RangeError);
  });
});

function expectOwnCoefficients(stream: JpegTile, { grid, tile }: ReturnType<typeof cutTiles>): void {
  const { header } = stream;
  const image = decodeCoefficients(stream.bytes, header);
  const perMcu = 64 * header.blocksPerMcu;
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const bytes = tile(row, column);
      const part = parseJpegHeader(bytes);
      expect(part).toMatchObject({ width: grid.tileWidth, height: grid.tileHeight, restartInterval: 0 });
      const coefficients = decodeCoefficients(bytes, part);
      for (let mcu = 0; mcu < part.mcuColumns * part.mcuRows; mcu++) {
        const x = column * part.mcuColumns + (mcu % part.mcuColumns);
        const y = row * part.mcuRows + Math.floor(mcu / part.mcuColumns);
        const found = coefficients.subarray(mcu * perMcu, (mcu + 1) * perMcu);
        if (x < header.mcuColumns && y < header.mcuRows) {
          const at = (y * header.mcuColumns + x) * perMcu;
          expect(found).toEqual(image.subarray(at, at + perMcu));
        } else {
          expect(found.some((value, i) => i % 64 > 0 && value !== 0)).toBe(false);
        }
      }
    }
  }
}

/** Every pixel of the image must be that of its tile. */
function expectRegions(
  image: Pixels,
  { grid, tile }: ReturnType<typeof cutTiles>,
  decode: (bytes: Uint8Array) => Pixels,
): void {
  const { channels } = image;
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const part = decode(tile(row, column));
      const left = column * grid.tileWidth;
      const top = row * grid.tileHeight;
      const length = channels * Math.min(grid.tileWidth, image.width - left);
      for (let y = 0; y < Math.min(grid.tileHeight, image.height - top); y++) {
        const from = ((top + y) * image.width + left) * channels;
        const found = part.data.subarray(y * part.width * channels, y * part.width * channels + length);
        expect(Buffer.compare(found, image.data.subarray(from, from + length))).toBe(0);
      }
    }
  }
}
