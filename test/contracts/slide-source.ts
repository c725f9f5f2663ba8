// What every SlideSource must do, run by each format and each way of storing a slide in it.
import jpegTurbo from '@julusian/jpeg-turbo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, greatestDifference, meanDifference } from '../../experiments/harness/fixtures/pictures.js';
import { decodeTile, decodeTileLuma } from '../../src/codecs/codec.js';
import { jpegStream } from '../../src/codecs/jpeg-stream.js';
import { isSlideError } from '../../src/errors.js';
import { spliceTables } from '../../src/jpeg/tables.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import { lumaOf, type Raster } from '../../src/slide/raster.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import type { TileAddress } from '../../src/slide/tile-address.js';
import { TileRun } from '../../src/slide/tile-run.js';
import type { OpenOptions } from '../../src/slide-source/open-options.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { openFiles } from '../fixtures/left-behind.js';
import { type TemporaryFolder, temporaryFolder } from '../fixtures/temporary-folder.js';

/** A slide that was written, and what is known of it. */
export type KnownSlide = {
  readonly input: string | readonly string[];
  readonly options?: OpenOptions;
  /** What must be said of it; the rest is left open. */
  readonly info: Partial<SlideInfo>;
  readonly levels: readonly {
    readonly width: number;
    readonly height: number;
    readonly columns: number;
    readonly rows: number;
  }[];
  readonly tile: { readonly width: number; readonly height: number };
  readonly planes: number;
  /** The whole picture of a plane at a level. */
  readonly picture: (plane: number, level: number) => Raster | Promise<Raster>;
  /** Greatest difference of a sample: 0 unless the codec loses something and the picture was decoded by another decoder. */
  readonly tolerance: number;
  /** The bytes of a tile, where the file holds it as such; undefined where the slide lacks it. */
  readonly stored?: (address: TileAddress) => Uint8Array | undefined;
  /** Why lengths of different planes can't be compared; undefined where they can. */
  readonly incomparable: RegExp | undefined;
  /** The format says what is to be seen in gaps: tiles that there are not can be read all the same. */
  readonly filled?: boolean;
};

/** The contract; `make` writes the slide into a folder. */
export function describeSlideSource(name: string, make: (folder: TemporaryFolder) => Promise<KnownSlide>): void {
  describe(name, () => {
    const folder = temporaryFolder();
    let made: Promise<KnownSlide> | undefined;
    const known = () => {
      made ??= make(folder);
      return made;
    };
    const withSource = async (use: (source: SlideSource, slide: KnownSlide) => Promise<void>) => {
      const slide = await known();
      const source = await openSlide(slide.input, slide.options);
      try {
        await use(source, slide);
      } finally {
        await source.close();
      }
    };

    it('should always say what the slide is', () =>
      withSource(async ({ info, fileOf }, slide) => {
        expect(info).toMatchObject(slide.info);
        expect(info.planes.map(({ plane }) => plane)).toEqual(Array.from({ length: slide.planes }, (_, i) => i));
        const grids = info.levels.map(({ grid: { width, height, columns, rows } }) => ({
          width,
          height,
          columns,
          rows,
        }));
        expect(grids).toEqual(slide.levels);
        for (const { grid } of info.levels)
          expect([grid.tileWidth, grid.tileHeight]).toEqual([slide.tile.width, slide.tile.height]);
        for (const { plane } of info.planes) expect(info.files).toContain(fileOf(plane));
      }));

    it('should always decode every tile to the pixels that went in', () =>
      withSource(async (source, slide) => {
        for (const address of addresses(source)) {
          const tile = await source.readTile(address);
          const stored = slide.stored?.(address);
          if (slide.stored)
            expect(tile && Buffer.compare(tile.bytes, stored ?? Buffer.alloc(0))).toBe(stored ? 0 : undefined);
          if (!tile) continue;
          expect(tile.encoding).toEqual(source.tileEncoding(address.level, address.plane));
          const decoded = await decodeTile(tile);
          expect([decoded.width, decoded.height]).toEqual([slide.tile.width, slide.tile.height]);
          const picture = await slide.picture(address.plane, address.level);
          const x = address.column * slide.tile.width;
          const y = address.row * slide.tile.height;
          const shown = {
            width: Math.min(slide.tile.width, picture.width - x),
            height: Math.min(slide.tile.height, picture.height - y),
          };
          expect(greatestDifference(cut(decoded, 0, 0, shown), cut(picture, x, y, shown))).toBeLessThanOrEqual(
            slide.tolerance,
          );
        }
      }));

    it('should always find the luminance that the pixels have', () =>
      withSource(async (source, slide) => {
        const address = { level: 0, plane: slide.planes - 1, row: 0, column: 0 };
        const tile = await source.readTile(address);
        if (!tile) return;
        const luma = await decodeTileLuma(tile);
        const fromPixels = lumaOf(await decodeTile(tile));
        expect([luma.width, luma.height]).toEqual([fromPixels.width, fromPixels.height]);
        const mean = meanDifference(luma.data, fromPixels.data);
        if (tile.encoding.codec !== 'jpeg') return expect(mean).toBe(0);
        // JPEG's luma is stored apart; on the way through RGB, colours that a screen can't show are clipped.
        const byFastTransform = lumaOf(fastPixels(tile));
        expect(meanDifference(luma.data, byFastTransform.data)).toBeLessThan(0.25);
        // What is seen is decoded exactly, a value or so beside it.
        expect(mean).toBeLessThan(1.5);
      }));

    it('should always know which tiles there are and how long they are', () =>
      withSource(async (source, slide) => {
        for (const { level, grid } of source.info.levels) {
          const lengths = await source.tileLengths(level);
          expect(lengths.comparable ? undefined : lengths.reason).toEqual(
            slide.incomparable ? expect.stringMatching(slide.incomparable) : undefined,
          );
          const tiles = addresses(source).filter((address) => address.level === level);
          if (lengths.comparable) expect(lengths.bytes).toHaveLength(slide.planes * grid.columns * grid.rows);
          for (const [index, address] of tiles.entries()) {
            const tile = await source.readTile(address);
            if (!slide.filled) expect(source.hasTile(address)).toBe(tile !== undefined);
            else expect(tile).toBeTruthy();
            if (lengths.comparable) expect(lengths.bytes[index]).toBe(tile?.bytes.length ?? 0);
          }
        }
      }));

    it('should always find the same bytes in its files, in any order, where it says that they lie there', () =>
      withSource(async (source) => {
        if (!source.findTile) return;
        const mixed = (a: TileAddress) => (a.row * 7 + a.column * 5 + a.plane * 3 + a.level) % 11;
        for (const all of [addresses(source), addresses(source).sort((a, b) => mixed(a) - mixed(b))]) {
          const run = new TileRun();
          const alone: Uint8Array[] = [];
          for (const address of all) {
            const piece = source.findTile(address);
            const tile = await source.readTile(address);
            expect(piece?.length).toBe(tile?.bytes.length);
            if (piece) run.add(piece);
            if (tile) alone.push(tile.bytes);
          }
          const together = Buffer.alloc(run.bytes);
          await run.readInto(together);
          expect(together.equals(Buffer.concat(alone))).toBe(true);
        }
      }));

    it('should always give the same tiles when reads overlap, in any order', () =>
      withSource(async (source) => {
        const all = addresses(source);
        const alone: (Uint8Array | undefined)[] = [];
        for (const address of all) alone.push((await source.readTile(address))?.bytes);
        const order = fc.sample(
          fc.shuffledSubarray(
            all.map((_, i) => i),
            { minLength: all.length },
          ),
          { numRuns: 1, seed: 7 },
        )[0];
        const together = await Promise.all(
          order.map(async (index) => ({ index, tile: await source.readTile(all[index]) })),
        );
        for (const { index, tile } of together)
          expect(tile && Buffer.compare(tile.bytes, alone[index] ?? Buffer.alloc(0))).toBe(alone[index] && 0);
      }));

    it('should never read once it is told to stop', () =>
      withSource(async (source) => {
        const address = addresses(source).find((each) => source.hasTile(each)) as TileAddress;
        const stopped = await source.readTile(address, AbortSignal.abort()).catch((error: unknown) => error);
        expect(isSlideError(stopped, 'aborted')).toBe(true);
      }));

    it('should never leave a file open or behind', async () => {
      const slide = await known();
      const source = await openSlide(slide.input, slide.options);
      await source.readTile({ level: 0, plane: 0, row: 0, column: 0 });
      const { files } = source.info;
      await source.close();
      expect(openFiles().filter((path) => files.includes(path) || path.startsWith(folder.at('scratch')))).toEqual([]);
      expect(folder.scratch()).toEqual([]);
    });
  });
}

/** Every tile: level, plane, row, column, the last fastest. */
export function addresses({ info }: SlideSource): TileAddress[] {
  const all: TileAddress[] = [];
  for (const { level, grid } of info.levels) {
    for (const { plane } of info.planes) {
      for (let row = 0; row < grid.rows; row++) {
        for (let column = 0; column < grid.columns; column++) all.push({ level, plane, row, column });
      }
    }
  }
  return all;
}

/** The pixels of a JPEG tile by the inverse transform that luminance is measured by. */
function fastPixels(tile: EncodedTile): Raster {
  const { channels, jpegTables } = tile.encoding;
  const format = channels === 1 ? jpegTurbo.FORMAT_GRAY : jpegTurbo.FORMAT_RGB;
  const stream = Buffer.from(spliceTables(jpegTables, jpegStream(tile)));
  const { width, height, data } = jpegTurbo.decompressSync(stream, { format });
  return { width, height, channels, sample: 'uint8', data };
}
