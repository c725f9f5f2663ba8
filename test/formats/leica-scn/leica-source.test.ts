// Leica SCN with planes, built by a fixture as the format says; no real file was to be had.
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LeicaOptions,
  leicaBytes,
  plainVendor,
  vendorLevels,
} from '../../../experiments/harness/fixtures/vendor-tiffs.js';
import { SlideError } from '../../../src/errors.js';
import { parseLeica } from '../../../src/formats/leica-scn/leica-xml.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { knownVendor } from '../../fixtures/known-vendor.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const leica = { ...plainVendor, storage: { codec: 'jpeg', sampling: '4:4:4', sharedTables: true } } as const;

for (const [name, spacingNm, zUm] of [
  ['planes with heights', 1500, [0, 1.5, 3]],
  ['planes without heights', undefined, [undefined, undefined, undefined]],
] as const) {
  describeSlideSource(`Leica SCN: ${name}`, async (folder) => {
    const planes = await vendorLevels(leica);
    const path = folder.at('stack.scn');
    await writeFile(path, (await leicaBytes(planes, leica, { spacingNm })).bytes);
    return knownVendor(leica, planes, {
      input: path,
      info: {
        format: 'Leica SCN',
        name: 'stack.scn',
        retiled: undefined,
        notes: [],
        planes: zUm.map((each, plane) => ({ plane, zUm: each })),
        micronsPerPixel: { x: 0.5, y: 0.5 },
        objective: { magnification: 20 },
        acquisitionDate: '2012-07-25T14:14:57.66Z',
        associatedImages: [{ kind: 'macro', width: 90, height: 40 }],
      },
    });
  });
}

describeSlideSource('Leica SCN: the second of two scanned areas', async (folder) => {
  const first = await vendorLevels(leica);
  const second = [...first].reverse();
  const path = folder.at('stack.scn');
  await writeFile(path, (await leicaBytes(first, leica, { spacingNm: 1000, second })).bytes);
  const { width, height } = leica;
  const scenes = [
    { index: 0, name: 'scan', width, height, read: false },
    { index: 1, name: 'scan 1', width, height, read: true },
  ];
  const known = knownVendor(leica, second, { input: path, info: { format: 'Leica SCN', notes: [], scenes } });
  return { ...known, options: { scene: 'scan 1' } };
});

describe('SCN', () => {
  const folder = temporaryFolder();
  let count = 0;

  async function refused(dimensions: LeicaOptions['dimensions'], options = {}): Promise<SlideError> {
    const path = folder.at(`${count++}.scn`);
    const { bytes } = await leicaBytes(await vendorLevels(leica), leica, { spacingNm: 1000, dimensions });
    await writeFile(path, bytes);
    return refusalOf(openSlide(path, options));
  }

  it('should always name the plane that is missing, or lies in no directory', async () => {
    const missing = await refused((dimension) => (dimension.includes('z="1"') ? undefined : dimension));
    expect(missing).toMatchObject({
      code: 'contradictory',
      place: { plane: 1 },
      hint: expect.stringMatching(/3 planes/),
    });
    const nowhere = await refused((dimension) => dimension.replace(/( z="2".*)ifd="\d+"/, '$1ifd="99"'));
    expect(nowhere).toMatchObject({
      code: 'contradictory',
      place: { plane: 2 },
      problem: expect.stringMatching(/directory 99.*has 10/),
    });
  });

  it('should always refuse a channel that there is not', async () => {
    for (const channel of [1, 'DAPI'])
      expect(await refused(undefined, { channel })).toMatchObject({
        code: 'usage',
        hint: 'its only one is 0',
      });
  });

  it('should always read the picture of the whole glass', async () => {
    const path = folder.at('macro.scn');
    await writeFile(path, (await leicaBytes(await vendorLevels(leica), leica, { spacingNm: 1 })).bytes);
    const source = await openSlide(path);
    const picture = await source.readAssociatedImage(source.info.associatedImages[0]);
    expect(picture).toMatchObject({ width: 90, height: 40, channels: 3 });
    await source.close();
  });

  it('should never be more than refused where its description is damaged', async () => {
    const { bytes, directories } = await leicaBytes(await vendorLevels(leica), leica, { spacingNm: 1000 });
    const at = directories[0].valuesAt.get(270) as number;
    const xml = bytes.toString('utf8', at, bytes.indexOf(0, at));
    const part = fc.oneof(
      fc.constantFrom('<', '>', '"', '&', '</', '<image>', 'z="', '999999999999', '-1', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.nat(xml.length), fc.nat(30), part, (from, length, text) => {
        try {
          parseLeica(xml.slice(0, from) + text + xml.slice(from + length), 'a.scn');
        } catch (error) {
          expect(error).toBeInstanceOf(SlideError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
