// Zeiss CZI: stacks in every storage that is read, mosaics, scenes, and real files.
import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import type { BlockSpec, DimensionSpec } from '../../../experiments/harness/fixtures/czi-bytes.js';
import { cziXml, type StackSpec, writeCzi } from '../../../experiments/harness/fixtures/czi-slide.js';
import { greatestDifference, grey, rgb } from '../../../experiments/harness/fixtures/pictures.js';
import { rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import type { Raster } from '../../../src/slide/raster.js';
import type { SlideSource } from '../../../src/slide/slide-source.js';
import type { TileAddress } from '../../../src/slide/tile-address.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { knownCzi } from '../../fixtures/known-czi.js';
import { listening } from '../../fixtures/listening.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';

const one = { width: 150, height: 91, stepX: 150, stepY: 91 } as const;

const unscaled = ([name, start, size, stored]: DimensionSpec): DimensionSpec => [
  name,
  start,
  size,
  stored === size ? 0 : stored,
];

const kinds: Record<string, Partial<StackSpec>> = {
  'uncompressed colour': {},
  'uncompressed grey of 8 bits': { pixel: grey('uint8') },
  'uncompressed grey of 16 bits': { pixel: grey('uint16') },
  'JPEG, colour': { storage: 'jpeg' },
  'JPEG, grey': { storage: 'jpeg', pixel: grey('uint8') },
  'LZW, colour': { storage: 'lzw' },
  'LZW, grey of 16 bits': { storage: 'lzw', pixel: grey('uint16') },
  'zstd0, colour': { storage: 'zstd0' },
  'zstd1, colour': { storage: 'zstd1' },
  'zstd1, bytes split, grey of 16 bits': { storage: 'zstd1, split', pixel: grey('uint16') },
  'zstd1, the short header': { storage: 'zstd1, plain header', pixel: grey('uint16') },
  'one picture a plane': { frame: one, levels: 1 },
  'three levels': { levels: 3 },
  'every dimension that the format has': {
    scenes: 1,
    further: [['B', 'H', 'R', 'I', 'V'].map((name) => [name, 0, 1])],
  },
  'pictures smaller than tiles': { frame: { width: 11, height: 9, stepX: 10, stepY: 7 } },
  'one plane': { planes: 1, depth: () => 0, metadata: cziXml(undefined).replace('<SizeZ>3', '<SizeZ>1') },
  'stored sizes that are left 0 where nothing is scaled': {
    change: (blocks) => blocks.map((block) => ({ ...block, dimensions: block.dimensions.map(unscaled) })),
  },
  'positions beyond 32 bits': { hole: 5e9, frame: one, levels: 1 },
};

for (const [name, spec] of Object.entries(kinds)) {
  describeSlideSource(`CZI: ${name}`, async (folder) => knownCzi(await writeCzi(folder.at('in.czi'), spec)));
}

/** A picture for each tile of level 0. */
const onGrid = {
  width: 192,
  height: 96,
  storage: 'jpeg',
  frame: { width: 64, height: 48, stepX: 64, stepY: 48 },
  depth: () => 1,
} as const;

for (const [name, pixel] of [
  ['colour', rgb],
  ['grey', grey('uint8')],
] as const) {
  describeSlideSource(`CZI: JPEG pictures that are tiles, ${name}`, async (folder) => {
    const slide = await writeCzi(folder.at('in.czi'), { ...onGrid, pixel, levels: 1 });
    const picture = ({ plane, row, column }: TileAddress) =>
      slide.blocks.find(({ dimensions }) => {
        const along = (axis: string) => dimensions.find(([each]) => each === axis)?.[1] as number;
        return along('Z') === plane && along('X') === -127 + 64 * column && along('Y') === -64 + 48 * row;
      });
    const grid = { columns: 3, rows: 2 };
    return {
      ...knownCzi(slide, { retiled: undefined }),
      ...{ options: {}, tile: { width: 64, height: 48 }, levels: [{ width: 192, height: 96, ...grid }] },
      stored: (address) => picture(address)?.data,
      incomparable: undefined,
    };
  });
}

const cuts: Record<string, Partial<StackSpec>> = {
  'larger than tiles': { ...onGrid, frame: { width: 96, height: 64, stepX: 96, stepY: 64 } },
  'larger than tiles, edges in the middle of one': {
    ...onGrid,
    width: 150,
    height: 91,
    levels: 3,
    frame: { width: 128, height: 64, stepX: 128, stepY: 64 },
  },
};

for (const [name, spec] of Object.entries(cuts)) {
  describeSlideSource(`CZI: JPEG pictures ${name}`, async (folder) => ({
    ...knownCzi(await writeCzi(folder.at('in.czi'), spec), { retiled: undefined }),
    incomparable: /cut from longer/,
  }));
}

describeSlideSource('CZI: JPEG pictures that are tiles on level 0 alone', async (folder) => {
  const isFinest = ({ dimensions }: BlockSpec) => dimensions.every(([, , size, stored = size]) => stored === size);
  // One level as a single picture, moved by a pixel: it covers no whole tiles.
  const change: StackSpec['change'] = (blocks) =>
    blocks.map((block) => {
      const move = ([axis, start, ...sizes]: DimensionSpec): DimensionSpec => [
        axis,
        axis === 'X' ? start + 2 : start,
        ...sizes,
      ];
      return isFinest(block) ? block : { ...block, dimensions: block.dimensions.map(move) };
    });
  const slide = await writeCzi(folder.at('in.czi'), { ...onGrid, change });
  const whole = knownCzi(slide, {
    retiled: undefined,
    notes: [expect.stringMatching(/left out level 1: .* tile grid/)],
  });
  const levels = [{ width: 192, height: 96, columns: 3, rows: 2 }];
  return { ...whole, options: {}, tile: { width: 64, height: 48 }, levels, incomparable: undefined };
});

describeSlideSource('CZI: in three files', async (folder) => {
  const slide = await writeCzi(folder.at('in.czi'), { part: (z) => z });
  const files = ['in.czi', 'in (1).czi', 'in (2).czi'].map((name) => folder.at(name));
  return knownCzi(slide, { files });
});

describeSlideSource('CZI: a channel and timepoint of several', async (folder) => {
  const slide = await writeCzi(folder.at('in.czi'), { channels: 2, timepoints: 2 });
  return {
    ...knownCzi(slide, { channelName: 'glow' }),
    options: { tileSize: 32, channel: 'glow', timepoint: 1 },
    picture: (plane, level) => slide.picture(plane, level, { c: 1, t: 1 }),
  };
});

describeSlideSource('CZI: a scene by its name', async (folder) => {
  const slide = await writeCzi(folder.at('in.czi'), { scenes: 2 });
  const size = { width: 150, height: 91 };
  const scenes = [
    { index: 0, name: 'A1', ...size, read: false },
    { index: 1, name: 'B7', ...size, read: true },
  ];
  return {
    ...knownCzi(slide, { scenes }),
    options: { tileSize: 32, scene: 'B7' },
    picture: (plane, level) => slide.picture(plane, level, { s: 1 }),
  };
});

describeSlideSource('CZI: planes recorded downwards, at listed heights', async (folder) => {
  const metadata = cziXml('<List><Offsets>4 2 -1</Offsets></List>');
  const slide = await writeCzi(folder.at('in.czi'), { metadata });
  const info: KnownSlide['info'] = {
    planes: [9, 12, 14].map((zUm, plane) => ({ plane, zUm })),
    notes: [expect.stringMatching(/other way round/)],
  };
  return { ...knownCzi(slide, info), picture: (plane, level) => slide.picture(2 - plane, level) };
});

describeSlideSource('CZI: heights by the scaling along Z', async (folder) =>
  knownCzi(await writeCzi(folder.at('in.czi'), { metadata: cziXml('') }), {
    planes: [0, 1.5, 3].map((zUm, plane) => ({ plane, zUm })),
  }),
);

describeSlideSource('CZI: no metadata', async (folder) =>
  knownCzi(await writeCzi(folder.at('in.czi'), { metadata: undefined }), {
    planes: [0, 1, 2].map((plane) => ({ plane, zUm: undefined })),
    micronsPerPixel: undefined,
    objective: undefined,
    channelName: undefined,
    acquisitionDate: undefined,
  }),
);

describeSlideSource('CZI: the first of several phases', async (folder) =>
  knownCzi(
    await writeCzi(folder.at('in.czi'), {
      further: [[['H', 2, 1]], [['H', 10, 1]]],
    }),
    { notes: [expect.stringMatching(/took H2, the first of 2/)] },
  ),
);

describe('CZI on a server', () => {
  const server = listening(rangeServer());
  describeSlideSource('over HTTP: CZI in two files', async (folder) => {
    const slide = await writeCzi(folder.at('in.czi'), { storage: 'zstd0', part: (z) => (z === 1 ? 1 : 0) });
    const urls: string[] = [];
    for (const name of ['in.czi', 'in (1).czi']) urls.push(server.put(`czi/${name}`, await readFile(folder.at(name))));
    const [first] = urls;
    return { ...knownCzi(slide), input: first };
  });
});

describe('CZI: real files', () => {
  const cellDivision = 'CellDivision_T3_Z5_CH2_X240_Y170';

  /** All pixels of the only tile of a plane. */
  async function pixels(source: SlideSource, plane: number) {
    const tile = await source.readTile({ level: 0, plane, row: 0, column: 0 });
    return decodeTile(tile as EncodedTile);
  }

  itWithData(['czi', `${cellDivision}.czi`], 'should always show the same uncompressed and by zstd', async () => {
    for (const [channel, index, timepoint] of [
      ['LED555', 0, 0],
      ['LED470', 1, 2],
    ] as const) {
      const raw = await openSlide(sharedData('czi', `${cellDivision}.czi`), { channel, timepoint });
      const packed = await openSlide(sharedData('czi', `${cellDivision}_comp1.czi`), { channel: index, timepoint });
      expect(raw.info.planes.map(({ zUm }) => zUm)).toEqual([-1.6, -1.28, -0.96, -0.64, -0.32]);
      const sums = new Set<number>();
      for (const { plane } of raw.info.planes) {
        const [one, other] = [await pixels(raw, plane), await pixels(packed, plane)];
        expect(greatestDifference(one, other)).toBe(0);
        sums.add(sumOf(one));
      }
      expect(sums.size).toBe(5);
      await raw.close();
      await packed.close();
    }
  });

  const mosaic = 'S3_1Pos_2Mosaic_T2Z3_CH2_sm.czi';

  itWithData(['czi', mosaic], 'should always show the picture that is higher in the mosaic', async () => {
    const file = await readFile(sharedData('czi', mosaic));
    const source = await openSlide(sharedData('czi', mosaic), { tileSize: 512 });
    expect(source.info.scenes).toEqual([
      { index: 0, name: 'TR1', width: 295, height: 122, read: true },
      { index: 1, name: 'P1', width: 64, height: 64, read: false },
      { index: 2, name: 'TR2', width: 352, height: 237, read: false },
    ]);
    const { data } = await pixels(source, 0);
    await source.close();
    // Two pictures of 64 x 64 of plane 0, where the file has them; they overlap by six columns.
    const samplesAt = (position: number) => {
      const from = position + 32 + 256 + file.readInt32LE(position + 32);
      return (x: number, y: number) => file.readUInt16LE(from + 2 * (y * 64 + x));
    };
    const [lower, higher] = [samplesAt(664_640), samplesAt(717_824)];
    let differing = 0;
    for (let y = 0; y < 58; y++) {
      for (let x = 0; x < 116; x++) expect(data[y * 512 + x]).toBe(x < 58 ? lower(x, y) : higher(x - 58, y));
      for (let x = 58; x < 64; x++) if (lower(x, y) !== higher(x - 58, y)) differing++;
    }
    expect(differing).toBeGreaterThan(100);
  });

  itWithData(['czi', 'RGB-8bit.czi'], 'should always show colours as its thumbnail does', async () => {
    const source = await openSlide(sharedData('czi', 'RGB-8bit.czi'), { tileSize: 1024 });
    const thumbnail = await source.readAssociatedImage(source.info.associatedImages[0]);
    const picture = await pixels(source, 0);
    const order = (raster: Raster) => [0, 1, 2].sort((a, b) => sumOf(raster, a) - sumOf(raster, b));
    expect(order(picture)).toEqual(order(thumbnail));
    expect(order(picture)).not.toEqual(order({ ...picture, data: picture.data.slice().reverse() }));
    await source.close();
  });
});

/** Of all samples, or of one colour. */
function sumOf({ data, channels }: Raster, colour?: number): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) if (colour === undefined || i % channels === colour) sum += data[i];
  return sum;
}
