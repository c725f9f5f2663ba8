// Slides of other formats than TIFF, flattened and verified from one end to the other.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StackSpec, writeCzi } from '../experiments/harness/fixtures/czi-slide.js';
import { type DicomSpec, writeDicomSlide } from '../experiments/harness/fixtures/dicom-slide.js';
import { grey } from '../experiments/harness/fixtures/pictures.js';
import { writeZarr, type ZarrSpec } from '../experiments/harness/fixtures/zarr-slide.js';
import { verifySlide } from '../src/api/verify-slide.js';
import { flattenSlide } from '../src/flatten-slide.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';

const folder = temporaryFolder();
const size = { width: 300, height: 200, planes: 3, levels: 3 } as const;
let count = 0;

describe('a DICOM slide', () => {
  const kinds: Record<string, Partial<DicomSpec>> = {
    'all planes in an instance': { pictures: ['LABEL'] },
    'sparse, an instance per plane, extended offset tables': {
      tiling: 'TILED_SPARSE',
      instances: 'a-plane-each',
      offsets: 'extended',
    },
    uncompressed: { storage: { codec: 'raw' } },
  };

  it.each(Object.entries(kinds))('should always be flattened by copying, and verified: %s', async (_, spec) => {
    const slide = await writeDicomSlide(folder.at(`in-${count++}`), { ...size, ...spec });
    const output = join(folder.folder('out'), `${count}.ome.tiff`);
    const { report, map } = await flattenSlide(slide.folder, output, { method: 'exhaustive' });
    const { tilesCopied, tilesQuilted, tilesEncoded } = report.output as NonNullable<typeof report.output>;
    expect(tilesCopied).toBeGreaterThan(20);
    expect(Object.keys(tilesEncoded)).toEqual(spec.storage ? ['mixed planes'] : []);
    expect(tilesQuilted > 0).toBe(!spec.storage);
    const { verified, problems } = await verifySlide(slide.folder, output);
    expect([verified, problems]).toEqual([true, []]);

    const result = await openSlide(output);
    const { columns } = result.info.levels[0].grid;
    for (const [tile, plane] of map.planes.entries()) {
      const [row, column] = [Math.floor(tile / columns), tile % columns];
      const copied = await result.readTile({ level: 0, plane: 0, row, column });
      expect(Buffer.compare(copied?.bytes as Uint8Array, slide.stored(0, plane, row, column) as Uint8Array)).toBe(0);
    }
    expect(result.info).toMatchObject({
      name: 'Slide 3',
      micronsPerPixel: { x: 0.25, y: 0.25 },
      associatedImages: spec.pictures ? [{ kind: 'label' }] : [],
    });
    await result.close();
  });
});

describe('a CZI slide', () => {
  const kinds: Record<string, Partial<StackSpec>> = {
    uncompressed: {},
    JPEG: { storage: 'jpeg' },
    'grey of 16 bits': { storage: 'zstd1, split', pixel: grey('uint16') },
    'the second scene': { scenes: 2 },
  };

  it.each(Object.entries(kinds))('should always be flattened by encoding once, and verified: %s', async (_, spec) => {
    const slide = await writeCzi(folder.at(`in-${count++}.czi`), { ...size, levels: 2, ...spec });
    const output = join(folder.folder('out'), `${count}.ome.tiff`);
    const options = { method: 'exhaustive', tileSize: 64, scene: spec.scenes ? 'B7' : undefined } as const;
    const { report } = await flattenSlide(slide.path, output, options);
    const { tilesCopied, tilesEncoded } = report.output as NonNullable<typeof report.output>;
    expect([tilesCopied, Object.keys(tilesEncoded)]).toEqual([0, ['planes stored without tiles']]);
    const { verified, problems } = await verifySlide(slide.path, output);
    expect([verified, problems]).toEqual([true, []]);
    if (!spec.scenes) return;
    const wrong = await verifySlide(slide.path, output, { scene: 'A1' });
    expect(wrong.verified).toBe(false);
  });
});

describe('a CZI slide whose JPEG pictures lie on the tile grid', () => {
  const frames = { 'as large as tiles': 48, 'larger than tiles': 64 } as const;

  it.each(Object.entries(frames))('should always be flattened by copying, and verified: %s', async (name, height) => {
    const frame = { width: 64, height, stepX: 64, stepY: height };
    const depth = (x: number) => (x < 130 ? 0 : 2);
    const spec = { ...size, width: 320, height: 192, levels: 2, storage: 'jpeg', frame, depth } as const;
    const slide = await writeCzi(folder.at(`in-${count++}.czi`), spec);
    const output = join(folder.folder('out'), `${count}.ome.tiff`);
    const tileSize = name === 'larger than tiles' ? 32 : undefined;
    const { report } = await flattenSlide(slide.path, output, { method: 'exhaustive', tileSize });
    const { tilesCopied, tilesEncoded } = report.output as NonNullable<typeof report.output>;
    expect(tilesCopied).toBeGreaterThanOrEqual((320 * 192) / (tileSize ? 32 * 32 : 64 * 48));
    expect(tilesEncoded).toEqual({});
    const { verified, problems } = await verifySlide(slide.path, output);
    expect([verified, problems]).toEqual([true, []]);
  });
});

describe('an OME-Zarr image', () => {
  const kinds: Record<string, Partial<ZarrSpec>> = { '0.4': {}, '0.5, in shards': { version: '0.5', shard: 2 } };

  it.each(Object.entries(kinds))('should always be flattened by encoding once, and verified: %s', async (_, spec) => {
    const image = await writeZarr(folder.at(`in-${count++}.zarr`), { ...size, ...spec });
    const output = join(folder.folder('out'), `${count}.ome.tiff`);
    const { report } = await flattenSlide(image.folder, output, { method: 'exhaustive' });
    const { tilesCopied, tilesEncoded } = report.output as NonNullable<typeof report.output>;
    expect([tilesCopied, Object.keys(tilesEncoded)]).toEqual([0, ['planes stored without tiles']]);
    const { verified, problems } = await verifySlide(image.folder, output);
    expect([verified, problems]).toEqual([true, []]);
  });
});
