// CZI files that zflat refuses, what it leaves out and says, and what happens to damaged ones.
import { readFile, rm, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type BlockSpec, cziBytes, type DimensionSpec } from '../../../experiments/harness/fixtures/czi-bytes.js';
import {
  cziXml,
  type StackSpec,
  type WrittenCzi,
  writeCzi,
  writeCziFile,
} from '../../../experiments/harness/fixtures/czi-slide.js';
import { writeStack } from '../../../experiments/harness/fixtures/ome-stack.js';
import {
  emptyRaster,
  greatestDifference,
  grey,
  rgb,
  sharpPicture,
} from '../../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import type { SlideError } from '../../../src/errors.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { openFiles, refusalOf } from '../../fixtures/left-behind.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { readsDamagedCziOrRefuses } from '../../laws/damaged-czi.js';

const folder = temporaryFolder();
const small = { width: 70, height: 40, planes: 3, depth: () => 0 } as const;
let count = 0;

function written(spec: Partial<StackSpec> = {}): Promise<WrittenCzi> {
  return writeCzi(folder.at(`in-${count++}.czi`), { ...small, ...spec });
}

async function opened(input: string | readonly string[], options: OpenOptions = {}) {
  const source = await openSlide(input, options);
  await source.close();
  return source.info;
}

async function refused(input: string | readonly string[], options: OpenOptions = {}): Promise<SlideError> {
  const error = await refusalOf(opened(input, options));
  expect(openFiles().filter((path) => path.endsWith('.czi'))).toEqual([]);
  return error;
}

/** The pixels of the first tile of a plane, and whether there is one. */
async function firstTile(input: string, plane: number, options: OpenOptions = {}) {
  const source = await openSlide(input, options);
  try {
    const tile = await source.readTile({ level: 0, plane, row: 0, column: 0 });
    return tile && (await decodeTile(tile));
  } finally {
    await source.close();
  }
}

const along = ({ dimensions }: BlockSpec, name: string) => dimensions.find(([each]) => each === name)?.[1];
const isFinest = ({ dimensions }: BlockSpec) => dimensions.every(([, , size, stored = size]) => stored === size);

/** Block 0 with something else about it. */
const firstAs = (change: Partial<BlockSpec>) => (blocks: readonly BlockSpec[]) =>
  blocks.map((block, index) => (index === 0 ? { ...block, ...change } : block));

describe('CZI: what is refused', () => {
  it('should always name pixels and compressions that it can not read', async () => {
    const cases: [Partial<BlockSpec>, RegExp][] = [
      [{ pixelType: 2 }, /Gray32Float/],
      [{ pixelType: 4 }, /Bgr48/],
      [{ pixelType: 8 }, /Bgr96Float/],
      [{ pixelType: 77 }, /type 77/],
      [{ compression: 3 }, /compression 3/],
      [{ compression: 1000 }, /compression 1000/],
    ];
    for (const [change, problem] of cases) {
      const { path } = await written({ change: firstAs(change) });
      expect(await refused(path)).toMatchObject({
        code: 'unsupported',
        problem: expect.stringMatching(problem),
        place: { file: path },
        hint: expect.stringMatching(/zflat reads .* ZEN/),
      });
    }
  });

  it('should always refuse pixels of several kinds in one channel', async () => {
    const { path } = await written({ pixel: grey('uint8'), change: firstAs({ pixelType: 1 }) });
    expect(await refused(path)).toMatchObject({ code: 'mismatch', problem: expect.stringMatching(/uint8|uint16/) });
  });

  it('should always name the scenes, channels and timepoints that there are', async () => {
    const { path } = await written({ scenes: 2, channels: 2, timepoints: 2 });
    const cases: [OpenOptions, RegExp, RegExp][] = [
      [{ scene: 2 }, /no scene 2/, /0 \(A1\), 1 \(B7\)/],
      [{ scene: 'C9' }, /no scene "C9"/, /0 \(A1\), 1 \(B7\)/],
      [{ channel: 2 }, /no channel 2/, /0 \(light\), 1 \(glow\)/],
      [{ channel: 'dark' }, /no channel "dark"/, /0 \(light\), 1 \(glow\)/],
      [{ timepoint: 3 }, /no timepoint 3/, /0 to 1/],
    ];
    for (const [options, problem, hint] of cases) {
      expect(await refused(path, options)).toMatchObject({
        code: 'usage',
        problem: expect.stringMatching(problem),
        hint: expect.stringMatching(hint),
      });
    }
  });

  it('should only ever choose a scene that a file has', async () => {
    const { path } = await written();
    expect(await refused(path, { scene: 1 })).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/no scene/),
    });
    const stack = await writeStack(folder.folder('ome'), { ...small, planes: 2 });
    expect(await refused(stack.path, { scene: 1 })).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/only one is 0/),
    });
  });

  it('should always refuse a plane that is missing', async () => {
    const change: StackSpec['change'] = (blocks) => blocks.filter((block) => along(block, 'Z') !== 1);
    const { path } = await written({ change });
    expect(await refused(path)).toMatchObject({ code: 'contradictory', place: { file: path, plane: 1 } });
  });

  it('should always refuse several files, a part of a slide, and parts that are missing or of another slide', async () => {
    const { path } = await written();
    const other = await written();
    expect(await refused([path, other.path])).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/one of them/),
    });

    const { path: first } = await written({ part: (z) => z % 2 });
    const second = first.replace('.czi', ' (1).czi');
    expect(await refused(second)).toMatchObject({ code: 'unsupported', problem: expect.stringMatching(/part 1/) });
    const bytes = await readFile(second);
    bytes[50] ^= 1;
    await writeFile(second, bytes);
    expect(await refused(first)).toMatchObject({ code: 'mismatch', place: { file: second } });
    await rm(second);
    expect(await refused(first)).toMatchObject({ code: 'unreadable', place: { file: second } });
  });

  it('should always refuse a directory that is missing, deleted, too long or of another kind', async () => {
    const { path } = await written();
    const original = await readFile(path);
    const at = Number(original.readBigInt64LE(84));
    const cases: [(bytes: Buffer) => void, RegExp][] = [
      [(bytes) => bytes.writeBigInt64LE(0n, 84), /no directory/],
      [(bytes) => bytes.fill(0, at, at + 16).write('DELETED', at), /no directory/],
      [(bytes) => bytes.write('ZISRAWNOTHING', at), /should be at byte/],
      [(bytes) => bytes.writeInt32LE(1_000_000, at + 32), /tells of 1000000 pictures/],
      [(bytes) => bytes.write('DE', at + 32 + 128), /not of the kind DV/],
      [(bytes) => bytes.writeInt32LE(0, at + 32 + 128 + 32 + 8), /no width or height/],
      [(bytes) => bytes.writeBigInt64LE(BigInt(bytes.length), 84), /the file ends at byte/],
      [(bytes) => bytes.writeBigInt64LE(-5n, 92), /^$/],
      [(bytes) => bytes.writeBigInt64LE(7n, 92), /should be at byte 7/],
    ];
    for (const [change, problem] of cases) {
      const bytes = Buffer.from(original);
      change(bytes);
      await writeFile(path, bytes);
      // A position of 0 or less is that of metadata that the file does without.
      if (problem.test('')) expect((await opened(path)).micronsPerPixel).toBeUndefined();
      else expect(await refused(path)).toMatchObject({ code: 'damaged', problem: expect.stringMatching(problem) });
    }
  });

  it('should always refuse metadata that are no XML', async () => {
    const { path } = await written({ metadata: '<ImageDocument><Metadata' });
    expect(await refused(path)).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/metadata can't be read/),
    });
  });

  it('should always refuse more pictures under a tile than can be looked through', async () => {
    const block = (i: number): BlockSpec => ({
      dimensions: [
        ['X', i % 100, 1],
        ['Y', Math.floor(i / 100), 1],
        ['Z', 0, 1],
      ],
      pixelType: 0,
      compression: 0,
      data: Uint8Array.of(1),
    });
    const path = folder.at('crowd.czi');
    await writeCziFile(path, { blocks: Array.from({ length: 4097 }, (_, i) => block(i)) });
    expect(await refusalOf(firstTile(path, 0))).toMatchObject({
      code: 'unsupported',
      hint: expect.stringMatching(/--tile-size/),
    });
    expect((await firstTile(path, 0, { tileSize: 64 }))?.data.slice(0, 64)).toEqual(new Uint8Array(64).fill(1));
  });

  it('should always refuse a picture larger than any slide before anything is laid over it', async () => {
    const far = (x: number): BlockSpec => ({
      dimensions: [
        ['X', x, 8],
        ['Y', x, 8],
      ],
      pixelType: 0,
      compression: 0,
      data: new Uint8Array(64),
    });
    const path = folder.at('far.czi');
    await writeCziFile(path, { blocks: [far(-(2 ** 31)), far(2 ** 31 - 100)] });
    expect(await refused(path)).toMatchObject({ code: 'unsupported', problem: expect.stringMatching(/4294967204 x/) });
  });
});

describe('CZI: damaged pictures', () => {
  const one = { frame: { width: 70, height: 40, stepX: 70, stepY: 40 }, levels: 1, scenes: 0 } as const;
  const place = { level: 0, plane: 0, row: 0, column: 0 };

  it('should always say where a picture is not what its directory says', async () => {
    const pixels = Buffer.alloc(70 * 40 * 3, 5);
    const jpeg = await sharp(pixels, { raw: { width: 40, height: 70, channels: 3 } })
      .jpeg()
      .toBuffer();
    const whole = await sharp(pixels, { raw: { width: 70, height: 40, channels: 3 } })
      .jpeg()
      .toBuffer();
    const cases: [Partial<BlockSpec>, RegExp][] = [
      [{ compression: 0, data: pixels.subarray(1) }, /expected 8400 bytes of pixels, the picture has 8399/],
      [{ compression: 1, data: jpeg }, /expected a JPEG of 70 x 40 .* got 40 x 70/],
      [{ compression: 1, data: whole.subarray(0, 200) }, /JPEG/],
      [{ compression: 2, data: pixels.subarray(0, 100) }, /can't be decoded/],
      [{ compression: 4, data: pixels.subarray(0, 100) }, /no JPEG XR stream/],
      [{ compression: 4, data: pixels.subarray(0, 1) }, /ends in its header/],
      [{ compression: 5, data: pixels.subarray(0, 100) }, /zstd frame has none/],
      [{ compression: 6, data: pixels.subarray(0, 100) }, /zstd header begins with 5/],
      [{ compression: 6, data: new Uint8Array(0) }, /zstd header begins with nothing/],
      [{ compression: 5, data: Buffer.alloc(8400 * 3 + 65_536) }, /expected 8400 bytes/],
    ];
    for (const [change, problem] of cases) {
      const { path } = await written({ ...one, change: firstAs(change) });
      expect(await refusalOf(firstTile(path, 0))).toMatchObject({
        code: 'damaged',
        problem: expect.stringMatching(problem),
        place: { file: path, ...place },
      });
    }
  });

  it('should always show nothing where a picture was deleted', async () => {
    const { path } = await written({ ...one, change: firstAs({ deleted: true }) });
    const tile = await firstTile(path, 0, { tileSize: 32 });
    expect(new Set(tile?.data)).toEqual(new Set([255]));
  });

  it('should always show what is under a picture that was deleted', async () => {
    const { path, picture } = await written({
      levels: 1,
      frame: { width: 70, height: 40, stepX: 70, stepY: 40 },
      further: [[], []],
      // Of two pictures in the same place the later one is on top.
      change: (blocks) => [...blocks].reverse().map((block, i) => (i % 2 === 1 ? { ...block, deleted: true } : block)),
    });
    const tile = await firstTile(path, 2, { tileSize: 16 });
    expect(tile && Array.from(tile.data.subarray(0, 48))).toEqual(Array.from(picture(2, 0).data.subarray(0, 48)));
  });
});

describe('CZI: JPEG pictures on the tile grid', () => {
  const frame = { width: 64, height: 48, stepX: 64, stepY: 48 };
  const grid = { width: 128, height: 96, levels: 1, storage: 'jpeg', frame } as const;
  const jpeg = (width: number, chromaSubsampling: string) =>
    sharp({ create: { width, height: 48, channels: 3, background: '#123456' } })
      .jpeg({ chromaSubsampling })
      .toBuffer();

  it('should always be refused where one is not what the others are', async () => {
    const cases: [Partial<BlockSpec>, string, RegExp][] = [
      [{ data: await jpeg(64, '4:2:0') }, 'unsupported', /chroma subsampling/],
      [{ data: await jpeg(48, '4:4:4') }, 'contradictory', /of 64 x 48 pixels, got one of 48 x 48/],
      [{ data: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9) }, 'damaged', /JPEG/],
      [{ deleted: true }, 'damaged', /was deleted/],
    ];
    for (const [change, code, problem] of cases) {
      // The first in the file is the last of the mosaic; the one that stands for all is the first of the mosaic.
      const { path } = await written({ ...grid, change: firstAs(change) });
      const source = await openSlide(path);
      const refusal = await refusalOf(source.readTile({ level: 0, plane: 0, row: 1, column: 1 }));
      await source.close();
      expect(refusal).toMatchObject({ code, problem: expect.stringMatching(problem), place: { row: 1, column: 1 } });
    }
  });

  it('should only ever be put together where their coding can not be cut', async () => {
    const progressive = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#123456' } })
      .jpeg({ progressive: true })
      .toBuffer();
    const change: StackSpec['change'] = (blocks) => blocks.map((block) => ({ ...block, data: progressive }));
    const { path } = await written({ ...grid, change });
    expect(await opened(path)).toMatchObject({ retiled: 'lossy', levels: [{ grid: { tileWidth: 256 } }] });
    const tile = await firstTile(path, 0);
    expect(
      [...(tile?.data.subarray(0, 3) ?? [])].map((value, i) => Math.abs(value - [0x12, 0x34, 0x56][i]) < 4),
    ).toEqual([true, true, true]);
  });

  it('should only ever be put together where one lies over another or off the grid', async () => {
    const move = (by: number) => (blocks: readonly BlockSpec[]) =>
      blocks.map((block, index) => {
        const [x, ...others] = block.dimensions;
        return index === 0 ? { ...block, dimensions: [[x[0], x[1] + by, x[2], x[3]] as const, ...others] } : block;
      });
    for (const by of [-64, 16, 1]) {
      const { path } = await written({ ...grid, change: move(by) });
      expect((await opened(path)).retiled).toBe('lossy');
    }
    const { path } = await written({ ...grid, change: move(64) });
    expect((await opened(path)).retiled).toBeUndefined();
  });
});

describe('CZI: what is left out', () => {
  const isPart = (block: BlockSpec) => isFinest(block) || (along(block, 'X') as number) > -100;

  it('should only ever use levels that show all of level 0 and are of a power of two', async () => {
    const third: BlockSpec['dimensions'] = [
      ['X', -127, 69, 23],
      ['Y', -64, 39, 13],
      ['C', 0, 1],
      ['Z', 0, 1],
      ['T', 0, 1],
      ['H', 0, 1],
    ];
    const cases: [StackSpec['change'], RegExp][] = [
      [(blocks) => blocks.filter(isPart), /left out level 1: it does not show all/],
      [(blocks) => blocks.filter((block) => isFinest(block) || along(block, 'Z') !== 2), /left out level 1/],
      [
        (blocks) => [
          ...blocks.filter(isFinest),
          { dimensions: third, pixelType: 3, compression: 0, data: new Uint8Array(23 * 13 * 3) },
        ],
        /left out 1 pictures whose scale is no power of two/,
      ],
    ];
    for (const [change, note] of cases) {
      const { path } = await written({ frame: { width: 16, height: 16, stepX: 14, stepY: 14 }, change });
      expect(await opened(path)).toMatchObject({
        levels: [{ level: 0 }],
        notes: [expect.stringMatching(note)],
      });
    }
  });

  it('should always say that planes have not the same pictures, and leave their gaps blank', async () => {
    const change: StackSpec['change'] = (blocks) =>
      blocks.filter((block) => along(block, 'Z') !== 1 || (along(block, 'X') as number) > -127);
    const frame = { width: 32, height: 40, stepX: 32, stepY: 40 };
    const { path } = await written({ levels: 1, frame, change });
    const { notes } = await opened(path);
    expect(notes).toEqual([expect.stringMatching(/planes have 2 to 3 pictures/)]);
    const source = await openSlide(path, { tileSize: 32 });
    const at = (column: number, plane: number) => ({ level: 0, plane, row: 0, column });
    expect([0, 1, 2].map((column) => source.hasTile(at(column, 1)))).toEqual([false, true, true]);
    expect(source.hasTile(at(0, 0))).toBe(true);
    expect(await source.readTile(at(0, 1))).toBeUndefined();
    await source.close();
    expect(new Set((await firstTile(path, 1, { tileSize: 48 }))?.data.subarray(0, 96))).toEqual(new Set([255]));
  });

  it('should always say how many planes its metadata tell of', async () => {
    const { path } = await written({ planes: 2, metadata: cziXml().replace('<SizeZ>3', '<SizeZ>5') });
    expect((await opened(path)).notes).toEqual([expect.stringMatching(/tell of 5 planes, it has 2/)]);
  });
});

describe('CZI: label, preview and thumbnail', () => {
  const preview = sharpPicture({ width: 30, height: 20 }, rgb, 5);
  const swapped = preview.data.slice();
  for (let i = 0; i < swapped.length; i += 3) [swapped[i], swapped[i + 2]] = [preview.data[i + 2], preview.data[i]];
  const dimensions: DimensionSpec[] = [
    ['X', 4, 30],
    ['Y', -9, 20],
  ];
  const inner = cziBytes({ blocks: [{ dimensions, pixelType: 3, compression: 0, data: swapped as Uint8Array }] });

  it('should always be found among the attachments and read', async () => {
    const jpeg = await sharp({ create: { width: 40, height: 25, channels: 3, background: '#204060' } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const { path } = await written({
      attachments: [
        { name: 'TimeStamps', type: 'CZTIMS', bytes: Uint8Array.of(1, 2, 3) },
        { name: 'Label', type: 'CZI', bytes: inner },
        { name: 'SlidePreview', type: 'CZI', bytes: inner },
        { name: 'Thumbnail', type: 'JPG', bytes: jpeg },
      ],
    });
    const source = await openSlide(path);
    const { associatedImages } = source.info;
    expect(associatedImages).toEqual([
      { kind: 'label', width: 30, height: 20 },
      { kind: 'macro', width: 30, height: 20 },
      { kind: 'thumbnail', width: 40, height: 25 },
    ]);
    const [label, , thumbnail] = associatedImages;
    expect(greatestDifference(await source.readAssociatedImage(label), preview)).toBe(0);
    const expected = emptyRaster(thumbnail, rgb);
    expected.data.forEach((_, i) => {
      expected.data[i] = [0x20, 0x40, 0x60][i % 3];
    });
    expect(greatestDifference(await source.readAssociatedImage(thumbnail), expected)).toBeLessThan(3);
    await source.close();
  });

  it('should only ever be left out, and noted, where they are damaged', async () => {
    const { path } = await written({
      attachments: [
        { name: 'Label', type: 'CZI', bytes: inner.subarray(0, 700) },
        { name: 'Thumbnail', type: 'JPG', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9) },
      ],
    });
    const { associatedImages, notes } = await opened(path);
    expect(associatedImages).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/label/), expect.stringMatching(/thumbnail/)]);
  });
});

describe('CZI: any bytes', () => {
  it.each(['raw', 'jpeg', 'lzw', 'zstd0', 'zstd1'] as const)(
    'should only ever be read or refused: %s',
    async (storage) => {
      const attachments = [{ name: 'Label', type: 'CZI', bytes: cziBytes({ blocks: [] }) }];
      const { path } = await written({ storage, scenes: 2, attachments, planes: 2 });
      await readsDamagedCziOrRefuses(await readFile(path), path, 150);
    },
  );

  for (const name of ['tiles_z.czi', 'CellDivision_T3_Z5_CH2_X240_Y170_comp1.czi', 'RGB-8bit.czi']) {
    itWithData(['czi', name], `should only ever be read or refused: ${name}`, async () => {
      await readsDamagedCziOrRefuses(await readFile(sharedData('czi', name)), folder.at(name), 100);
    });
  }
});
