import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { blurred, emptyRaster, grey, rgb, seeded, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp } from '../../experiments/harness/fixtures/plane-files.js';
import type { Raster } from '../../src/slide/raster.js';
import type { OpenOptions } from '../../src/slide-source/open-options.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at, folder, scratch } = temporaryFolder();
const size = { width: 320, height: 240 };

/** A field of things of 8 to 40 pixels, another for each seed. */
function field(seed: number, sample: 'uint8' | 'uint16' = 'uint8'): Raster {
  const fine = sharpPicture({ width: size.width / 8, height: size.height / 8 }, grey(sample), seed);
  const picture = emptyRaster(size, grey(sample));
  for (let i = 0; i < picture.data.length; i++) {
    const [x, y] = [i % size.width, Math.floor(i / size.width)];
    picture.data[i] = fine.data[Math.floor(y / 8) * fine.width + Math.floor(x / 8)];
  }
  return picture;
}

/** A picture whose pixels are made anew from those of another. */
function made(picture: Raster, valueAt: (value: number, x: number, y: number) => number): Raster {
  const result = emptyRaster(picture, picture);
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] = valueAt(picture.data[i], i % picture.width, Math.floor(i / picture.width));
  }
  return result;
}

/** Glass with the noise of a sensor. */
function glass(seed: number, sample: 'uint8' | 'uint16' = 'uint8', noise = 4, level = 230): Raster {
  const random = seeded(seed);
  return made(emptyRaster(size, grey(sample)), () => level + noise * (random() + random() + random() + random() - 2));
}

const moved = (picture: Raster, by: number): Raster =>
  made(picture, (_, x, y) => picture.data[y * picture.width + Math.min(picture.width - 1, x + by)]);

let folders = 0;

/** What comes of reading a tile of planes with these pixels; undefined where nothing is wrong. */
async function readingOf(pictures: readonly Raster[], options: OpenOptions = {}): Promise<unknown> {
  const name = `planes-${folders++}`;
  folder(name);
  for (const [z, picture] of pictures.entries())
    await saveWithSharp(picture, at(name, `z${String(z).padStart(2, '0')}.png`));
  const source = await openSlide(at(name), { tileSize: 64, ...options });
  try {
    await source.readTile({ level: 0, plane: pictures.length - 1, row: 0, column: 0 });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await source.close();
  }
}

const unrelated = (a: number, b: number) => ({
  code: 'mismatch',
  place: { plane: b },
  message: expect.stringMatching(`plane ${b}: shows another field than plane ${a}, .*z0${a}\\.png.*--unrelated`),
});

describe('planes in files of their own', () => {
  const sharpField = field(1);

  it.each([
    ['two', [sharpField, field(2)], 0, 1],
    ['two stacks in one', [sharpField, blurred(sharpField, 2), field(2), blurred(field(2), 2)], 1, 2],
    ['a stranger between', [sharpField, sharpField, field(2), sharpField, sharpField], 1, 2],
    ['a stranger first', [field(2), sharpField, sharpField], 0, 1],
    ['a stranger last', [sharpField, sharpField, field(2)], 1, 2],
    ['with glass between', [sharpField, glass(1), field(2)], 0, 2],
    ['16 bits', [field(1, 'uint16'), field(2, 'uint16')], 0, 1],
  ])('should never be of different fields: %s', async (_, pictures, a, b) => {
    expect(await readingOf(pictures)).toMatchObject(unrelated(a, b));
    expect(await readingOf(pictures, { unrelated: true })).toBeUndefined();
  });

  it.each([
    ['out of focus', [sharpField, blurred(sharpField, 6), blurred(blurred(sharpField, 8), 8)]],
    ['drifting', [sharpField, moved(sharpField, 4), moved(sharpField, 8)]],
    ['dark where others are bright', [sharpField, made(sharpField, (value) => 250 - value)]],
    ['of other brightness', [sharpField, made(sharpField, (value) => 100 + value / 4)]],
    ['glass', [glass(1), glass(2), glass(3)]],
    ['glass with much noise', [glass(1, 'uint8', 12), glass(2, 'uint8', 12)]],
    ['uniform', [glass(1, 'uint8', 0), glass(1, 'uint8', 0)]],
    ['glass and specimen', [glass(1), sharpField, blurred(sharpField, 4), glass(2)]],
    ['specimen and uniform', [sharpField, glass(1, 'uint8', 0)]],
    [
      'fluorescence with empty planes',
      [glass(1, 'uint16', 40, 400), field(1, 'uint16'), glass(2, 'uint16', 40, 400), glass(3, 'uint16', 40, 400)],
    ],
    ['fluorescence, all of them empty', [glass(1, 'uint16', 40, 400), glass(2, 'uint16', 40, 400)]],
  ])('should always be taken where they are of one field: %s', async (_, pictures) => {
    expect(await readingOf(pictures)).toBeUndefined();
  });

  it('should never be told by noise that spreads over neighbours, as sensors with a mosaic of colours have it', async () => {
    const spread = [1, 2].map((seed) => blurred(glass(seed, 'uint8', 24), 1));
    expect(await readingOf(spread)).toBeUndefined();
  });

  it('should never be told by shading that they share', async () => {
    const shaded = (seed: number) =>
      made(field(seed), (value, x, y) => value * (1 - 0.6 * ((x / 320 - 0.5) ** 2 + (y / 240 - 0.5) ** 2)));
    expect(await readingOf([shaded(1), shaded(2)])).toMatchObject(unrelated(0, 1));
  });

  it('should never be refused where they are too small to be told apart', async () => {
    const tiny = [1, 2].map((seed) => sharpPicture({ width: 30, height: 20 }, rgb, seed));
    expect(await readingOf(tiny)).toBeUndefined();
  });

  it('should always be compared by some tiles where there is no pyramid', async () => {
    const path = (z: number) => at(`tiled-z${z}.tif`);
    for (const seed of [1, 2]) {
      const { width, height, data } = sharpPicture({ width: 500, height: 300 }, grey('uint8'), seed);
      await sharp(data as Uint8Array, { raw: { width, height, channels: 1 } })
        .resize({ width: 6000, kernel: 'nearest' })
        .toColourspace('b-w')
        .tiff({ tile: true, tileWidth: 256, tileHeight: 256, compression: 'lzw' })
        .toFile(path(seed));
    }
    const source = await openSlide([path(1), path(2)]);
    try {
      const reading = source.readTile({ level: 0, plane: 0, row: 0, column: 0 });
      await expect(reading).rejects.toMatchObject({ code: 'mismatch', place: { file: path(2) } });
    } finally {
      await source.close();
    }
  });

  it('should never leave scratch files behind', () => {
    expect(scratch()).toEqual([]);
  });
});
