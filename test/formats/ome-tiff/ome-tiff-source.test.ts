import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  depthByTile,
  type StackSpec,
  type WrittenStack,
  writeStack,
} from '../../../experiments/harness/fixtures/ome-stack.js';
import { cut, greatestDifference, grey } from '../../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { readWithSharp } from '../../fixtures/other-decoders.js';
import { halvings, retiledSizes } from '../../fixtures/retiled-levels.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

// Smaller than by default where only the layout is in question.
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;

const variations: Record<string, Partial<StackSpec>> = {
  'classic, deflate, pyramid in SubIFDs': {},
  'BigTIFF, deflate with predictor': { ...small, big: true, storage: { codec: 'deflate', predictor: 2 } },
  'big-endian': { ...small, bigEndian: true },
  'big-endian BigTIFF': { ...small, big: true, bigEndian: true, storage: { codec: 'lzw' } },
  uncompressed: { ...small, storage: { codec: 'raw' } },
  LZW: { ...small, storage: { codec: 'lzw' } },
  'LZW with predictor': { ...small, storage: { codec: 'lzw', predictor: 2 } },
  'sizes rounded up': { ...small, width: 151, height: 91, rounding: 'up' },
  'odd sizes rounded down': { ...small, width: 151, height: 91, rounding: 'down' },
  'a pyramid in the main chain': { ...small, pyramid: 'main-chain' },
  'a pyramid in the main chain, with channels': { ...small, pyramid: 'main-chain', channels: 2, timepoints: 2 },
  'no pyramid': { ...small, pyramid: 'none' },
  'oblong tiles': { ...small, tile: { width: 96, height: 32 } },
  'one tile': { ...small, width: 40, height: 30, tile: { width: 64, height: 64 } },
  'JPEG with tables in every tile': { ...small, storage: { codec: 'jpeg' } },
  'JPEG with shared tables': { ...small, storage: { codec: 'jpeg', sharedTables: true } },
  'JPEG 4:2:2': { ...small, storage: { codec: 'jpeg', sampling: '4:2:2' } },
  'JPEG 4:4:4 with shared tables': { ...small, storage: { codec: 'jpeg', sampling: '4:4:4', sharedTables: true } },
  'JPEG of RGB': { ...small, storage: { codec: 'jpeg', sampling: 'rgb' } },
  'JPEG of RGB with shared tables': { ...small, storage: { codec: 'jpeg', sampling: 'rgb', sharedTables: true } },
  'grey JPEG': { ...small, pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey' } },
  'grey of 8 bits': { ...small, pixel: grey('uint8') },
  'signed grey of 8 bits, predictor': { ...small, pixel: grey('int8'), storage: { codec: 'deflate', predictor: 2 } },
  'grey of 16 bits, predictor': { ...small, pixel: grey('uint16'), storage: { codec: 'lzw', predictor: 2 } },
  'grey of 16 bits, big-endian, predictor': {
    ...small,
    bigEndian: true,
    pixel: grey('uint16'),
    storage: { codec: 'deflate', predictor: 2 },
  },
  'signed grey of 16 bits, big-endian, uncompressed': {
    ...small,
    bigEndian: true,
    pixel: grey('int16'),
    storage: { codec: 'raw' },
  },
  'a file a plane': { ...small, files: 'a-plane-each' },
  'a companion': { ...small, files: 'companion' },
  'planes by directory alone': { ...small, tiffData: 'each-by-ifd' },
  'planes numbered from 1': { ...small, channels: 2, timepoints: 2, tiffData: 'each-from-one' },
  'planes in one block': { ...small, channels: 2, timepoints: 2, tiffData: 'one-block', dimensionOrder: 'XYTCZ' },
  'TiffData without attributes': { ...small, channels: 2, tiffData: 'empty', dimensionOrder: 'XYCZT' },
  'no TiffData': { ...small, channels: 2, tiffData: 'missing', dimensionOrder: 'XYZTC' },
};

for (const [name, spec] of Object.entries(variations)) {
  describeSlideSource(`OME-TIFF: ${name}`, async (folder) => knownStack(await writeStack(folder.folder('in'), spec)));
}

const stripVariations: Record<string, Partial<StackSpec>> = {
  LZW: { storage: { codec: 'lzw' } },
  'deflate, big-endian, grey of 16 bits': {
    bigEndian: true,
    pixel: grey('uint16'),
    storage: { codec: 'deflate', predictor: 2 },
  },
  'a file a plane': { files: 'a-plane-each', storage: { codec: 'raw' } },
  'signed grey of 8 bits': { pixel: grey('int8'), storage: { codec: 'raw' } },
  'channels and timepoints': { channels: 2, timepoints: 2 },
};

for (const [name, spec] of Object.entries(stripVariations)) {
  describeSlideSource(`OME-TIFF in strips: ${name}`, async (folder) =>
    knownStack(
      await writeStack(folder.folder('in'), { ...small, tile: undefined, rowsPerStrip: 20, pyramid: 'none', ...spec }),
      { tileSize: 64 },
    ),
  );
}

describeSlideSource('OME-TIFF in one JPEG strip', async (folder) => {
  const storage = { codec: 'jpeg', sampling: '4:4:4' } as const;
  const spec = { ...small, tile: undefined, rowsPerStrip: 90, pyramid: 'none', storage } as const;
  const stack = await writeStack(folder.folder('in'), spec);
  const known = knownStack(stack, { tileSize: 64 });
  const decoded = await Promise.all([0, 1, 2].map((plane) => readWithSharp({ path: stack.path, page: plane })));
  return { ...known, info: { ...known.info, retiled: 'lossy' }, picture: halvings((plane) => decoded[plane]) };
});

describeSlideSource('OME-TIFF: a channel and a timepoint other than the first', async (folder) =>
  knownStack(await writeStack(folder.folder('in'), { ...small, channels: 3, timepoints: 2, dimensionOrder: 'XYCTZ' }), {
    channel: 2,
    timepoint: 1,
  }),
);

describe('openOmeTiff', () => {
  const folder = temporaryFolder();
  const tiny = { ...small, width: 70, height: 40, planes: 3 } as const;
  const infoOf = async (name: string, spec: Partial<StackSpec>, options?: OpenOptions) => {
    const stack = await writeStack(folder.folder(name), { ...tiny, ...spec });
    const source = await openSlide(stack.path, options);
    await source.close();
    return source.info;
  };

  it('should always find what must survive flattening', async () => {
    const iccProfile = Uint8Array.from({ length: 300 }, (_, i) => i & 255);
    const channelNames = ['DAPI <&>', 'FITC "x"'];
    const pixel = grey('uint16');
    const spec = {
      magnification: 40,
      iccProfile,
      channelNames: channelNames.map(escaped),
      channels: 2,
      pixel,
    } as const;
    const info = await infoOf('facts', spec, { channel: 1 });
    expect(info).toMatchObject({
      objective: { magnification: 40, numericalAperture: 0.75, model: 'Plan & Apo' },
      channelName: 'FITC "x"',
      acquisitionDate: '2024-05-06T07:08:09',
      micronsPerPixel: { x: 0.5, y: 0.5 },
      associatedImages: [],
    });
    expect(Array.from(info.iccProfile ?? [])).toEqual(Array.from(iccProfile));
  });

  it('should always find a channel by its name', async () => {
    const channelNames = ['DAPI', 'FITC'];
    const stack = await writeStack(folder.folder('named'), {
      ...tiny,
      pixel: grey('uint8'),
      channels: 2,
      channelNames,
    });
    for (const [c, name] of channelNames.entries()) {
      const source = await openSlide(stack.path, { channel: name });
      const tile = await source.readTile({ level: 0, plane: 1, row: 0, column: 0 });
      await source.close();
      expect(Buffer.compare(tile?.bytes ?? Buffer.alloc(0), stack.stored({ z: 1, c, t: 0 }, 0).chunks[0])).toBe(0);
    }
  });

  it('should always refuse a channel or timepoint that there is not, and name those there are', async () => {
    const stack = await writeStack(folder.folder('refused'), { ...tiny, channels: 2, channelNames: ['DAPI', 'FITC'] });
    const refusal = (options: OpenOptions) => openSlide(stack.path, options);
    await expect(refusal({ channel: 2 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/no channel 2.*0 \(DAPI\), 1 \(FITC\)/),
    });
    await expect(refusal({ channel: -1 })).rejects.toMatchObject({ code: 'usage' });
    await expect(refusal({ channel: 'Cy5' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/Cy5.*0 \(DAPI\), 1 \(FITC\)/),
    });
    await expect(refusal({ timepoint: 1 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/no timepoint 1/),
    });
    await expect(refusal({ timepoint: -1 })).rejects.toMatchObject({ code: 'usage' });
    await expect(refusal({ timepoint: 0.5 })).rejects.toMatchObject({ code: 'usage' });
  });

  it('should always take heights from planes before the distance between them, and --z-step before both', async () => {
    const positionsUm = [-2, 0.25, 7];
    expect((await infoOf('p', { positionsUm })).planes.map(({ zUm }) => zUm)).toEqual(positionsUm);
    expect((await infoOf('q', { positionsUm }, { zStepUm: 2 })).planes.map(({ zUm }) => zUm)).toEqual([0, 2, 4]);
    expect((await infoOf('r', { zStepUm: undefined })).planes.map(({ zUm }) => zUm)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('should always number planes from the lowest up, and say so where the file does not', async () => {
    const stack = await writeStack(folder.folder('down'), { ...tiny, positionsUm: [4, 2, 0] });
    const source = await openSlide(stack.path);
    expect(source.info.planes).toEqual([0, 2, 4].map((zUm, plane) => ({ plane, zUm })));
    expect(source.info.notes).toEqual([expect.stringMatching(/lowest up/)]);
    for (const plane of [0, 1, 2]) {
      const tile = await source.readTile({ level: 0, plane, row: 0, column: 0 });
      const stored = stack.stored({ z: 2 - plane, c: 0, t: 0 }, 0).chunks[0];
      expect(Buffer.compare(tile?.bytes ?? Buffer.alloc(0), stored)).toBe(0);
    }
    await source.close();
  });

  it('should always read labels and macro images', async () => {
    for (const pyramid of ['sub-directories', 'main-chain'] as const) {
      const stack = await writeStack(folder.folder(`label-${pyramid}`), {
        ...small,
        pyramid,
        pictures: ['label', 'macro'],
      });
      const source = await openSlide(stack.path);
      const { associatedImages, levels } = source.info;
      expect(associatedImages).toEqual([
        { kind: 'label', width: 90, height: 40 },
        { kind: 'macro', width: 91, height: 40 },
      ]);
      expect(levels).toHaveLength(stack.levels.length);
      for (const [i, image] of associatedImages.entries()) {
        for (const _ of ['once', 'and again']) {
          const picture = await source.readAssociatedImage(image);
          expect(greatestDifference(picture, stack.associated[i])).toBe(0);
        }
      }
      await source.close();
    }
  });

  it('should always find a renamed file of a set by its UUID', async () => {
    const stack = await writeStack(folder.folder('renamed'), { ...tiny, files: 'a-plane-each' });
    await rename(stack.files[1], join(folder.at('renamed'), 'something else.tif'));
    const source = await openSlide(stack.path);
    const tile = await source.readTile({ level: 0, plane: 1, row: 0, column: 0 });
    expect(Buffer.compare(tile?.bytes ?? Buffer.alloc(0), stack.stored({ z: 1, c: 0, t: 0 }, 0).chunks[0])).toBe(0);
    expect(source.fileOf(1)).toMatch(/something else\.tif$/);
    await source.close();
  });

  it('should always open a set by any of its files, by its folder and by all of its files', async () => {
    for (const files of ['a-plane-each', 'companion'] as const) {
      const at = folder.folder(`any-${files}`);
      const stack = await writeStack(at, { ...tiny, files });
      for (const input of [...stack.files, at, stack.files, join(at, '*.tif'), stack.path]) {
        const source = await openSlide(input);
        expect([source.info.format, source.info.planes.length]).toEqual(['OME-TIFF', 3]);
        expect(source.info.planes.map(({ plane }) => source.fileOf(plane))).toEqual(stack.files);
        await source.close();
      }
    }
  });

  itWithData(['ome-tiff', 'multifile'], 'should only read a set whose metadata is lost plane by plane', async () => {
    const files = [1, 2, 3, 4, 5].map((z) => sharedData('ome-tiff', 'multifile', `multifile-Z${z}.ome.tiff`));
    await expect(openSlide(files[0])).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/multifile\.companion\.ome.*one by one/),
    });
    const source = await openSlide(files);
    await source.close();
    expect(source.info).toMatchObject({
      planes: expect.objectContaining({ length: 5 }),
      levels: [{ grid: { width: 18, height: 24 } }],
    });
  });

  itWithData(
    ['synthetic-gravel', 'gravel-4096x5.ome.tiff'],
    'should always read the gravel slide as libvips does',
    async () => {
      const path = sharedData('synthetic-gravel', 'gravel-4096x5.ome.tiff');
      const source = await openSlide(path);
      try {
        const { levels, planes } = source.info;
        expect(planes).toHaveLength(5);
        const [{ grid }] = levels;
        expect([grid.width, grid.height, grid.tileWidth]).toEqual([4096, 4096, 256]);
        const coarse = levels[levels.length - 1];
        const tile = await source.readTile({ level: coarse.level, plane: 2, row: 0, column: 0 });
        const expected = await readWithSharp({ path, page: 2, subDirectory: coarse.level - 1 });
        const decoded = cut(await decodeTile(tile as EncodedTile), 0, 0, coarse.grid);
        expect(greatestDifference(decoded, expected)).toBeLessThanOrEqual(7);
      } finally {
        await source.close();
      }
    },
  );
});

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

/** What the contract needs to know of a written stack; channel, timepoint and tile size as `options` choose them. */
function knownStack(stack: WrittenStack, options: OpenOptions = {}): KnownSlide {
  const { spec, path, picture, stored } = stack;
  const side = options.tileSize ?? 256;
  const tile = spec.tile ?? { width: side, height: side };
  const at = (z: number) => ({ z, c: (options.channel as number) ?? 0, t: options.timepoint ?? 0 });
  const jpeg = spec.storage.codec === 'jpeg';
  const laid = halvings((plane) => picture(at(plane), 0));
  const sizes = spec.tile ? stack.levels.map((level) => picture(at(0), level)) : retiledSizes(spec, side);
  return {
    input: path,
    options,
    info: {
      format: 'OME-TIFF',
      name: spec.name,
      retiled: spec.tile ? undefined : 'lossless',
      micronsPerPixel: { x: 0.5, y: 0.5 },
      planes: Array.from({ length: spec.planes }, (_, plane) => ({ plane, zUm: plane * 1.5 })),
      notes: takenOf(spec, options),
    },
    levels: sizes.map(({ width, height }) => ({
      width,
      height,
      columns: Math.ceil(width / tile.width),
      rows: Math.ceil(height / tile.height),
    })),
    tile,
    planes: spec.planes,
    picture: !spec.tile
      ? laid
      : jpeg
        ? (plane, level) => readWithSharp(page(stack, plane, level))
        : (plane, level) => picture(at(plane), level),
    // libvips takes libjpeg's slow DCT, zflat the fast one, which is off by more the finer the steps (RGB is stored at quality 95).
    tolerance: !jpeg ? 0 : spec.storage.sampling === 'rgb' ? 14 : 5,
    ...(spec.tile && {
      stored: ({ level, plane, row, column }) => {
        const columns = Math.ceil(sizes[level].width / tile.width);
        return stored(at(plane), level).chunks[row * columns + column];
      },
    }),
    incomparable: !spec.tile ? /without tiles/ : spec.storage.codec === 'raw' ? /uncompressed/ : undefined,
  };
}

function page({ files }: WrittenStack, plane: number, level: number) {
  return { path: files[0], page: plane, subDirectory: level === 0 ? undefined : level - 1 };
}

/** What is said of a stack of which a channel and a timepoint are taken. */
function takenOf({ channels, timepoints }: StackSpec, { channel, timepoint = 0 }: OpenOptions): string[] {
  return [
    ...(channels > 1 && channel === undefined ? [expect.stringMatching(`^channel 0 of ${channels} `)] : []),
    ...(timepoints > 1 && timepoint === 0 ? [expect.stringMatching(`^timepoint 0 of ${timepoints} `)] : []),
  ];
}
