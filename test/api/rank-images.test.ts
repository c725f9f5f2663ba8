import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blurred, grey, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp } from '../../experiments/harness/fixtures/plane-files.js';
import { rankImages } from '../../src/api/rank-images.js';
import { type FocusMeasureName, pixelMeasures } from '../../src/focus/focus-measure.js';
import type { PixelFormat } from '../../src/slide/raster.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { itWithData, sharedData } from '../fixtures/shared-data.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

/** The same picture, blurred by radius 2, 0, 3 and 1. */
async function blurredPictures(name: string, extension = 'png', format: PixelFormat = rgb): Promise<string[]> {
  const at = folder.at(name);
  mkdirSync(at);
  const picture = sharpPicture({ width: 300, height: 270 }, format, 2);
  const files = [2, 0, 3, 1].map((radius) => ({ radius, path: join(at, `radius${radius}.${extension}`) }));
  for (const { radius, path } of files) await saveWithSharp(blurred(picture, radius), path);
  return files.map(({ path }) => path);
}

describe('rankImages', () => {
  it('should always rank by sharpness, whatever the order given', async () => {
    const files = await blurredPictures('ranked');
    for (const order of [files, [...files].reverse()]) {
      const { images, sharpest, blurriest, schema } = await rankImages(order);
      expect(schema).toBe('zflat.rank/1');
      expect(images.map(({ file }) => file)).toEqual(
        [0, 1, 2, 3].map((radius) => folder.at('ranked', `radius${radius}.png`)),
      );
      expect([sharpest, blurriest]).toEqual([images[0].file, images[3].file]);
      expect(images[0].relative).toBe(1);
      expect(images.map(({ relative }) => relative)).toEqual(images.map(({ score }) => score / images[0].score));
    }
  });

  it.each(Object.keys(pixelMeasures) as FocusMeasureName[])(
    'should always rank the same by %s, at every n-th pixel, in JPEG and 16 bits',
    async (measure) => {
      const at = measure;
      const all = [
        await blurredPictures(`${at}-jpg`, 'jpg'),
        await blurredPictures(`${at}-png`, 'png', grey('uint16')),
      ];
      for (const files of all) {
        for (const subsample of [1, 2]) {
          const { images } = await rankImages(files, { measure, subsample });
          expect(images.map(({ file }) => /radius\d/.exec(file)?.[0])).toEqual([
            'radius0',
            'radius1',
            'radius2',
            'radius3',
          ]);
        }
      }
    },
  );

  it('should always give images without any structure the same rank, in the order given', async () => {
    const at = folder.folder('even');
    const even = { width: 40, height: 30, ...rgb, data: new Uint8Array(3600).fill(200) };
    const files = ['b.png', 'a.png'].map((name) => join(at, name));
    for (const file of files) await saveWithSharp(even, file);
    const { images } = await rankImages(files);
    expect(images).toEqual(files.map((file) => ({ file, score: 0, relative: 1 })));
  });

  it('should always refuse what can not be ranked, by name', async () => {
    const files = await blurredPictures('refused');
    expect(await refusalOf(rankImages([]))).toMatchObject({ code: 'usage' });
    expect(await refusalOf(rankImages(files.slice(0, 1)))).toMatchObject({ code: 'usage' });
    const small = folder.at('refused', 'small.png');
    await saveWithSharp(sharpPicture({ width: 20, height: 30 }, rgb, 1), small);
    expect(await refusalOf(rankImages([...files, small]))).toMatchObject({
      code: 'mismatch',
      place: { file: small },
      message: expect.stringMatching(/20 x 30.*300 x 270/),
    });
    expect(await refusalOf(rankImages([files[0], folder.at('nothing.png')]))).toMatchObject({
      code: 'unreadable',
      place: { file: folder.at('nothing.png') },
    });
    expect(await refusalOf(rankImages(files, { measure: 'sharpness' as never }))).toMatchObject({ code: 'usage' });
    expect(await refusalOf(rankImages(files, { subsample: 3 }))).toMatchObject({ code: 'usage' });
    expect(await refusalOf(rankImages(files, { concurrency: 0 }))).toMatchObject({ code: 'usage' });
    expect(await refusalOf(rankImages(files, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
  });

  itWithData(['organoid-zstack'], 'should never take a plane far out of focus for the sharpest', async () => {
    const files = [0, 1, 6].map((z) => sharedData('organoid-zstack', `organoid_z0${z}.tif`));
    const { sharpest, blurriest } = await rankImages(files, { subsample: 2 });
    expect(sharpest).toBe(files[2]);
    expect(files.slice(0, 2)).toContain(blurriest);
  });
});
