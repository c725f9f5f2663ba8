import { rm } from 'node:fs/promises';
import { expect } from 'vitest';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { type WrittenZarr, writeZarr, type ZarrSpec } from '../../../experiments/harness/fixtures/zarr-slide.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';

/** What the contract needs to know of an image. */
function known(image: WrittenZarr, tile = { width: 64, height: 64 }, info: KnownSlide['info'] = {}): KnownSlide {
  const { spec, folder } = image;
  const levels = Array.from({ length: spec.levels }, (_, level) => {
    const { width, height } = image.picture(0, level);
    return { width, height, columns: Math.ceil(width / tile.width), rows: Math.ceil(height / tile.height) };
  });
  const { zStepUm, firstZUm, pixel } = spec;
  const taken = /red, green and blue/;
  return {
    input: folder,
    info: {
      format: `OME-Zarr ${spec.version}`,
      name: 'smear',
      retiled: 'lossless',
      micronsPerPixel: { x: 0.25, y: 0.25 },
      planes: Array.from({ length: spec.planes }, (_, plane) => ({
        plane,
        zUm: zStepUm === undefined || !spec.axes.includes('z') ? undefined : firstZUm + plane * zStepUm,
      })),
      notes: pixel.channels === 3 ? [expect.stringMatching(taken)] : [],
      ...info,
    },
    levels,
    tile,
    planes: spec.planes,
    picture: (plane, level) => image.picture(plane, level),
    tolerance: 0,
    incomparable: /without tiles/,
  };
}

const greyscale = { pixel: grey('uint8'), channels: [{ label: 'light', color: 'FFFFFF' }] } as const;

const kinds: Record<string, Partial<ZarrSpec>> = {
  '0.4, zstd': {},
  '0.4, blosc': { compressor: 'blosc' },
  '0.4, gzip': { compressor: 'gzip', separator: '.' },
  '0.4, zlib': { compressor: 'zlib' },
  '0.4, lz4': { compressor: 'lz4' },
  '0.4, raw': { compressor: 'raw' },
  '0.4, columns slowest': { order: 'F' },
  '0.4, grey of 16 bits, high byte first': { pixel: grey('uint16'), channels: [], bigEndian: true },
  '0.4, signed grey of 16 bits, blosc': { pixel: grey('int16'), channels: [], compressor: 'blosc' },
  '0.4, axes z, y, x': { ...greyscale, axes: 'zyx' },
  '0.4, one plane': { ...greyscale, axes: 'yx', planes: 1, depth: () => 0 },
  '0.4, heights from below 0': { firstZUm: -3 },
  '0.4, no heights': { zStepUm: undefined },
  '0.5, zstd': { version: '0.5' },
  '0.5, blosc': { version: '0.5', compressor: 'blosc' },
  '0.5, gzip, axes c, z, y, x': { version: '0.5', compressor: 'gzip', axes: 'czyx' },
  '0.5, raw, grey of 16 bits, high byte first': {
    version: '0.5',
    compressor: 'raw',
    pixel: grey('uint16'),
    channels: [],
    bigEndian: true,
    separator: '.',
  },
  '0.5, shards': { version: '0.5', shard: 2 },
};

for (const [name, spec] of Object.entries(kinds)) {
  describeSlideSource(`OME-Zarr: ${name}`, async (folder) => known(await writeZarr(folder.at('in.zarr'), spec)));
}

const otherChunks: Record<string, ZarrSpec['chunk']> = {
  'all planes and channels': { c: 3, z: 3, y: 64, x: 64 },
  'sides that no tile can have': { c: 1, z: 2, y: 37, x: 50 },
  'whole planes': { c: 3, z: 1, y: 91, x: 150 },
  rows: { c: 1, z: 1, y: 1, x: 150 },
};

for (const [name, chunk] of Object.entries(otherChunks)) {
  describeSlideSource(`OME-Zarr: chunks of ${name}`, async (folder) => {
    const image = await writeZarr(folder.at('in.zarr'), { chunk });
    const tile = { width: 32, height: 32 };
    return { ...known(image, tile), options: { tileSize: 32 } };
  });
}

describeSlideSource('OME-Zarr: chunks that are left out are zero', async (folder) => {
  const image = await writeZarr(folder.at('in.zarr'), { ...greyscale, levels: 1, compressor: 'raw' });
  await rm(folder.at('in.zarr', '0', '0', '0', '1', '0', '2'));
  const picture = (plane: number) => {
    const original = image.picture(plane, 0);
    if (plane !== 1) return original;
    const data = original.data.slice();
    for (let y = 0; y < 64; y++) data.fill(0, y * 150 + 128, (y + 1) * 150);
    return { ...original, data };
  };
  const notes = [
    expect.stringMatching(/^1 of 18 chunk files of level 0/),
    expect.stringMatching(/^1 of 18 tiles .* 0 places/),
  ];
  return { ...known(image, undefined, { notes }), picture, filled: true };
});

describeSlideSource('OME-Zarr: the second timepoint', async (folder) => {
  const image = await writeZarr(folder.at('in.zarr'), { timepoints: 2 });
  return { ...known(image), options: { timepoint: 1 }, picture: (plane, level) => image.picture(plane, level, 1) };
});

describeSlideSource('OME-Zarr: one of three channels', async (folder) => {
  const image = await writeZarr(folder.at('in.zarr'));
  const picture: KnownSlide['picture'] = (plane, level) => {
    const { data, width, height } = image.picture(plane, level);
    const green = Uint8Array.from({ length: width * height }, (_, i) => data[3 * i + 1]);
    return { width, height, ...grey('uint8'), data: green };
  };
  return { ...known(image, undefined, { channelName: 'green', notes: [] }), options: { channel: 'green' }, picture };
});

describeSlideSource('OME-Zarr: planes recorded downwards', async (folder) => {
  const image = await writeZarr(folder.at('in.zarr'), { zStepUm: -2, firstZUm: 4 });
  const info: KnownSlide['info'] = {
    planes: [0, 2, 4].map((zUm, plane) => ({ plane, zUm })),
    notes: [expect.any(String), expect.stringMatching(/other way round/)],
  };
  return { ...known(image, undefined, info), picture: (plane, level) => image.picture(2 - plane, level) };
});
