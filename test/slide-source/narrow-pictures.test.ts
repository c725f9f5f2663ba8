// Pictures whose narrow side comes down to a pixel before the other one fits a tile.
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { cut, greatestDifference, halved } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { verifySlide } from '../../src/api/verify-slide.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const sizes = [
  [
    1,
    300,
    [[1, 300]],
    [
      [1, 300],
      [1, 150],
      [1, 75],
      [1, 37],
    ],
  ],
  [
    300,
    1,
    [[300, 1]],
    [
      [300, 1],
      [150, 1],
      [75, 1],
      [37, 1],
    ],
  ],
  [
    2,
    600,
    [
      [2, 600],
      [1, 300],
    ],
    [
      [2, 600],
      [1, 300],
    ],
  ],
  [3, 64, [[3, 64]], [[3, 64]]],
  [
    5,
    700,
    [
      [5, 700],
      [2, 350],
      [1, 175],
    ],
    [
      [5, 700],
      [2, 350],
      [1, 175],
    ],
  ],
  [1, 1, [[1, 1]], [[1, 1]]],
] as const;

describe('a narrow picture', () => {
  for (const [width, height, stored, written] of sizes) {
    it(`should always be read, with the levels that its size allows: ${width} x ${height}`, async () => {
      const spec = { width, height, planes: 3, depth: (x: number, y: number) => (x + (y >> 5)) % 3 };
      const name = `${width} x ${height}`;
      const planes = await writePlanes(folder.at(name), spec, (z) => `p${z}.png`, saveWithSharp);
      const source = await openSlide(planes.folder, { tileSize: 64 });
      const sizesOf = (levels: typeof source.info.levels) => levels.map(({ grid }) => [grid.width, grid.height]);
      expect(sizesOf(source.info.levels)).toEqual(stored);
      let picture = planes.pictures[1];
      for (const { level } of source.info.levels) {
        const tile = (await source.readTile({ level, plane: 1, row: 0, column: 0 })) as EncodedTile;
        const shown = { width: Math.min(64, picture.width), height: Math.min(64, picture.height) };
        const decoded = cut(await decodeTile(tile), 0, 0, shown);
        expect(greatestDifference(decoded, cut(picture, 0, 0, shown))).toBeLessThan(2);
        picture = halved(picture, 'down');
      }
      await source.close();
      const output = folder.at(`${name}.ome.tif`);
      await flattenSlide(planes.folder, output, { tileSize: 64 });
      await verifySlide(planes.folder, output, { tileSize: 64 });
      const flat = await openSlide(output);
      expect(sizesOf(flat.info.levels)).toEqual(written);
      await flat.close();
    });
  }

  it('should always be read where it is stored in tiles, with a pyramid of its own', async () => {
    const spec = { width: 2, height: 600, planes: 2, depth: (_: number, y: number) => (y >> 6) % 2 } as const;
    for (const rounding of ['down', 'up'] as const) {
      const stack = await writeStack(folder.at(rounding), { ...spec, rounding });
      const source = await openSlide(stack.path);
      expect(source.info.levels.length).toBe(5);
      await source.close();
      const output = folder.at(`${rounding}.ome.tif`);
      await flattenSlide(stack.path, output);
      await verifySlide(stack.path, output);
    }
  });
});
