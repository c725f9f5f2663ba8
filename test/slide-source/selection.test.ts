// One rule for all formats: what an option names and a slide has not is refused; what nobody chose, and what has no effect, is said.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeCzi } from '../../experiments/harness/fixtures/czi-slide.js';
import { writeDicomSlide } from '../../experiments/harness/fixtures/dicom-slide.js';
import { writeNdpi } from '../../experiments/harness/fixtures/ndpi-stack.js';
import { depthByTile, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes, writeTiffPlanes } from '../../experiments/harness/fixtures/plane-files.js';
import {
  aperioBytes,
  leicaBytes,
  plainVendor,
  vendorLevels,
  ventanaBytes,
} from '../../experiments/harness/fixtures/vendor-tiffs.js';
import { writeZarr } from '../../experiments/harness/fixtures/zarr-slide.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import { selectionText } from '../../src/slide/slide-selection.js';
import type { OpenOptions } from '../../src/slide-source/open-options.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { choose, numbered } from '../../src/slide-source/selection.js';
import { openFiles, refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const tiny = { width: 100, height: 70, planes: 2, depth: depthByTile(64, 2) } as const;

async function infoOf(path: string, options: OpenOptions = {}): Promise<SlideInfo> {
  const source = await openSlide(path, options);
  await source.close();
  return source.info;
}

const fileOf = async (name: string, bytes: Uint8Array) => {
  await writeFile(folder.at(name), bytes);
  return folder.at(name);
};

/** A slide of each format with one channel, timepoint and scene; whether its tiles are its own. */
const slides: Record<string, { readonly make: () => Promise<string>; readonly ownTiles: boolean }> = {
  'OME-TIFF': { make: async () => (await writeStack(folder.at('ome'), tiny)).path, ownTiles: true },
  'OME-TIFF in strips': {
    make: async () => (await writeStack(folder.at('strips'), { ...tiny, tile: undefined, pyramid: 'none' })).path,
    ownTiles: false,
  },
  'a TIFF per plane': {
    make: async () => (await writeTiffPlanes(folder.at('tiffs'), tiny, (z) => `p${z}.tif`)).folder,
    ownTiles: true,
  },
  'a picture per plane': {
    make: async () => (await writePlanes(folder.at('png'), tiny, (z) => `p${z}.png`, saveWithSharp)).folder,
    ownTiles: false,
  },
  'Aperio SVS': {
    make: async () =>
      fileOf('a.svs', aperioBytes(await vendorLevels(plainVendor), { order: [0, 1, 2], offsetsUm: [] }).bytes),
    ownTiles: true,
  },
  'Leica SCN': {
    make: async () =>
      fileOf('a.scn', (await leicaBytes(await vendorLevels(plainVendor), plainVendor, { spacingNm: 1000 })).bytes),
    ownTiles: true,
  },
  'Ventana BIF': {
    make: async () =>
      fileOf('a.bif', ventanaBytes(await vendorLevels(plainVendor), { spacingUm: 1, joints: '', layers: 3 }).bytes),
    ownTiles: true,
  },
  NDPI: {
    make: async () => {
      await writeNdpi(folder.at('a.ndpi'));
      return folder.at('a.ndpi');
    },
    ownTiles: false,
  },
  CZI: { make: async () => (await writeCzi(folder.at('a.czi'))).path, ownTiles: false },
  DICOM: { make: async () => (await writeDicomSlide(folder.at('dicom'))).folder, ownTiles: true },
  'OME-Zarr': { make: async () => (await writeZarr(folder.at('a.zarr'))).folder, ownTiles: false },
};

for (const [name, { make, ownTiles }] of Object.entries(slides)) {
  describe(`a slide with one channel, timepoint and scene: ${name}`, () => {
    it('should always refuse what it has not, and say what it has', async () => {
      const path = await make();
      const asked: [OpenOptions, RegExp][] = [
        [{ channel: 7 }, /there is no channel 7/],
        [{ channel: 'nothing' }, /there is no channel "nothing"/],
        [{ timepoint: 1 }, /there is no timepoint 1/],
        [{ scene: 3 }, /there is no scene 3/],
        [{ scene: 'nowhere' }, /there is no scene "nowhere"/],
      ];
      for (const [options, words] of asked) {
        const refusal = await refusalOf(openSlide(path, options));
        expect([refusal.code, refusal.problem]).toEqual(['usage', expect.stringMatching(words)]);
        expect(refusal.hint).toMatch(/its only one is 0|its channels are 0 \(|they are numbered 0 to/);
        expect(refusal.place.file).toBeDefined();
      }
      expect(openFiles().filter((file) => file.startsWith(folder.at()))).toEqual([]);
    });

    it('should always take what it has, by its index, without a word', async () => {
      const path = await make();
      const plain = await infoOf(path);
      const chosen = await infoOf(path, { timepoint: 0, scene: 0 });
      expect(chosen.notes).toEqual(plain.notes);
      expect(selectionText(chosen.selection)).toBeUndefined();
      expect(chosen.selection).toMatchObject({ timepoint: { index: 0, count: 1 }, scene: { index: 0, count: 1 } });
    });

    it(`should ${ownTiles ? 'always' : 'never'} say that --tile-size has no effect`, async () => {
      const { notes, levels } = await infoOf(await make(), { tileSize: 32 });
      expect(notes.some((note) => /--tile-size has no effect/.test(note))).toBe(ownTiles);
      expect(levels[0].grid.tileWidth === 32).toBe(!ownTiles);
    });
  });
}

describe('what was taken of several', () => {
  it('should always be said where nobody chose, and told as fields', async () => {
    const spec = { ...tiny, channels: 2, channelNames: ['DAPI', 'FITC'], timepoints: 3, pixel: grey('uint8') };
    const { path } = await writeStack(folder.at('several'), spec);
    const info = await infoOf(path);
    expect(info.notes).toEqual([
      'channel 0 of 2 (DAPI) taken: --channel takes another',
      'timepoint 0 of 3 taken: --timepoint takes another',
    ]);
    expect(info.selection).toEqual({
      channel: { index: 0, name: 'DAPI', count: 2 },
      timepoint: { index: 0, name: undefined, count: 3 },
      scene: { index: 0, name: undefined, count: 1 },
    });
    const chosen = await infoOf(path, { channel: 'FITC', timepoint: 2 });
    expect(chosen.notes).toEqual([]);
    expect(selectionText(chosen.selection)).toBe('channel FITC (1 of 2), timepoint 2 of 3');
  });

  it('should always be said in the same words by CZI, DICOM, NDPI and OME-Zarr', async () => {
    const czi = await writeCzi(folder.at('several.czi'), { channels: 2, timepoints: 2, scenes: 2 });
    expect((await infoOf(czi.path)).notes).toEqual([
      'channel 0 of 2 (light) taken: --channel takes another',
      'timepoint 0 of 2 taken: --timepoint takes another',
      'scene 0 of 2 (A1) taken: --scene takes another',
    ]);
    const dicom = await writeDicomSlide(folder.at('paths'), { opticalPaths: ['a', 'b'] });
    expect((await infoOf(dicom.folder)).notes).toEqual(['channel 0 of 2 (light a) taken: --channel takes another']);
    await writeNdpi(folder.at('regions.ndpi'), { regions: [3, 7] });
    const regions = await infoOf(folder.at('regions.ndpi'), { scene: 7 });
    expect(selectionText(regions.selection)).toBe('scene 7, one of 2');
    const zarr = await writeZarr(folder.at('times.zarr'), { timepoints: 2, pixel: grey('uint8') });
    expect((await infoOf(zarr.folder)).notes).toContain('timepoint 0 of 2 taken: --timepoint takes another');
  });

  it('should always be told of one plane with a step', async () => {
    const { path } = await writeStack(folder.at('one'), { ...tiny, planes: 1, depth: () => 0 });
    expect((await infoOf(path, { zStepUm: 2 })).notes).toContain('--z-step has no effect: there is one plane');
  });
});

describe('choosing', () => {
  const dyes = numbered(2, (index) => ['DAPI', 'α-tubulin'][index]);

  it('should always find by index, by name, however it is composed, and by a name that is a number', () => {
    expect(choose('channel', dyes, undefined, 'f')).toBe(dyes[0]);
    expect(choose('channel', dyes, undefined, 'f', dyes[1])).toBe(dyes[1]);
    expect(choose('channel', dyes, 1, 'f')).toBe(dyes[1]);
    expect(choose('channel', [{ index: 0, name: 'Bär' }], 'Bär', 'f').index).toBe(0);
    expect(choose('channel', [{ index: 0, name: 'light', alias: '488' }], 488, 'f').index).toBe(0);
  });

  it('should always name those there are, at most twenty', () => {
    const hintOf = (among: typeof dyes) => {
      try {
        choose('channel', among, 'none', 'f');
      } catch (error) {
        return (error as { hint: string }).hint;
      }
      throw new Error('expected a refusal');
    };
    expect(hintOf(dyes)).toBe('its channels are 0 (DAPI), 1 (α-tubulin)');
    expect(hintOf(numbered(3))).toBe('they are numbered 0 to 2');
    expect(hintOf(numbered(1, () => 'DAPI'))).toBe('its only one is 0 (DAPI)');
    expect(hintOf(numbered(30, String)).split(', ').length).toBe(21);
    expect(hintOf([{ index: 3 }, { index: 70 }])).toBe('its channels are 3, 70');
  });
});
