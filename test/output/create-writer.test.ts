import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { type OutputFormat, outputFormats } from '../../src/options/writing.js';
import { createWriter } from '../../src/output/create-writer.js';
import { resultLevels } from '../../src/output/result-levels.js';
import { emptyDepthMap } from '../../src/slide/depth-map.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import type { TileAddress } from '../../src/slide/tile-address.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { describeSlideWriter, type KnownWriter } from '../contracts/slide-writer.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
let source: SlideSource;
beforeAll(async () => {
  const spec = {
    width: 150,
    height: 90,
    planes: 2,
    depth: () => 0,
    storage: { codec: 'jpeg' },
    pictures: ['label'],
  } as const;
  source = await openSlide((await writeStack(folder.folder('in'), spec)).path);
});
afterAll(() => source.close());

/** A writer of a format, for plane 1 everywhere. */
async function createKnown(format: OutputFormat, path: string, force: boolean): Promise<KnownWriter> {
  const depthMap = emptyDepthMap(0, source.info.levels[0].grid, 2);
  depthMap.planes.fill(1);
  const made = await resultLevels(source, depthMap);
  const { writer, levels } = await createWriter(
    path,
    format,
    source,
    made,
    { software: 'test', depthMap, facts: {} },
    force,
  );
  const tiles: { address: TileAddress; tile: EncodedTile }[] = [];
  for (const { level, grid, make } of levels) {
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const { tile } = await make(row, column, writer.readBack.bind(writer));
        tiles.push({ address: { level, plane: 0, row, column }, tile });
      }
    }
  }
  return { writer, tiles };
}

for (const format of Object.keys(outputFormats) as OutputFormat[]) {
  describeSlideWriter(`writing ${format}`, (path, force) => createKnown(format, path, force));
}

describe('createWriter', () => {
  it('should only give a plain TIFF one level, and always give an OME-TIFF all', async () => {
    const levels = async (format: OutputFormat) => {
      const { writer, tiles } = await createKnown(format, folder.at(`${format}.tif`), false);
      await writer.discard();
      return new Set(tiles.map(({ address }) => address.level)).size;
    };
    expect([await levels('tiff-flat'), await levels('ome-tiff')]).toEqual([1, source.info.levels.length]);
  });

  it('should always refuse a plain TIFF beyond 4 GB before a byte is written, with the reason and what to do', async () => {
    const huge: SlideSource = {
      ...source,
      tileLengths: async (level) => {
        const lengths = await source.tileLengths(level);
        return lengths.comparable ? { comparable: true, bytes: lengths.bytes.map(() => 2 ** 30) } : lengths;
      },
    };
    const depthMap = emptyDepthMap(0, source.info.levels[0].grid, 2);
    const made = await resultLevels(source, depthMap);
    const at = folder.at('huge.tif');
    const refused = createWriter(at, 'tiff-flat', huge, made, { software: 'test', depthMap, facts: {} }, false);
    await expect(refused).rejects.toMatchObject({
      code: 'output',
      message: expect.stringMatching(/4 GB.*OME-TIFF/),
      place: { file: at },
    });
  });
});
