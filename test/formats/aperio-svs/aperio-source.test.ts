// Aperio SVS with z layers, built by a fixture in the order that ImageScope writes; real files have one layer.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  type AperioOptions,
  aperioBytes,
  plainVendor,
  type VendorSpec,
  vendorLevels,
} from '../../../experiments/harness/fixtures/vendor-tiffs.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { parseAperio } from '../../../src/formats/aperio-svs/aperio.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { knownVendor } from '../../fixtures/known-vendor.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const kinds: Record<
  string,
  { spec: Partial<VendorSpec>; options: AperioOptions; zUm: readonly (number | undefined)[] }
> = {
  'JPEG of RGB, layers by OffsetZ': {
    spec: {},
    options: { order: [1, 0, 2], offsetsUm: [undefined, -1.5, 1.5] },
    zUm: [-1.5, 0, 1.5],
  },
  'JPEG of YCbCr, layers in the order of the file': {
    spec: { storage: { codec: 'jpeg', sampling: '4:4:4' } },
    options: { order: [0, 1, 2], offsetsUm: [] },
    zUm: [undefined, undefined, undefined],
  },
  'JPEG 2000': {
    spec: { storage: { codec: 'jpeg2000' } },
    options: { order: [0, 1, 2], offsetsUm: [0, 1, 2] },
    zUm: [0, 1, 2],
  },
  'LZW, layers downwards': {
    spec: { storage: { codec: 'lzw', predictor: 2 } },
    options: { order: [2, 1, 0], offsetsUm: [4, 2, 0] },
    zUm: [0, 2, 4],
  },
};

for (const [name, { spec, options, zUm }] of Object.entries(kinds)) {
  describeSlideSource(`Aperio SVS: ${name}`, async (folder) => {
    const whole = { ...plainVendor, ...spec };
    const planes = await vendorLevels(whole);
    const path = folder.at('layers.svs');
    await writeFile(path, aperioBytes(planes, options).bytes);
    return knownVendor(whole, planes, {
      input: path,
      info: {
        format: 'Aperio SVS',
        name: 'layers.svs',
        retiled: undefined,
        notes: [],
        planes: zUm.map((each, plane) => ({ plane, zUm: each })),
        micronsPerPixel: { x: 0.499, y: 0.499 },
        objective: { magnification: 20 },
        associatedImages: [
          { kind: 'label', width: 90, height: 40 },
          { kind: 'macro', width: 90, height: 40 },
        ],
      },
    });
  });
}

describe('SVS', () => {
  const folder = temporaryFolder();
  const order = [0, 1, 2];

  it('should always be flattened by copying, and verified', async () => {
    const path = folder.at('flat.svs');
    for (const storage of [plainVendor.storage, { codec: 'jpeg2000' } as const]) {
      const planes = await vendorLevels({ ...plainVendor, storage });
      await writeFile(path, aperioBytes(planes, { order, offsetsUm: [] }).bytes);
      const options = { method: 'exhaustive', force: true } as const;
      const { report, map } = await flattenSlide(path, folder.at('flat.ome.tif'), options);
      expect(new Set(map.planes).size).toBe(3);
      // All of the finest level; coarser ones mix planes, which JPEG 2000 can't without being encoded anew.
      expect(report.output?.tilesCopied).toBeGreaterThanOrEqual(20);
      expect((await verifySlide(path, folder.at('flat.ome.tif'))).verified).toBe(true);
    }
  });

  it('should always leave out a level that not every layer has, and say so', async () => {
    const planes = await vendorLevels(plainVendor);
    const path = folder.at('short.svs');
    await writeFile(path, aperioBytes([planes[0], planes[1].slice(0, 2), planes[2]], { order, offsetsUm: [] }).bytes);
    const { info, close } = await openSlide(path);
    await close();
    expect(info.levels.map(({ level }) => level)).toEqual([0, 1]);
    expect(info.notes).toEqual([expect.stringMatching(/2 images of 75 x 50 pixels/)]);
  });

  it('should never take two layers for one height', async () => {
    const path = folder.at('same.svs');
    await writeFile(path, aperioBytes(await vendorLevels(plainVendor), { order, offsetsUm: [1, 2, 1] }).bytes);
    expect(await refusalOf(openSlide(path))).toMatchObject({
      code: 'contradictory',
      place: { file: path },
      problem: expect.stringMatching(/1, 2, 1/),
      hint: expect.any(String),
    });
  });

  it('should always name the plane whose tiles do not fit the others', async () => {
    const path = folder.at('odd.svs');
    const planes = await vendorLevels(plainVendor);
    const odd = await vendorLevels({ ...plainVendor, tile: { width: 80, height: 80 } });
    await writeFile(path, aperioBytes([planes[0], odd[1], planes[2]], { order, offsetsUm: [] }).bytes);
    expect(await refusalOf(openSlide(path))).toMatchObject({
      code: 'mismatch',
      place: { file: path, plane: 1, level: 0 },
      problem: expect.stringMatching(/80 x 80/),
    });
  });

  itWithData(
    ['svs', 'CMU-1-Small-Region.svs'],
    'should always stay a single plane where there is one layer',
    async () => {
      const { info, close } = await openSlide(sharedData('svs', 'CMU-1-Small-Region.svs'));
      await close();
      expect(info).toMatchObject({ format: 'single plane', planes: [{ plane: 0 }] });
    },
  );
});

describe('parseAperio', () => {
  it('should always read the fields, signed heights too, and no others', () => {
    expect(parseAperio('Aperio Image\n1x1|AppMag = 40|MPP = 0.25|OffsetZ = -1.5e0|x = 1')).toEqual({
      magnification: 40,
      micronsPerPixel: 0.25,
      offsetZUm: -1.5,
    });
    expect(parseAperio('Aperio|AppMag = 0|MPP = x|OffsetZ = -')).toEqual({
      magnification: undefined,
      micronsPerPixel: undefined,
      offsetZUm: undefined,
    });
    expect(parseAperio('ImageJ|AppMag = 40')).toBeUndefined();
  });
});
