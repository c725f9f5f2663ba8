// Zeiss CZI: stacks in every storage that is read, mosaics, scenes, and real files.
import { describe, expect, it } from 'vitest';
import { describeSlideSource, type KnownSlide } from '../contracts/slide-source.js';
import { cziXml, type StackSpec, type WrittenCzi, writeCzi } from '../fixtures/czi-slide.js';
import { jpegXrEncoder } from '../fixtures/jpeg-xr-stream.js';
import { grey } from '../fixtures/pictures.js';
import { hasProgram } from '../fixtures/programs.js';

/** What the contract needs to know of a stack. */
function known(slide: WrittenCzi, info: KnownSlide['info'] = {}): KnownSlide {
  const { spec, path } = slide;
  const sizes = Array.from({ length: spec.levels }, (_, level) => slide.picture(0, level));
  return {
    input: path,
    options: { tileSize: 32 },
    info: {
      format: 'Zeiss CZI',
      name: 'in.czi',
      untiled: spec.storage.startsWith('jpeg') ? 'lossy' : 'lossless',
      micronsPerPixel: { x: 0.25, y: 0.26 },
      planes: Array.from({ length: spec.planes }, (_, plane) => ({ plane, zUm: 9 + plane / 2 })),
      objective: { magnification: 20, numericalAperture: 0.8, model: 'Plan 20x' },
      channelName: 'light',
      acquisitionDate: '2026-01-02T03:04:05Z',
      notes: [],
      ...info,
    },
    levels: sizes.map(({ width, height }) => ({
      width,
      height,
      columns: Math.ceil(width / 32),
      rows: Math.ceil(height / 32),
    })),
    tile: { width: 32, height: 32 },
    planes: spec.planes,
    picture: (plane, level) => slide.picture(plane, level),
    tolerance: 0,
    incomparable: /without tiles/,
  };
}

const one = { width: 150, height: 91, stepX: 150, stepY: 91 } as const;

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
  'pictures smaller than tiles': { frame: { width: 11, height: 9, stepX: 10, stepY: 7 } },
  'one plane': { planes: 1, depth: () => 0, metadata: cziXml(undefined).replace('<SizeZ>3', '<SizeZ>1') },
  'positions beyond 32 bits': { hole: 5e9, frame: one, levels: 1 },
};

for (const [name, spec] of Object.entries(kinds)) {
  describeSlideSource(`CZI: ${name}`, async (folder) => known(await writeCzi(folder.at('in.czi'), spec)));
}

const jpegXr: Record<string, Partial<StackSpec>> = {
  'JPEG XR, colour': {},
  'JPEG XR, grey of 8 bits': { pixel: grey('uint8') },
  'JPEG XR, grey of 16 bits': { pixel: grey('uint16') },
};

for (const [name, spec] of Object.entries(jpegXr)) {
  if (hasProgram(jpegXrEncoder)) {
    describeSlideSource(`CZI: ${name}`, async (folder) =>
      known(await writeCzi(folder.at('in.czi'), { ...spec, storage: 'jpeg-xr', frame: one, levels: 1 })),
    );
  } else describe.skip(`CZI: ${name} (skipped: ${jpegXrEncoder} not installed)`, () => it('', () => {}));
}

describeSlideSource('CZI: in three files', async (folder) => {
  const slide = await writeCzi(folder.at('in.czi'), { part: (z) => z });
  const files = ['in.czi', 'in (1).czi', 'in (2).czi'].map((name) => folder.at(name));
  return known(slide, { files });
});

describeSlideSource('CZI: a channel and timepoint of several', async (folder) => {
  const slide = await writeCzi(folder.at('in.czi'), { channels: 2, timepoints: 2 });
  return {
    ...known(slide, { channelName: 'glow' }),
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
    ...known(slide, { scenes }),
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
  return { ...known(slide, info), picture: (plane, level) => slide.picture(2 - plane, level) };
});

describeSlideSource('CZI: heights by the scaling along Z', async (folder) =>
  known(await writeCzi(folder.at('in.czi'), { metadata: cziXml('') }), {
    planes: [0, 1.5, 3].map((zUm, plane) => ({ plane, zUm })),
  }),
);

describeSlideSource('CZI: no metadata', async (folder) =>
  known(await writeCzi(folder.at('in.czi'), { metadata: undefined }), {
    planes: [0, 1, 2].map((plane) => ({ plane, zUm: undefined })),
    micronsPerPixel: undefined,
    objective: undefined,
    channelName: undefined,
    acquisitionDate: undefined,
  }),
);

describeSlideSource('CZI: the first of several phases', async (folder) =>
  known(
    await writeCzi(folder.at('in.czi'), {
      further: [[['H', 2, 1]], [['H', 10, 1]]],
    }),
    { notes: [expect.stringMatching(/took H2, the first of 2/)] },
  ),
);
