// NDPI: files of several planes built by a fixture (byte for byte as the format says, none was to be had), and a real one of one plane.
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedPicture } from '../../../experiments/harness/fixtures/decoded-picture.js';
import { type NdpiSpec, ndpiStack, plainNdpi, writeNdpi } from '../../../experiments/harness/fixtures/ndpi-stack.js';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { ByteAccess } from '../../../src/bytes/byte-access.js';
import type { ByteReader } from '../../../src/bytes/byte-reader.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { isSlideError, SlideError } from '../../../src/errors.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { isNdpi, readNdpi } from '../../../src/formats/ndpi/ndpi-file.js';
import { openNdpi } from '../../../src/formats/ndpi/ndpi-source.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { addresses, describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { recordedReader } from '../../fixtures/recorded-reader.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

/** Widths that neither segments nor tiles divide; a level without markers. */
const uneven = { width: 500, restart: [21, 16, 0] } as const;
/** Segments as wide as a tile of 64 pixels. */
const stacked = { restart: [8, 8, 8] } as const;

const kinds: Record<string, { readonly spec: Partial<NdpiSpec>; readonly lengths: boolean }> = {
  'tiles cut from segments of every width': { spec: uneven, lengths: false },
  'tiles cut from wide segments, frames without a size': { spec: { sizeless: true }, lengths: false },
  'segments that are not listed': { spec: { listed: false }, lengths: false },
  'segments stacked as they are': { spec: stacked, lengths: true },
  'segments stacked as they are, frames without a size': { spec: { ...stacked, sizeless: true }, lengths: true },
  'the second of two scanned regions': { spec: { ...stacked, regions: [3, 7] }, lengths: true },
  'grey segments': { spec: { ...stacked, pixel: grey('uint8'), sampling: 'grey' }, lengths: true },
};

for (const [name, { spec, lengths }] of Object.entries(kinds)) {
  describeSlideSource(`NDPI: ${name}`, async (folder): Promise<KnownSlide> => {
    const path = folder.at('stack.ndpi');
    const stack = await writeNdpi(path, spec);
    const { width, height, pixel, regions } = { ...plainNdpi, ...spec };
    const region = regions.at(-1);
    return {
      input: path,
      options: { tileSize: 64, scene: region },
      info: {
        format: 'Hamamatsu NDPI',
        name: 'stack.ndpi',
        retiled: undefined,
        notes: [],
        planes: [-1.5, 0, 1.5].map((zUm, plane) => ({ plane, zUm })),
        micronsPerPixel: { x: 0.25, y: 0.25 },
        objective: { magnification: 40 },
        acquisitionDate: '2017-02-07T13:06:43',
        associatedImages: [{ kind: 'macro', width: 90, height: 40 }],
        scenes:
          region === undefined
            ? undefined
            : regions.map((index) => ({
                index: index as number,
                name: undefined,
                width,
                height,
                read: index === region,
              })),
      },
      levels: [0, 1, 2].map((level) => ({
        width: width >> level,
        height: height >> level,
        columns: Math.ceil((width >> level) / 64),
        rows: Math.ceil((height >> level) / 64),
      })),
      tile: { width: 64, height: 64 },
      planes: 3,
      picture: (plane, level) => decodedPicture(stack.stream(plane, level, region), pixel.channels),
      tolerance: 0,
      incomparable: lengths ? undefined : /cut from longer strips/,
    };
  });
}

describe('NDPI', () => {
  const folder = temporaryFolder();
  const server = listening(rangeServer());

  it('should always be flattened without decoding a tile to encode it, and verified', async () => {
    for (const [name, tileSize] of [
      ['cut', 64],
      ['stacked', 128],
    ] as const) {
      const path = folder.at(`${name}.ndpi`);
      await writeNdpi(path);
      const flat = folder.at(`${name}.ome.tif`);
      const { report, map } = await flattenSlide(path, flat, { tileSize, method: 'exhaustive' });
      expect(report.output?.tilesEncoded).toEqual({});
      expect(new Set(map.planes).size).toBe(3);
      expect((await verifySlide(path, flat)).verified).toBe(true);
    }
  });

  it('should always say which of several scanned regions was taken, and name them all', async () => {
    const path = folder.at('regions.ndpi');
    await writeNdpi(path, { regions: [3, 7] });
    const { info, close } = await openSlide(path);
    await close();
    expect(info.notes).toEqual([expect.stringMatching(/scene 3 taken, one of 2: --scene/)]);
    expect(await refusalOf(openSlide(path, { scene: 4 }))).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/scenes are 3, 7/),
    });
  });

  it('should always read the macro image', async () => {
    const path = folder.at('macro.ndpi');
    const { macro } = await writeNdpi(path);
    const source = await openSlide(path);
    const picture = await source.readAssociatedImage(source.info.associatedImages[0]);
    const { data } = await decodedPicture(macro, 3);
    expect(Buffer.compare(Buffer.from(picture.data), data as Uint8Array)).toBe(0);
    await source.close();
  });

  it('should always be read over HTTP, by the segments that tiles need', async () => {
    const stack = await ndpiStack({ width: 2048, height: 1024, levels: 1, restart: [32] });
    const url = server.put('remote.ndpi', stack.bytes);
    const source = await openSlide(url);
    const opened = source.transfer?.()?.bytes ?? 0;
    await source.readTile({ level: 0, plane: 1, row: 2, column: 3 });
    const { bytes = 0, fileBytes = 0 } = source.transfer?.() ?? {};
    // The rows of segments that the tile is cut from, in one request, of which its neighbours are cut too.
    expect(bytes - opened).toBeLessThan(fileBytes / 10);
    const { requests } = source.transfer?.() ?? {};
    for (const column of [0, 1, 6, 7]) await source.readTile({ level: 0, plane: 1, row: 2, column });
    expect(source.transfer?.()).toMatchObject({ bytes, requests });
    await source.close();
  });

  it('should always find what lies beyond 4 GB', async () => {
    const base = 2 ** 33 + 16;
    const near = await ndpiStack({ zNm: [0, 500], levels: 2, restart: [16, 8] });
    const { bytes } = await ndpiStack({ zNm: [0, 500], levels: 2, restart: [16, 8], base });
    const inner = recordedReader(bytes);
    const far: ByteReader = {
      ...inner,
      size: base + bytes.length,
      // The first 12 bytes, then a gap.
      read: (offset, length) =>
        offset + length <= 12 ? inner.read(offset, length) : inner.read(offset - base, length),
      distant: false,
    };
    expect(await isNdpi(far)).toBe(true);
    const options = { access: new ByteAccess(), tileSize: 64 };
    const [there, here] = [await openNdpi(far, options), await openNdpi(recordedReader(near.bytes), options)];
    expect(there.info).toEqual(here.info);
    for (const address of addresses(there)) {
      const [a, b] = [await there.readTile(address), await here.readTile(address)];
      expect(a && b && Buffer.compare(a.bytes, b.bytes)).toBe(0);
    }
  });

  it('should always say what it can not read: grey of more bits, other codecs, a tile size that no block fits', async () => {
    const path = folder.at('refused.ndpi');
    const refusals: readonly (readonly [number, number, RegExp])[] = [
      [65441, 12, /grey of more than 8 bits/],
      [259, 22610, /JPEG-XR/],
    ];
    for (const [tag, value, problem] of refusals) {
      const { bytes, directories } = await ndpiStack();
      const at = entryAt(bytes, directories[0].from, tag);
      bytes.writeUInt16LE(value, at + 8);
      await writeFile(path, bytes);
      expect(await refusalOf(openSlide(path))).toMatchObject({
        code: 'unsupported',
        place: { file: path, plane: 1, level: 0 },
        problem: expect.stringMatching(problem),
        hint: expect.any(String),
      });
    }
  });

  it('should always name the tile whose segments are not where the file says', async () => {
    const path = folder.at('shifted.ndpi');
    const { bytes, directories } = await ndpiStack();
    const entry = entryAt(bytes, directories[0].from, 65426);
    const list = bytes.readUInt32LE(entry + 8);
    // The second segment of the third row of MCUs; four segments lie in a row.
    bytes.writeUInt32LE(bytes.readUInt32LE(list + 4 * 9) + 3, list + 4 * 9);
    await writeFile(path, bytes);
    const source = await openSlide(path, { tileSize: 64 });
    // The file's first directory is the plane at 0 nm, the second from below.
    expect(await refusalOf(source.readTile({ level: 0, plane: 1, row: 0, column: 1 }))).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 1, row: 0, column: 1 },
      hint: expect.stringMatching(/copy/),
    });
    expect(await source.readTile({ level: 0, plane: 1, row: 1, column: 1 })).toBeDefined();
    await source.close();
  });

  it('should never take a plain TIFF for NDPI, nor an NDPI for a plane among others', async () => {
    const paths = [folder.at('z1.ndpi'), folder.at('z2.ndpi')];
    for (const path of paths) await writeNdpi(path, { zNm: [0], levels: 1 });
    expect(await refusalOf(openSlide(paths))).toMatchObject({
      code: 'unsupported',
      problem: expect.stringMatching(/NDPI/),
      hint: expect.stringMatching(/alone/),
    });
    for (const head of ['II*\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0', 'II*\0\xff\xff\xff\xff\xff\xff\xff\xff', 'II*\0'])
      expect(await isNdpi(recordedReader(Buffer.from(head, 'latin1')))).toBe(false);
  });

  it('should never be more than refused where its bytes are damaged', async () => {
    const { bytes, directories, streams } = await ndpiStack({
      width: 200,
      height: 100,
      zNm: [0, 500],
      levels: 2,
      restart: [5, 0],
    });
    const places = [
      fc.nat(11),
      ...directories.map(({ from, to }) => fc.integer({ min: from, max: to - 1 })),
      // Headers of streams, the lists between streams and directories.
      ...streams.map(({ from }) => fc.integer({ min: from, max: from + 700 })),
      ...directories.map(({ from }) => fc.integer({ min: Math.max(12, from - 600), max: from - 1 })),
    ];
    const change = fc.tuple(fc.oneof(...places), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff));
    const options = { access: new ByteAccess(), tileSize: 64 };
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const before = process.memoryUsage().arrayBuffers;
        try {
          const source = await openNdpi(recordedReader(damaged), options);
          for (const address of addresses(source).slice(0, 12)) {
            const tile = await source.readTile(address);
            if (tile) await decodeTile(tile);
          }
        } catch (error) {
          if (!isSlideError(error)) throw error;
        }
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
      }),
      { numRuns: 250 },
    );
  });

  it('should never be more than refused where its bytes are random', async () => {
    const options = { access: new ByteAccess() };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (random) => {
        const file = Buffer.concat([Buffer.from('II*\0\x0c\0\0\0\0\0\0\0', 'latin1'), random]);
        expect(await openNdpi(recordedReader(file), options).catch((error: unknown) => error)).toBeInstanceOf(
          SlideError,
        );
      }),
      { numRuns: 200 },
    );
  });

  itWithData(
    ['ndpi', 'dapi-387.ndpi'],
    'should always open the real file, pixel by pixel as other decoders do',
    async () => {
      const path = sharedData('ndpi', 'dapi-387.ndpi');
      const source = await openSlide(path);
      expect(source.info).toMatchObject({
        format: 'Hamamatsu NDPI',
        planes: [{ plane: 0, zUm: 0 }],
        objective: { magnification: 40 },
        acquisitionDate: '2017-02-07T13:06:43',
      });
      expect(source.info.levels.map(({ grid }) => [grid.width, grid.height])).toEqual([
        [3968, 4864],
        [1984, 2432],
        [992, 1216],
        [496, 608],
      ]);
      const file = await readFile(path);
      const directories = await readNdpi(recordedReader(file));
      const { stripOffset, stripBytes } = directories[2];
      const whole = await decodedPicture(file.subarray(stripOffset, stripOffset + stripBytes), 3);
      const { grid } = source.info.levels[2];
      for (const [row, column] of [
        [0, 0],
        [2, 1],
        [4, 3],
      ]) {
        const tile = await source.readTile({ level: 2, plane: 0, row, column });
        const decoded = await decodeTile(tile as NonNullable<typeof tile>);
        const width = Math.min(256, grid.width - 256 * column);
        for (let y = 0; y < Math.min(256, grid.height - 256 * row); y++) {
          const there = ((256 * row + y) * grid.width + 256 * column) * 3;
          const same = Buffer.compare(
            Buffer.from(decoded.data.subarray(y * 768, y * 768 + 3 * width)),
            Buffer.from(whole.data.subarray(there, there + 3 * width)),
          );
          expect(same).toBe(0);
        }
      }
      await source.close();
    },
  );
});

/** Where an entry of a directory is. */
function entryAt(bytes: Buffer, directory: number, tag: number): number {
  const count = bytes.readUInt16LE(directory);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    if (bytes.readUInt16LE(at) === tag) return at;
  }
  throw new RangeError(`there is no entry ${tag}`);
}
