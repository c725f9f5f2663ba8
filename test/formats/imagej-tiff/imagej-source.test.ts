import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grey, rgb, sampleBytes, sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import { type Field, type Image, tiffBytes, type } from '../../../experiments/harness/fixtures/tiff-bytes.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import type { PixelFormat, Raster } from '../../../src/slide/raster.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const { at, scratch } = temporaryFolder();
const size = { width: 64, height: 48 };
const pictureOf = (seed: number, pixel: PixelFormat) => sharpPicture(size, pixel, seed);

type Spec = {
  readonly name: string;
  readonly images: number;
  readonly lines: readonly string[];
  readonly pixel?: PixelFormat;
  readonly bigEndian?: boolean;
  /** One directory for all images. */
  readonly contiguous?: boolean;
  /** Images that the file lacks at its end. */
  readonly missing?: number;
  /** Pixels per unit. */
  readonly resolution?: number;
};

/** A stack as ImageJ writes it: uncompressed, a strip an image, its description in the first directory. */
async function writeImageJ({
  name,
  images,
  lines,
  pixel = grey('uint8'),
  bigEndian = false,
  ...spec
}: Spec): Promise<string> {
  const { contiguous = false, missing = 0, resolution } = spec;
  const shorts = (tag: number, ...values: number[]): Field => ({ tag, type: type.short, values });
  const pieces = Array.from({ length: images - missing }, (_, i) => sampleBytes(pictureOf(i, pixel).data, bigEndian));
  const text = ['ImageJ=1.54f', `images=${images}`, ...lines, ''].join('\n');
  const imageOf = (chunk: Uint8Array, first: boolean): Image => ({
    fields: [
      shorts(256, size.width),
      shorts(257, size.height),
      shorts(258, ...Array<number>(pixel.channels).fill(pixel.sample === 'uint16' ? 16 : 8)),
      shorts(259, 1),
      shorts(262, pixel.channels === 3 ? 2 : 1),
      shorts(277, pixel.channels),
      shorts(278, size.height),
      ...(first ? [{ tag: 270, type: type.ascii, values: text }] : []),
      ...(resolution === undefined
        ? []
        : [282, 283].map((tag) => ({ tag, type: type.rational, values: [resolution, 1] }))),
      shorts(296, 1),
    ],
    chunks: [chunk],
    tiled: false,
  });
  const written = contiguous
    ? [imageOf(Buffer.concat(pieces), true)]
    : pieces.map((piece, i) => imageOf(piece, i === 0));
  const file = tiffBytes(written, { big: false, bigEndian });
  if (contiguous) {
    // The directory tells of one image: the others lie behind it.
    const { entryAt } = file.directories[0];
    const length = (entryAt.get(279) as number) + 8;
    if (bigEndian) file.bytes.writeUInt32BE(pieces[0].length, length);
    else file.bytes.writeUInt32LE(pieces[0].length, length);
  }
  const path = at(`${name}.tif`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file.bytes);
  return path;
}

/** What a stack is, and which pictures its planes are. */
async function read(path: string, pixel: PixelFormat = grey('uint8'), options: OpenOptions = {}) {
  const source = await openSlide(path, { tileSize: 64, ...options });
  try {
    const { info } = source;
    const seeds: number[] = [];
    for (const { plane } of info.planes) {
      const tile = await source.readTile({ level: 0, plane, row: 0, column: 0 });
      const decoded = await decodeTile(tile as EncodedTile);
      const same = ({ data }: Raster) => data.every((value, i) => value === decoded.data[i]);
      seeds.push(Array.from({ length: 12 }, (_, seed) => pictureOf(seed, pixel)).findIndex(same));
    }
    return { info, seeds, zUm: info.planes.map(({ zUm }) => zUm) };
  } finally {
    await source.close();
  }
}

const pixels = { 'grey of 8 bits': grey('uint8'), 'grey of 16 bits': grey('uint16'), RGB: rgb };

describe('stacks of ImageJ', () => {
  for (const [what, pixel] of Object.entries(pixels)) {
    for (const contiguous of [false, true]) {
      for (const bigEndian of [false, true]) {
        const how = `${contiguous ? 'one directory' : 'a directory an image'}, ${bigEndian ? 'big' : 'little'}-endian`;
        it(`should always be read: ${what}, ${how}`, async () => {
          const lines = ['slices=3', 'unit=micron', 'spacing=1.5', 'loop=false'];
          const path = await writeImageJ({
            name: `${what} ${how}`,
            images: 3,
            lines,
            pixel,
            contiguous,
            bigEndian,
            resolution: 4,
          });
          const { info, seeds, zUm } = await read(path, pixel);
          expect([seeds, zUm]).toEqual([
            [0, 1, 2],
            [0, 1.5, 3],
          ]);
          expect(info).toMatchObject({ format: 'ImageJ TIFF', micronsPerPixel: { x: 0.25, y: 0.25 }, notes: [] });
        });
      }
    }
  }

  it.each([
    ['unit=\\u00B5m', 2],
    ['unit=um', 2],
    ['unit=µm', 2],
    ['unit=nm', 0.002],
    ['unit=inch\nzunit=um', 2],
    ['unit=pixel', undefined],
    ['loop=false', undefined],
  ])('should always have heights in the unit that they are given in: %s', async (unit, step) => {
    const path = await writeImageJ({ name: 'unit', images: 2, lines: ['slices=2', 'spacing=2.0', unit] });
    expect((await read(path)).zUm).toEqual(step === undefined ? [undefined, undefined] : [0, step]);
  });

  it('should always be noted where a unit is not understood', async () => {
    const path = await writeImageJ({ name: 'furlong', images: 2, lines: ['slices=2', 'spacing=2', 'unit=furlong'] });
    expect((await read(path)).info.notes).toEqual([expect.stringMatching(/"furlong".*not know/)]);
  });

  it('should always have a channel and a frame chosen, and say which', async () => {
    const lines = ['channels=2', 'slices=3', 'frames=2', 'hyperstack=true'];
    for (const contiguous of [false, true]) {
      const path = await writeImageJ({ name: `hyperstack ${contiguous}`, images: 12, lines, contiguous });
      const first = await read(path);
      expect(first.seeds).toEqual([0, 2, 4]);
      expect(first.info.notes).toEqual([
        expect.stringMatching(/channel 0 of 2/),
        expect.stringMatching(/timepoint 0 of 2/),
      ]);
      expect((await read(path, grey('uint8'), { channel: 1, timepoint: 1 })).seeds).toEqual([7, 9, 11]);
      await expect(read(path, grey('uint8'), { channel: 2 })).rejects.toMatchObject({ code: 'usage' });
      await expect(read(path, grey('uint8'), { timepointAsZ: true })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('should always tell of frames that may be planes, and take them for planes where that is wanted', async () => {
    const path = await writeImageJ({ name: 'frames', images: 6, lines: ['channels=2', 'frames=3', 'hyperstack=true'] });
    const { info, seeds } = await read(path);
    expect(seeds).toEqual([0]);
    expect(info.notes).toContainEqual(expect.stringMatching(/3 timepoints, 1 plane: --timepoint-as-z/));
    expect((await read(path, grey('uint8'), { timepointAsZ: true, channel: 1 })).seeds).toEqual([1, 3, 5]);
  });

  it('should always be one where it says no more than how many images there are', async () => {
    expect((await read(await writeImageJ({ name: 'plain', images: 3, lines: [] }))).seeds).toEqual([0, 1, 2]);
  });

  it('should always give the size of pixels of single images too', async () => {
    const path = await writeImageJ({ name: 'single', images: 1, lines: ['unit=micron'], resolution: 5 });
    expect((await read(path)).info).toMatchObject({ format: 'single plane', micronsPerPixel: { x: 0.2, y: 0.2 } });
  });

  it.each([false, true])('should never be read where images are missing (one directory: %s)', async (contiguous) => {
    const path = await writeImageJ({ name: 'short', images: 4, lines: ['slices=4'], contiguous, missing: 1 });
    await expect(read(path)).rejects.toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/tells of 4 images/),
    });
  });

  it('should never leave scratch files behind', () => {
    expect(scratch()).toEqual([]);
  });
});
