import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cut, focusStack, meanDifference, rgb, seeded } from '../../../experiments/harness/fixtures/pictures.js';
import { readRegion, readTilePictures } from '../../../src/api/compare/read-pictures.js';
import type { SlidePicture } from '../../../src/report/slide-picture.js';
import { type DepthMap, emptyDepthMap } from '../../../src/slide/depth-map.js';
import { lumaOf, type Raster } from '../../../src/slide/raster.js';
import { memorySlide } from '../../fixtures/memory-slide.js';

const tile = { width: 64, height: 64 };
const planeCount = 3;
const planes = focusStack({ width: 1280, height: 896 }, rgb, planeCount, () => 0, 5);
const missing = { plane: 2, row: 0, column: 1 };
const slide = memorySlide(planes, tile, 1, ({ plane, row, column }) =>
  [plane === missing.plane, row === missing.row, column === missing.column].every(Boolean),
);
const [level] = slide.info.levels;
const { columns, rows } = level.grid;

/** A map of any planes, and scores by which only the tiles of a rectangle gain from it. */
function gainIn(first: { row: number; column: number }, last: { row: number; column: number }) {
  const random = seeded(7);
  const map: DepthMap = emptyDepthMap(0, level.grid, planeCount);
  const scores = new Float64Array(columns * rows * planeCount).fill(1);
  for (let index = 0; index < columns * rows; index++) {
    const [row, column] = [Math.floor(index / columns), index % columns];
    map.planes[index] = 2 * Math.floor(2 * random());
    if (row < first.row || column < first.column || row > last.row || column > last.column) continue;
    scores.fill(50, index * planeCount, (index + 1) * planeCount);
    scores[index * planeCount + map.planes[index]] = 100;
  }
  return { map, scores };
}

/** How far a JPEG is from the luma of the pixels it should show, a pixel: chroma is stored coarser. */
async function difference({ jpeg, width, height }: SlidePicture, expected: Raster): Promise<number> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const { width: wide, height: high } = expected;
  expect([info.width, info.height, width, height]).toEqual([wide, high, wide, high]);
  return meanDifference(data, lumaOf(expected).data);
}

describe('readRegion', () => {
  it('should always show where most is gained: the middle plane, and each tile of its chosen plane', async () => {
    const { map, scores } = gainIn({ row: 2, column: 4 }, { row: 13, column: 19 });
    const { x, y, level: number, middle, flattened } = await readRegion(slide, level, map, scores);
    expect([number, x, y]).toEqual([0, 4 * 64, 2 * 64]);
    const size = { width: 1024, height: 768 };
    expect(await difference(middle, cut(planes[1], x, y, size))).toBeLessThan(6);
    const chosen = cut(planes[1], x, y, size);
    for (let row = 2; row < 14; row++) {
      for (let column = 4; column < 20; column++) {
        const own = cut(planes[map.planes[row * columns + column]], column * 64, row * 64, tile);
        for (let line = 0; line < 64; line++) {
          const at = (((row - 2) * 64 + line) * size.width + (column - 4) * 64) * 3;
          chosen.data.set(own.data.subarray(line * 192, (line + 1) * 192), at);
        }
      }
    }
    expect(await difference(flattened, chosen)).toBeLessThan(6);
    expect(meanDifference(chosen.data, cut(planes[1], x, y, size).data)).toBeGreaterThan(8);
  });
});

describe('readTilePictures', () => {
  const figures = { kept: 0.5, middleKept: 0.6, shareOfLoss: 1 };

  it('should always show the tile on the chosen, the sharpest and the middle plane, stretched alike', async () => {
    const place = { row: 3, column: 5, chosen: 2, best: 0 };
    const [pictures] = await readTilePictures(slide, level, [{ ...place, ...figures }]);
    const shown = { chosen: planes[2], best: planes[0], middle: planes[1] };
    const tiles = Object.values(shown).map((plane) => cut(plane, 5 * 64, 3 * 64, tile));
    const samples = Float64Array.from(tiles.flatMap(({ data }) => Array.from(data))).sort();
    const low = samples[Math.floor(0.002 * (samples.length - 1))];
    const scale = 255 / (samples[Math.ceil(0.998 * (samples.length - 1))] - low);
    const stretched = tiles.map((each) => ({
      ...each,
      data: Uint8Array.from(each.data, (sample) => Math.max(0, Math.min(255, (sample - low) * scale))),
    }));
    for (const [i, picture] of [pictures.chosen, pictures.best, pictures.middle].entries()) {
      const distances = [];
      for (const plane of stretched) distances.push(await difference(picture, plane));
      const [own] = distances.splice(i, 1);
      // Colours as strong as these lose some by JPEG.
      expect(own).toBeLessThan(12);
      expect(own).toBeLessThan(0.7 * Math.min(...distances));
    }
  });

  it('should always show a tile that the slide lacks as blank', async () => {
    const [{ chosen }] = await readTilePictures(slide, level, [{ row: 0, column: 1, chosen: 2, best: 0, ...figures }]);
    const blank = cut(planes[0], 64, 0, tile);
    expect(await difference(chosen, { ...blank, data: new Uint8Array(blank.data.length).fill(255) })).toBeLessThan(2);
  });

  it('should only show the sharpest part of a tile that is larger than a picture', async () => {
    const large = { width: 512, height: 512 };
    const flat = planes.map((plane) => ({ ...plane, data: plane.data.map((s, i) => (isCorner(i, 1280) ? s : 128)) }));
    const source = memorySlide(flat, large, 1);
    const tiles = [{ row: 0, column: 0, chosen: 1, best: 0, ...figures }];
    const [{ best }] = await readTilePictures(source, source.info.levels[0], tiles);
    expect([best.width, best.height]).toEqual([256, 256]);
    const { data } = await sharp(best.jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(new Set(data).size).toBeGreaterThan(50);
  });
});

/** Whether a sample lies in the last quarter of the first tile of 512 pixels. */
function isCorner(index: number, width: number): boolean {
  const pixel = Math.floor(index / 3);
  return Math.min(pixel % width, Math.floor(pixel / width)) >= 256;
}
