import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { cut, emptyRaster, greatestDifference, grey } from '../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { resultLevels } from '../../src/output/result-levels.js';
import type { DepthMap } from '../../src/slide/depth-map.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { Raster } from '../../src/slide/raster.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import { type TileGrid, tileRect } from '../../src/slide/tile-grid.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { arbitraryDepthMap } from '../arbitraries/depth-map.js';
import { flattenedPicture } from '../fixtures/flattened-picture.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const kinds: Record<string, { spec: Partial<StackSpec>; made: readonly string[] }> = {
  deflate: { spec: {}, made: ['copied', 'mixed planes'] },
  'deflate without pyramid': {
    spec: { pyramid: 'none' },
    made: ['copied', 'mixed planes', 'level missing in the source'],
  },
  'JPEG 4:4:4': { spec: { storage: { codec: 'jpeg', sampling: '4:4:4' } }, made: ['copied', 'quilted'] },
  'JPEG 4:4:4 with shared tables': {
    spec: { storage: { codec: 'jpeg', sampling: '4:4:4', sharedTables: true } },
    made: ['copied', 'quilted'],
  },
  'grey JPEG': {
    spec: { pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey' } },
    made: ['copied', 'quilted'],
  },
};

describe.each(Object.entries(kinds))('the levels of a result from %s', (_, { spec, made }) => {
  const folder = temporaryFolder();
  let source: SlideSource;
  let pictures: ((plane: number) => Raster)[];

  beforeAll(async () => {
    const stack = await writeStack(folder.folder('in'), {
      width: 150,
      height: 100,
      planes: 3,
      depth: () => 0,
      ...spec,
    });
    source = await openSlide(stack.path);
    const decoded = await Promise.all(
      source.info.levels.map(({ level, grid }) =>
        Promise.all(
          source.info.planes.map(({ plane }) =>
            picture(grid, (row, column) => source.readTile({ level, plane, row, column })),
          ),
        ),
      ),
    );
    pictures = decoded.map((planes) => (plane) => planes[plane]);
  });
  afterAll(() => source.close());

  it('should always show, block by block, the planes that the map names', async () => {
    const [{ grid }] = source.info.levels;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 0.3, 1).chain((mixing) => arbitraryDepthMap(grid, 3, mixing)),
        async (map: DepthMap) => {
          const written = new Map<string, EncodedTile>();
          const levels = await resultLevels(source, map);
          const expected = flattenedPicture(pictures, 64, map, made.includes('quilted'));
          expect(levels).toHaveLength(expected.length);
          for (const { level, grid: coarse, make } of levels) {
            const found = await picture(coarse, async (row, column) => {
              const { tile, made: how } = await make(
                row,
                column,
                async ({ level: finer, row: r, column: c }) => written.get([finer, r, c].join()) as EncodedTile,
              );
              expect(made).toContain(how);
              written.set([level, row, column].join(), tile);
              return tile;
            });
            expect(greatestDifference(found, expected[level])).toBe(0);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('should only make tiles of one plane by copying', async () => {
    const [{ grid }] = source.info.levels;
    for (const plane of [0, 1, 2]) {
      const map = fc.sample(arbitraryDepthMap(grid, 3, 0), { numRuns: 1, seed: 1 })[0];
      map.planes.fill(plane);
      const levels = await resultLevels(source, map);
      for (const { level, make } of levels.slice(0, source.info.levels.length)) {
        const { tile, made: how } = await make(0, 0, () => Promise.reject(new Error('not needed')));
        const stored = await source.readTile({ level, plane, row: 0, column: 0 });
        expect([how, Buffer.compare(tile.bytes, stored?.bytes ?? Buffer.alloc(0))]).toEqual(['copied', 0]);
      }
    }
  });
});

/** A picture put together from its decoded tiles. */
async function picture(
  grid: TileGrid,
  read: (row: number, column: number) => Promise<EncodedTile | undefined>,
): Promise<Raster> {
  let whole: Raster | undefined;
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const decoded = await decodeTile((await read(row, column)) as EncodedTile);
      whole ??= emptyRaster(grid, decoded);
      const { x, y, width, height } = tileRect(grid, row, column);
      const shown = cut(decoded, 0, 0, { width, height });
      for (let line = 0; line < height; line++) {
        const from = line * width * whole.channels;
        whole.data.set(
          shown.data.subarray(from, from + width * whole.channels),
          ((y + line) * grid.width + x) * whole.channels,
        );
      }
    }
  }
  return whole as Raster;
}
