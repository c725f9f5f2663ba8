// What survives flattening, and what the flattened slide says of itself.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  depthByTile,
  type StackSpec,
  type WrittenStack,
  writeStack,
} from '../../experiments/harness/fixtures/ome-stack.js';
import { greatestDifference } from '../../experiments/harness/fixtures/pictures.js';
import { type FlattenResult, flattenSlide } from '../../src/flatten-slide.js';
import { readDepthMap, readProvenance } from '../../src/output/read-provenance.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { software } from '../../src/system/version.js';
import { readWithSharp } from '../fixtures/other-decoders.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const spec: Partial<StackSpec> = {
  width: 150,
  height: 90,
  planes: 3,
  depth: depthByTile(64, 3),
  name: 'smear & <clumps>',
  storage: { codec: 'jpeg', sharedTables: true },
  magnification: 40,
  micronsPerPixel: 0.2325,
  positionsUm: [-1.5, 0, 1.5],
  channelNames: ['H&amp;E &lt;1&gt;'],
  iccProfile: Uint8Array.from({ length: 500 }, (_, i) => (i * 7) & 255),
  pictures: ['label', 'macro'],
};

const folder = temporaryFolder();
let stack: WrittenStack;
let result: FlattenResult;
let info: SlideInfo;
let path = '';

async function infoOf(
  input: string,
  use: (source: SlideSource) => Promise<void> = async () => undefined,
): Promise<SlideInfo> {
  const source = await openSlide(input);
  try {
    await use(source);
    return source.info;
  } finally {
    await source.close();
  }
}

beforeAll(async () => {
  // In a file name, an ampersand is no entity.
  stack = await writeStack(folder.folder('in'), { ...spec, name: 'smear' });
  path = folder.at('flat.ome.tif');
  result = await flattenSlide(stack.path, path, { method: 'exhaustive', seed: 7 });
  info = await infoOf(path);
});

describe('a flattened slide', () => {
  it('should always keep pixel size, objective, channel name, date and colour profile', async () => {
    const before = await infoOf(stack.path);
    const kept = ({
      name,
      micronsPerPixel,
      objective,
      channelName,
      acquisitionDate,
      iccProfile,
      associatedImages,
    }: SlideInfo) => ({
      name,
      micronsPerPixel,
      objective,
      channelName,
      acquisitionDate,
      iccProfile: iccProfile && Buffer.from(iccProfile).toString('hex'),
      associatedImages,
    });
    expect(kept(info)).toEqual(kept(before));
    expect(kept(info)).toMatchObject({
      micronsPerPixel: { x: 0.2325, y: 0.2325 },
      objective: { magnification: 40, numericalAperture: 0.75, model: 'Plan & Apo' },
      channelName: 'H&E <1>',
      associatedImages: [{ kind: 'label' }, { kind: 'macro' }],
    });
  });

  it('should always keep label and macro images, in their pixels', async () => {
    await infoOf(path, async (source) => {
      for (const [i, image] of source.info.associatedImages.entries()) {
        expect(greatestDifference(await source.readAssociatedImage(image), stack.associated[i])).toBe(0);
      }
    });
    // As pages behind the levels, for programs that know no OME-XML.
    for (const [i, label] of stack.associated.entries()) {
      expect(greatestDifference(await readWithSharp({ path, page: info.levels.length + i }), label)).toBe(0);
    }
  });

  it('should always say how it was made', () => {
    const facts = readProvenance(info);
    expect(Object.fromEntries(facts)).toMatchObject({
      software,
      source: 'smear.ome.tif',
      method: 'exhaustive',
      measure: 'box-difference',
      seed: '7',
      planes: '3',
      retained: '1.000000',
    });
    expect(facts.get('accuracy')).toMatch(/^exhaustive of \d+ tiles with content$/);
  });

  it('should always carry its depth map', () => {
    const map = readDepthMap(info);
    expect(map).toMatchObject({ level: 0, columns: 3, rows: 2, planeCount: 3 });
    expect(Array.from(map.planes)).toEqual(Array.from(result.map.planes));
    expect(Array.from(map.planes)).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('should never tell folders or times: the same slide gives the same bytes', async () => {
    const elsewhere = await writeStack(folder.folder('elsewhere'), { ...spec, name: 'smear' });
    const again = folder.at('again.ome.tif');
    await flattenSlide(elsewhere.path, again, { method: 'exhaustive', seed: 7 });
    expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
    expect(readFileSync(path).includes(folder.at())).toBe(false);
  });

  it('should never be taken for its source: it is one plane', () => {
    expect(info.planes).toEqual([{ plane: 0, zUm: undefined }]);
  });

  it('should always be cut from the level asked for, with pixels of that size', async () => {
    const at = folder.at('level1.ome.tif');
    await flattenSlide(stack.path, at, { method: 'exhaustive', level: 1 });
    const coarse = await infoOf(at);
    expect(coarse.levels[0].grid).toMatchObject({ width: 75, height: 45 });
    expect(coarse.levels).toHaveLength(info.levels.length - 1);
    expect(coarse.micronsPerPixel).toEqual({ x: 0.465, y: 0.465 });
    expect(readDepthMap(coarse).level).toBe(1);
  });

  it('should never carry what a plain TIFF has no place for', async () => {
    const at = folder.at('plain.tif');
    const { report } = await flattenSlide(stack.path, at, { method: 'exhaustive', format: 'tiff-flat' });
    const plain = await infoOf(at);
    expect(plain).toMatchObject({
      annotations: [],
      associatedImages: [],
      micronsPerPixel: { x: expect.closeTo(0.2325, 4) },
    });
    expect(plain.iccProfile).toEqual(info.iccProfile);
    expect(report.output?.tilesEncoded).toEqual({});
  });
});
