import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type DicomSpec,
  type WrittenSlide,
  writeDicomdir,
  writeDicomSlide,
  zOf,
} from '../../../experiments/harness/fixtures/dicom-slide.js';
import { emptyRaster, grey } from '../../../experiments/harness/fixtures/pictures.js';
import { type RangeServer, rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import type { Raster } from '../../../src/slide/raster.js';
import type { SlideInfo } from '../../../src/slide/slide-info.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

/** What the contract needs to know of a slide. */
async function known(slide: WrittenSlide, info: KnownSlide['info'] = {}, path = 0): Promise<KnownSlide> {
  const { spec } = slide;
  const { tile, storage } = spec;
  const levels = Array.from({ length: spec.levels }, (_, level) => {
    const { width, height } = slide.picture(0, level);
    return { width, height, columns: Math.ceil(width / tile.width), rows: Math.ceil(height / tile.height) };
  });
  const stored: NonNullable<KnownSlide['stored']> = ({ level, plane, row, column }) =>
    slide.stored(level, plane, row, column, path);
  const jpeg = storage.codec === 'jpeg';
  const heights = Array.from({ length: spec.planes }, (_, plane) => ({ plane, zUm: zOf(spec, plane) }));
  return {
    input: slide.folder,
    info: { format: 'DICOM WSI', retiled: undefined, notes: [], planes: heights, ...info },
    levels,
    tile,
    planes: spec.planes,
    picture: (plane, level) =>
      jpeg ? decodedPicture(slide, levels[level], level, plane, path) : slide.picture(plane, level, path),
    // RGB is stored with quality 95, where the fast DCT of the other decoder is off by more.
    tolerance: jpeg ? (storage.sampling === 'rgb' ? 16 : 5) : 0,
    stored,
    incomparable: jpeg ? undefined : /uncompressed/,
  };
}

/** A plane put together from its frames, decoded by another decoder. */
async function decodedPicture(
  { spec, stored }: WrittenSlide,
  size: KnownSlide['levels'][number],
  level: number,
  plane: number,
  path: number,
): Promise<Raster> {
  const { tile, pixel, storage } = spec;
  const picture = emptyRaster(size, pixel);
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      const stream = stored(level, plane, row, column, path);
      if (!stream) continue;
      const adobe = Buffer.from('ffee000e41646f626500640000000000', 'hex');
      const marked =
        storage.sampling === 'rgb' ? Buffer.concat([stream.subarray(0, 2), adobe, stream.subarray(2)]) : stream;
      const data = await sharp(marked)
        .toColourspace(pixel.channels === 3 ? 'srgb' : 'b-w')
        .raw()
        .toBuffer();
      for (let y = 0; y < tile.height && row * tile.height + y < size.height; y++) {
        const x = column * tile.width;
        const width = Math.min(tile.width, size.width - x);
        const from = y * tile.width * pixel.channels;
        picture.data.set(
          data.subarray(from, from + width * pixel.channels),
          ((row * tile.height + y) * size.width + x) * pixel.channels,
        );
      }
    }
  }
  return picture;
}

const kinds: Record<string, Partial<DicomSpec>> = {
  'all planes of a level in one instance': {},
  'extended offset table': { offsets: 'extended' },
  'no offset table': { offsets: 'none' },
  'no offset table, sequences with delimiters': { offsets: 'none', encoding: { explicit: true, delimited: true } },
  'an instance per plane': { instances: 'a-plane-each' },
  'an instance per plane, each of which tells of all planes': {
    instances: 'a-plane-each',
    change: [['0048,0303', 'UL', [3]]],
  },
  'sparse, with gaps': {
    tiling: 'TILED_SPARSE',
    lacks: (level, plane, row, column) => level === 0 && (plane + row + column) % 4 === 3,
  },
  'sparse, an instance per plane': { tiling: 'TILED_SPARSE', instances: 'a-plane-each' },
  'a concatenation of three parts': { parts: 3 },
  'a sparse concatenation': { parts: 2, tiling: 'TILED_SPARSE', offsets: 'none' },
  'JPEG 4:4:4': { storage: { codec: 'jpeg', sampling: '4:4:4' } },
  'JPEG stored as RGB': { storage: { codec: 'jpeg', sampling: 'rgb' } },
  'JPEG, grey': { pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey' } },
  uncompressed: { storage: { codec: 'raw' } },
  'uncompressed in Implicit VR': { storage: { codec: 'raw' }, encoding: { explicit: false, delimited: false } },
  'uncompressed in Implicit VR, sparse, with delimiters': {
    storage: { codec: 'raw' },
    tiling: 'TILED_SPARSE',
    encoding: { explicit: false, delimited: true },
  },
  'uncompressed, grey of 16 bits': { storage: { codec: 'raw' }, pixel: grey('uint16') },
  'uncompressed, signed grey of 16 bits': { storage: { codec: 'raw' }, pixel: grey('int16') },
  'no heights': { firstZUm: undefined, zStepUm: undefined },
  'a tile that is no square': { tile: { width: 80, height: 48 } },
};

for (const [name, spec] of Object.entries(kinds)) {
  const notes = spec.lacks ? [expect.stringMatching(/^\d+ of \d+ tiles are missing/)] : [];
  describeSlideSource(`DICOM: ${name}`, async (folder) =>
    known(await writeDicomSlide(folder.at('in'), spec), { notes }),
  );
}

describeSlideSource('DICOM: frames of several items, found by walking', async (folder) => {
  const slide = await writeDicomSlide(folder.at('in'), { offsets: 'none', fragments: 3 });
  return known(slide);
});

describeSlideSource('DICOM: frames of several items, with a basic offset table', async (folder) => {
  return known(await writeDicomSlide(folder.at('in'), { fragments: 2 }));
});

describeSlideSource('DICOM: one file of a series stands for all', async (folder) => {
  const slide = await writeDicomSlide(folder.at('in'), { instances: 'a-plane-each' });
  return { ...(await known(slide)), input: slide.files[4] };
});

describeSlideSource('DICOM: a second optical path', async (folder) => {
  const slide = await writeDicomSlide(folder.at('in'), { opticalPaths: ['a', 'b'] });
  return { ...(await known(slide, { channelName: 'light b' }, 1)), options: { channel: 'b' } };
});

for (const tiling of ['TILED_FULL', 'TILED_SPARSE'] as const) {
  describeSlideSource(`DICOM: a second optical path in instances of its own, ${tiling}`, async (folder) => {
    const spec = { opticalPaths: ['a', 'b'], instances: 'an-optical-path-each', tiling } as const;
    const slide = await writeDicomSlide(folder.at('in'), spec);
    return { ...(await known(slide, { channelName: 'light b' }, 1)), options: { channel: 1 } };
  });
}

describeSlideSource('DICOM: a second optical path, sparse', async (folder) => {
  const slide = await writeDicomSlide(folder.at('in'), { opticalPaths: ['a', 'b'], tiling: 'TILED_SPARSE' });
  return { ...(await known(slide, { channelName: 'light b' }, 1)), options: { channel: 1 } };
});

describeSlideSource('DICOM: a DICOMDIR', async (folder) => {
  const slide = await writeDicomSlide(folder.at('medium', 'images'), { instances: 'a-plane-each' });
  const names = slide.files.map((file) => ['IMAGES', file.split('/').at(-1)?.toUpperCase() as string]);
  await writeDicomdir(folder.at('medium', 'DICOMDIR'), names);
  return { ...(await known(slide)), input: folder.at('medium') };
});

let servings = 0;

/** Serves the files of a slide; answers their URLs. */
async function served(server: RangeServer, { files }: WrittenSlide): Promise<string[]> {
  const under = `dicom-${servings++}`;
  return Promise.all(files.map(async (file) => server.put(`${under}/${basename(file)}`, await readFile(file))));
}

describe('DICOM on a server', () => {
  const server = listening(rangeServer());
  const remote: Record<string, Partial<DicomSpec>> = {
    'an instance per level': {},
    'an instance per plane, extended offset tables': { instances: 'a-plane-each', offsets: 'extended' },
    'uncompressed, sparse': { storage: { codec: 'raw' }, tiling: 'TILED_SPARSE' },
  };
  for (const [name, spec] of Object.entries(remote)) {
    describeSlideSource(`DICOM over HTTP: ${name}`, async (folder) => {
      const slide = await writeDicomSlide(folder.at('in'), spec);
      return { ...(await known(slide)), input: (await served(server, slide)).reverse() };
    });
  }

  const folder = temporaryFolder();
  const network = { retryWaitMs: 1 };

  it('should always be read with its query, of one file alone, and told so', async () => {
    const profile = Buffer.from('profile '.repeat(1000));
    const slide = await writeDicomSlide(folder.at('alone'), { pictures: ['LABEL'], iccProfile: profile });
    const urls = await served(server, slide);
    const all = await openSlide(
      urls.map((url) => `${url}?sig=abc`),
      { network },
    );
    expect(all.info.files[0]).toMatch(/\?sig=…$/);
    expect(Buffer.compare(all.info.iccProfile as Uint8Array, profile)).toBe(0);
    expect(all.info.associatedImages).toHaveLength(1);
    expect(await all.readAssociatedImage(all.info.associatedImages[0])).toMatchObject({ channels: 3 });
    await all.close();
    server.asked();
    const alone = await openSlide(urls[0], { network });
    expect(alone.info.levels).toHaveLength(1);
    expect(alone.info.notes).toEqual([expect.stringMatching(/this file alone/)]);
    // What it was looked into by is what it is read by.
    expect(server.asked()).toHaveLength(1);
    expect(alone.transfer?.()).toMatchObject({ requests: 1, fileBytes: (await readFile(slide.files[0])).length });
    await alone.close();
  });

  it('should always be refused where all of it would have to be fetched, or it is damaged or missing', async () => {
    const slide = await writeDicomSlide(folder.at('walk'), { offsets: 'none' });
    const [url] = await served(server, slide);
    server.asked();
    expect(await refusalOf(openSlide(url, { network }))).toMatchObject({
      code: 'unsupported',
      place: { file: url },
      hint: expect.stringMatching(/download/),
    });
    expect(server.asked().length).toBeLessThan(8);
    const bytes = await readFile(slide.files[0]);
    const short = server.put('short.dcm', bytes.subarray(0, 700));
    expect(await refusalOf(openSlide(short, { network }))).toMatchObject({ code: 'damaged', place: { file: short } });
    expect(await refusalOf(openSlide([url, server.url('gone.dcm')], { network }))).toMatchObject({
      code: 'unreadable',
      problem: expect.stringMatching(/404/),
    });
  });
});

async function infoOf(path: string): Promise<SlideInfo> {
  const source = await openSlide(path);
  await source.close();
  return source.info;
}

describe('a slide of an instance per plane, each of which tells of all planes', () => {
  const folder = temporaryFolder();
  const all = ['0048,0303', 'UL', [3]] as const;

  it('should always be in the order of the instances, a step apart, where all say where the first plane lies', async () => {
    const lateral = [
      ['0040,072A', 'DS', '20.5'],
      ['0040,073A', 'DS', '40.25'],
    ] as const;
    const measures = ['5200,9229', 'SQ', [[['0028,9110', 'SQ', [[['0018,0088', 'DS', '0.002']]]]]]] as const;
    for (const [name, origin, heights] of [
      ['same', [...lateral, ['0040,074A', 'DS', '4']], [4, 6, 8]],
      ['none', lateral, [0, 2, 4]],
    ] as const) {
      const change = [all, measures, ['0048,0008', 'SQ', [origin]]] as unknown as DicomSpec['change'];
      const slide = await writeDicomSlide(folder.at(name), { instances: 'a-plane-each', levels: 2, change });
      const info = await infoOf(slide.folder);
      expect(info.planes.map(({ zUm }) => zUm)).toEqual(heights);
      expect([info.levels.length, info.notes]).toEqual([2, []]);
    }
  });

  it('should always say where a plane is missing', async () => {
    const slide = await writeDicomSlide(folder.at('missing'), { instances: 'a-plane-each', levels: 1, change: [all] });
    await rm(slide.files[1]);
    const info = await infoOf(slide.folder);
    expect(info.planes.map(({ zUm }) => zUm)).toEqual([0.5, 3.5]);
    expect(info.notes).toEqual(['its files tell of 3 planes, 2 are there']);
  });
});

describe('JPEG frames under a header that says RGB', () => {
  const folder = temporaryFolder();

  it('should always be taken for YCbCr where chroma is subsampled, and as the header says where not; both are said', async () => {
    for (const [sampling, colours] of [
      ['4:2:0', 'ycbcr'],
      ['4:4:4', 'rgb'],
    ] as const) {
      const change = [['0028,0004', 'CS', 'RGB']] as const;
      const slide = await writeDicomSlide(folder.at(sampling), { storage: { codec: 'jpeg', sampling }, change });
      const info = await infoOf(slide.folder);
      expect(info.encoding.photometric).toBe(colours);
      expect(info.notes).toEqual([expect.stringMatching(/header says RGB.*taken as/)]);
      const { report } = await flattenSlide(slide.folder, folder.at(`${colours}.ome.tif`), { grain: 'tile' });
      expect(report.output?.tilesCopied).toBeGreaterThan(0);
    }
  });
});

describe('JPEG frames without an end marker', () => {
  const folder = temporaryFolder();

  it('should always end in the result, and be refused where the scan is cut short', async () => {
    for (const [name, bytes] of [
      ['whole', 2],
      ['cut', 60],
    ] as const) {
      const rework = (frame: Uint8Array) => frame.subarray(0, -bytes);
      const slide = await writeDicomSlide(folder.at(name), { rework, levels: 1 });
      const output = folder.at(`${name}.ome.tif`);
      if (name === 'cut') expect((await refusalOf(flattenSlide(slide.folder, output))).code).toBe('damaged');
      else {
        expect((await infoOf(slide.folder)).notes).toEqual([expect.stringMatching(/EOI/)]);
        await flattenSlide(slide.folder, output);
        await verifySlide(slide.folder, output);
        const flat = await openSlide(output);
        expect(flat.info.notes).toEqual([]);
        await flat.close();
      }
    }
  });
});
