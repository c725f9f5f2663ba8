// Pixels that are stored turned: kept so, with the tag that says it, on every level of the result.
import { describe, expect, it } from 'vitest';
import { depthByTile, type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { writeTiffPlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { type } from '../../experiments/harness/fixtures/tiff-bytes.js';
import { openFile } from '../../src/bytes/file-reader.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { openTiff } from '../../src/tiff/tiff-file.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

/** A small stack whose directories have this tag Orientation, none where undefined. */
const turned = (of: (plane: number, level: number) => number | undefined): Partial<StackSpec> => ({
  width: 150,
  height: 100,
  planes: 2,
  depth: depthByTile(64, 2),
  change: ({ z }, level) => {
    const value = of(z, level);
    return value === undefined ? [] : [{ tag: 274, type: type.short, values: [value] }];
  },
});

async function infoOf(path: string): Promise<SlideInfo> {
  const source = await openSlide(path);
  await source.close();
  return source.info;
}

async function orientations(path: string): Promise<(number | undefined)[]> {
  const reader = await openFile(path);
  const { directories } = await openTiff(reader);
  await reader.close();
  return directories.map(({ orientation }) => orientation);
}

describe('an orientation', () => {
  it('should always be on every level of the result, and said', async () => {
    for (const value of [2, 3, 4, 5, 6, 7, 8]) {
      const stack = await writeStack(
        folder.at(`${value}`),
        turned((_, level) => (level === 0 ? value : undefined)),
      );
      const source = await openSlide(stack.path);
      expect(source.info).toMatchObject({ orientation: value, levels: { length: 3 } });
      expect(source.info.notes).toEqual([expect.stringMatching(`Orientation ${value}`)]);
      await source.close();
      const output = folder.at(`${value}.ome.tif`);
      await flattenSlide(stack.path, output);
      expect(await orientations(output)).toEqual([value, value, value]);
    }
  });

  it('should always be kept of strips, where levels are made, and of a file per plane', async () => {
    const strips = await writeStack(folder.at('strips'), { ...turned(() => 6), tile: undefined, pyramid: 'none' });
    const planes = await writeTiffPlanes(
      folder.at('planes'),
      turned(() => 6),
      (z) => `p${z}.tif`,
    );
    for (const [name, input] of [
      ['strips', strips.path],
      ['planes', planes.folder],
    ] as const) {
      const output = folder.at(`${name}.ome.tif`);
      await flattenSlide(input, output, { tileSize: 64 });
      const found = await orientations(output);
      expect([name, found]).toEqual([name, found.map(() => 6)]);
    }
  });

  it('should never be written where pixels are upright', async () => {
    for (const value of [1, undefined, 0, 9]) {
      const stack = await writeStack(
        folder.at(`upright ${value}`),
        turned(() => value),
      );
      expect(await infoOf(stack.path)).toMatchObject({ orientation: undefined, notes: [] });
      const output = folder.at(`upright ${value}.ome.tif`);
      await flattenSlide(stack.path, output);
      expect(new Set(await orientations(output))).toEqual(new Set([undefined]));
    }
  });

  it('should always be that of all planes, and of levels', async () => {
    const planes = await writeStack(
      folder.at('differ'),
      turned((z) => (z === 0 ? 1 : 6)),
    );
    const refusal = await refusalOf(openSlide(planes.path));
    expect([refusal.code, refusal.message]).toEqual([
      'mismatch',
      expect.stringMatching(/plane 1.*Orientation 6.*upright/),
    ]);
    const levels = await writeStack(
      folder.at('levels'),
      turned((_, level) => (level === 1 ? 1 : 6)),
    );
    const info = await infoOf(levels.path);
    expect(info.levels.map(({ level }) => level)).toEqual([0, 2]);
    expect(info.notes).toContain('left out level 1: it is turned otherwise');
  });
});
