// OME-Zarr images that zflat refuses, what it leaves out and says, and what happens to damaged ones.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { type WrittenZarr, writeZarr, type ZarrSpec } from '../../../experiments/harness/fixtures/zarr-slide.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { isSlideError, type SlideError } from '../../../src/errors.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const small = {
  width: 70,
  height: 40,
  planes: 2,
  levels: 2,
  depth: () => 0,
  chunk: { c: 1, z: 1, y: 32, x: 32 },
} as const;
let count = 0;

function written(spec: Partial<ZarrSpec> = {}): Promise<WrittenZarr> {
  return writeZarr(folder.at(`in-${count++}.zarr`), { ...small, ...spec });
}

async function opened(input: string, options: OpenOptions = {}) {
  const source = await openSlide(input, options);
  await source.close();
  return source.info;
}

async function refused(input: string, options: OpenOptions = {}): Promise<SlideError> {
  return refusalOf(opened(input, options));
}

/** An image whose level 0 has other metadata. */
async function withArray(
  spec: Partial<ZarrSpec>,
  change: (metadata: Record<string, unknown>) => void,
): Promise<string> {
  const image = await written(spec);
  const file = join(image.folder, '0', image.spec.version === '0.4' ? '.zarray' : 'zarr.json');
  const metadata = JSON.parse(await readFile(file, 'utf8'));
  change(metadata);
  await writeFile(file, JSON.stringify(metadata));
  return image.folder;
}

describe('OME-Zarr: what is refused', () => {
  it('should always name what only resembles an image', async () => {
    const array = await written();
    const cases: [string, RegExp, RegExp][] = [
      [(await written({ change: () => ({ plate: {} }) })).folder, /plate/, /one image/],
      [(await written({ change: () => ({}) })).folder, /no OME-Zarr image/, /0\.4 and 0\.5/],
      [join(array.folder, '0'), /no OME-Zarr image/, new RegExp(`give ${array.folder}`)],
      [
        (await written({ version: '0.5', change: (all) => ({ ...all, version: '0.6' }) })).folder,
        /version 0\.6/,
        /0\.4 and 0\.5/,
      ],
    ];
    for (const [input, problem, hint] of cases) {
      expect(await refused(input)).toMatchObject({
        code: 'unsupported',
        problem: expect.stringMatching(problem),
        hint: expect.stringMatching(hint),
      });
    }
  });

  it('should always refuse axes and transforms that it can not lay tiles over', async () => {
    const multiscale = (change: object) => (all: Record<string, unknown>) => ({
      ...all,
      multiscales: [{ ...(all.multiscales as object[])[0], ...change }],
    });
    const cases: [object, RegExp][] = [
      [{ axes: ['x', 'y', 'z', 'c', 't'].map((name) => ({ name })) }, /axes x, y, z, c, t/],
      [{ axes: [] }, /no axes/],
      [{ datasets: [] }, /no datasets/],
      [{ datasets: [{ path: '0', coordinateTransformations: [{ type: 'affine' }] }] }, /coordinateTransformations/],
      [{ datasets: [{ path: '9' }] }, /no \.zarray/],
      [{ version: '0.3' }, /version 0\.3/],
      [{ datasets: 'none' }, /no datasets/],
    ];
    for (const [change, problem] of cases) {
      expect((await refused((await written({ change: multiscale(change) })).folder)).problem).toMatch(problem);
    }
  });

  it('should always refuse arrays that are no pixels, or too large at once', async () => {
    const cases: [(metadata: Record<string, unknown>) => void, RegExp, string][] = [
      [(all) => Object.assign(all, { dtype: '<f4' }), /float32/, 'unsupported'],
      [(all) => Object.assign(all, { dtype: '|O' }), /object|can't be read/, 'damaged|unsupported'],
      [(all) => Object.assign(all, { shape: [40, 70] }), /shape \[40,70\]/, 'contradictory'],
      [(all) => Object.assign(all, { shape: [1, 3, 2, 1e9, 1e9] }), /1000000000 pixels/, 'unsupported'],
      [(all) => Object.assign(all, { shape: [1, 3, 2e6, 40, 70] }), /planes/, 'contradictory|unsupported'],
      [(all) => Object.assign(all, { chunks: [1, 1, 1, 65_536, 65_536] }), /4295 MB/, 'unsupported'],
      [(all) => Object.assign(all, { chunks: [1, 1, 1, 0, 32] }), /chunks of/, 'contradictory'],
      [(all) => Object.assign(all, { chunks: [1, 1, 1, 1, 1] }), /1 x 1 pixels are too small/, 'unsupported'],
      [(all) => Object.assign(all, { compressor: { id: 'lzma' } }), /lzma/, 'unsupported'],
      [(all) => Object.assign(all, { filters: [{ id: 'delta' }] }), /delta/, 'unsupported'],
      [(all) => Object.assign(all, { shape: 'none' }), /shape "none"/, 'contradictory'],
    ];
    for (const [change, problem, code] of cases) {
      const refusal = await refused(await withArray({}, change));
      expect(refusal.problem).toMatch(problem);
      expect(refusal.code).toMatch(new RegExp(code));
      expect(refusal.place.file).toBeTruthy();
    }
  });

  it('should always refuse channels and timepoints that there are not', async () => {
    const { folder: input } = await written();
    expect(await refused(input, { channel: 'violet' })).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/green/),
    });
    expect(await refused(input, { channel: 3 })).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/0 \(red\), 1 \(green\), 2 \(blue\)/),
    });
    expect(await refused(input, { timepoint: 1 })).toMatchObject({ code: 'usage' });
  });

  it('should never read outside the folder', async () => {
    await writeFile(folder.at('.zarray'), '{}');
    for (const path of ['..', '../', '%2e%2e', '/', '0/../../']) {
      const change = (all: Record<string, unknown>) => ({
        ...all,
        multiscales: [{ ...(all.multiscales as object[])[0], datasets: [{ path }] }],
      });
      expect(await refused((await written({ change })).folder)).toMatchObject({ code: 'damaged' });
    }
  });
});

describe('OME-Zarr: damaged chunks', () => {
  const place = { level: 0, plane: 1, row: 0, column: 1 };

  it.each(['raw', 'gzip', 'zlib', 'zstd', 'blosc', 'lz4'] as const)(
    'should always be refused, with their place: %s',
    async (compressor) => {
      const image = await written({ compressor, pixel: grey('uint8'), channels: [] });
      const file = join(image.folder, '0', '0', '0', '1', '0', '1');
      const whole = await readFile(file);
      for (const bytes of [whole.subarray(0, whole.length >> 1), Buffer.alloc(0), Buffer.alloc(40, 0xff)]) {
        await writeFile(file, bytes);
        const source = await openSlide(image.folder);
        const refusal = await refusalOf(source.readTile(place));
        expect(refusal).toMatchObject({ code: 'damaged', place: { file: join(image.folder, '0'), ...place } });
        expect(refusal.message).toMatch(/chunk 0\.0\.1\.0\.1/);
        await expect(source.readTile({ ...place, plane: 0 })).resolves.toBeTruthy();
        await source.close();
      }
    },
  );

  it.each(['gzip', 'zstd', 'blosc', 'lz4'] as const)(
    'should only ever be decoded or refused, whatever bytes are changed, and never spoil others: %s',
    async (compressor) => {
      const image = await written({ compressor, pixel: grey('uint8'), channels: [] });
      const file = join(image.folder, '0', '0', '0', '1', '0', '1');
      const whole = await readFile(file);
      const change = fc.tuple(fc.oneof(fc.nat(20), fc.nat(whole.length - 1)), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          await writeFile(file, bytes);
          const source = await openSlide(image.folder);
          const outcome = await source.readTile(place).catch((error: unknown) => error);
          if (outcome instanceof Error && !isSlideError(outcome)) throw outcome;
          await expect(source.readTile({ ...place, plane: 0 })).resolves.toBeTruthy();
          await source.close();
        }),
        { numRuns: 80 },
      );
    },
  );

  it('should never fill the memory: what grows beyond its chunk is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const image = await written({ compressor: 'gzip', pixel: grey('uint8'), channels: [] });
    await writeFile(join(image.folder, '0', '0', '0', '1', '0', '1'), bomb);
    const source = await openSlide(image.folder);
    expect(await refusalOf(source.readTile(place))).toMatchObject({ code: 'damaged', place });
    await source.close();
    const large = await written({ compressor: 'raw', pixel: grey('uint8'), channels: [] });
    await writeFile(join(large.folder, '0', '0', '0', '1', '0', '1'), Buffer.alloc(20_000_000));
    const other = await openSlide(large.folder);
    expect(await refusalOf(other.readTile(place))).toMatchObject({ code: 'damaged', place });
    await other.close();
  });

  it('should always be refused in shards, too', async () => {
    const image = await written({ version: '0.5', shard: 2, pixel: grey('uint8'), channels: [] });
    const [file] = image.chunkFiles;
    const whole = await readFile(file);
    for (const length of [0, 3, 40, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      const source = await openSlide(image.folder);
      expect(await refusalOf(source.readTile({ level: 0, plane: 0, row: 0, column: 0 }))).toMatchObject({
        code: 'damaged',
      });
      await source.close();
    }
  });
});

describe('OME-Zarr: what is said', () => {
  it('should always take the first image of a bioformats2raw folder, and say where there are others', async () => {
    const outer = folder.at(`in-${count++}.zarr`);
    await mkdir(outer, { recursive: true });
    await writeFile(join(outer, '.zattrs'), JSON.stringify({ 'bioformats2raw.layout': 3 }));
    await writeZarr(join(outer, '0'), small);
    expect((await opened(outer)).planes).toHaveLength(2);
    await writeZarr(join(outer, '1'), small);
    expect((await opened(outer)).notes).toEqual(expect.arrayContaining([expect.stringMatching(/several images/)]));
  });

  it('should always understand every unit of length that OME-NGFF names, and say which it does not', async () => {
    const inUnits = (z: string, x: string) => (attributes: Record<string, unknown>) => {
      const [multiscale] = attributes.multiscales as { axes: { name: string; unit?: string }[] }[];
      for (const axis of multiscale.axes) {
        if (axis.name === 'z') axis.unit = z;
        if (axis.name === 'x' || axis.name === 'y') axis.unit = x;
      }
      return attributes;
    };
    // The step along z is written as 1500, a pixel as .25.
    const known: [z: string, step: number, x: string, pixel: number][] = [
      ['nanometer', 1.5, 'micrometer', 0.25],
      ['angstrom', 0.15, 'millimeter', 250],
      ['picometer', 0.0015, 'inch', 6350],
      ['micrometer', 1500, 'nanometer', 0.00025],
      ['millimeter', 1.5e6, 'decimeter', 25_000],
      ['nm', 1.5, '\u00b5m', 0.25],
      ['foot', 457_200_000, 'yard', 228_600],
    ];
    for (const [z, step, x, pixel] of known) {
      const info = await opened((await written({ change: inUnits(z, x) })).folder);
      expect([z, info.planes[1].zUm]).toEqual([z, expect.closeTo(step, 6)]);
      expect([x, info.micronsPerPixel?.x]).toEqual([x, expect.closeTo(pixel, 6)]);
      expect(info.notes.filter((note) => /unit/.test(note))).toEqual([]);
    }
    const info = await opened((await written({ change: inUnits('cubit', 'furlong') })).folder);
    expect([info.planes[1].zUm, info.micronsPerPixel]).toEqual([undefined, undefined]);
    expect(info.notes).toEqual(
      expect.arrayContaining([
        'axis z is in "cubit", a unit that is not known: heights are not known',
        'axis x is in "furlong", a unit that is not known: the size of a pixel is not known',
      ]),
    );
    const pixels = await opened((await written({ change: inUnits('pixel', 'pixel') })).folder);
    expect([pixels.planes[1].zUm, pixels.micronsPerPixel]).toEqual([undefined, undefined]);
  });

  it('should never take three channels for colours unless the file shows them so', async () => {
    const channels = ['0000FF', '00FF00', 'FF0000'].map((color, i) => ({ label: `dye ${i}`, color }));
    const info = await opened((await written({ channels })).folder);
    expect(info).toMatchObject({
      encoding: { channels: 1 },
      channelName: 'dye 0',
      notes: ['channel 0 of 3 (dye 0) taken: --channel takes another'],
    });
  });

  it('should always leave out levels that are none, and say so', async () => {
    const image = await written({ levels: 3 });
    const file = join(image.folder, '1', '.zarray');
    const metadata = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...metadata, shape: [1, 3, 1, 20, 35] }));
    const info = await opened(image.folder);
    expect(info.levels.map(({ level }) => level)).toEqual([0, 2]);
    expect(info.notes).toEqual(expect.arrayContaining([expect.stringMatching(/left out level 1/)]));
  });

  it('should always take chunks for tiles where they can be, else lay 256 pixels', async () => {
    const tileOf = async (chunk: ZarrSpec['chunk'], options: OpenOptions = {}) => {
      const { levels } = await opened((await written({ chunk, levels: 1 })).folder, options);
      return [levels[0].grid.tileWidth, levels[0].grid.tileHeight];
    };
    expect(await tileOf({ c: 1, z: 1, y: 16, x: 48 })).toEqual([48, 16]);
    expect(await tileOf({ c: 1, z: 1, y: 40, x: 70 })).toEqual([256, 256]);
    expect(await tileOf({ c: 1, z: 1, y: 32, x: 32 }, { tileSize: 64 })).toEqual([64, 64]);
  });
});

describe('OME-Zarr: any metadata', () => {
  /** Opens and reads a tile of each level: ends well or with a SlideError. */
  async function readsOrRefuses(input: string): Promise<void> {
    try {
      const source = await openSlide(input);
      try {
        for (const { level } of source.info.levels) {
          const tile = await source.readTile({ level, plane: 0, row: 0, column: 0 });
          if (tile) await decodeTile(tile);
        }
      } finally {
        await source.close();
      }
    } catch (error) {
      if (!isSlideError(error)) throw error;
    }
  }

  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e15,
      2 ** 31,
      65_536,
      '',
      'x',
      '<u2',
      '<f8',
      [],
      {},
      [[]],
      [null],
    ),
    fc.constantFrom<unknown>({ toString: {} }, { length: 5 }, { id: { toString: null } }),
    fc.jsonValue({ maxDepth: 2 }),
  );

  it.each(['0.4', '0.5'] as const)('should only ever be read or refused: %s', async (version) => {
    const image = await written({ version, compressor: 'raw', chunk: { c: 1, z: 1, y: 16, x: 16 } });
    const names = version === '0.4' ? ['.zattrs', '0/.zarray'] : ['zarr.json', '0/zarr.json'];
    for (const name of names) {
      const file = join(image.folder, name);
      const original = await readFile(file, 'utf8');
      const paths = pathsIn(JSON.parse(original));
      const change = fc.tuple(fc.constantFrom(...paths), odd);
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const document = JSON.parse(original);
          for (const [path, value] of changes) replaceAt(document, path, value);
          await writeFile(file, JSON.stringify(document));
          await readsOrRefuses(image.folder);
        }),
        { numRuns: 150 },
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(original.length), fc.string({ maxLength: 5 }), async (at, noise) => {
          await writeFile(file, original.slice(0, at) + noise + original.slice(at + noise.length));
          await readsOrRefuses(image.folder);
        }),
        { numRuns: 50 },
      );
      await writeFile(file, original);
    }
    await rm(image.folder, { recursive: true });
  });
});

type Path = readonly (string | number)[];

/** The paths of all values in a document. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return path.length > 0 ? [path, ...inner] : inner;
}

function replaceAt(document: unknown, path: Path, value: unknown): void {
  let at = document as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    at = at[key] as Record<string, unknown>;
    if (typeof at !== 'object' || at === null) return;
  }
  at[path[path.length - 1]] = structuredClone(value);
}
