// Large slides of the scaling experiment.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repeatSlide } from '../../experiments/harness/slides/repeat-slide.js';
import { synthesizeSlide } from '../../src/api/synthesize-slide.js';
import { decodeTileLuma } from '../../src/codecs/codec.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
const small = join(folder, 'small.ome.tiff');
const large = join(folder, 'large.ome.tiff');
let sources: SlideSource[];

beforeAll(async () => {
  const size = { width: 256, height: 256, tileSize: 64, planeCount: 3 };
  await synthesizeSlide(small, { ...size, clumpDensity: 4, micronsPerPixel: 1 });
  await repeatSlide(small, 4, large);
  sources = [await openSlide(small), await openSlide(large)];
});
afterAll(async () => {
  for (const source of sources) await source.close();
  remove();
});

async function tileAt(source: SlideSource, level: number, plane: number, row: number, column: number) {
  return (await source.readTile({ level, plane, row, column })) as EncodedTile;
}

async function meanLuma(tile: EncodedTile): Promise<number> {
  const { data } = await decodeTileLuma(tile);
  return Array.from<number>(data).reduce((sum, value) => sum + value, 0) / data.length;
}

it('should always be the small slide again and again, byte for byte', async () => {
  const [own, repeated] = sources;
  expect(repeated.info).toMatchObject({ planes: own.info.planes, encoding: own.info.encoding });
  expect(repeated.info.levels.map(({ grid }) => grid.width)).toEqual([1024, 512, 256, 128, 64]);
  for (const { level, grid } of own.info.levels) {
    for (let row = 0; row < 4 * grid.rows; row += 3) {
      for (let column = 0; column < 4 * grid.columns; column++) {
        const tile = await tileAt(repeated, level, 1, row, column);
        const expected = await tileAt(own, level, 1, row % grid.rows, column % grid.columns);
        expect(Buffer.compare(tile.bytes, expected.bytes)).toBe(0);
      }
    }
  }
});

it('should always have coarser levels that show all of it', async () => {
  const [own, repeated] = sources;
  for (const plane of [0, 2]) {
    const one = await meanLuma(await tileAt(own, 2, plane, 0, 0));
    for (const level of [3, 4]) {
      const tile = await tileAt(repeated, level, plane, 0, 0);
      // halving and compression round
      expect(Math.abs((await meanLuma(tile)) - one)).toBeLessThan(1.5);
      const { data, width, height } = await decodeTileLuma(tile);
      expect(Math.max(...data) - Math.min(...data)).toBeGreaterThan(30);
      // the same picture in every quarter, but for what compression does at borders
      for (let y = 4; y < height / 2 - 4; y++) {
        for (let x = 4; x < width / 2 - 4; x++) {
          const beside = data[y * width + x + width / 2];
          const below = data[(y + height / 2) * width + x];
          expect(Math.abs(data[y * width + x] - beside) + Math.abs(data[y * width + x] - below)).toBeLessThan(24);
        }
      }
    }
  }
});
