// What must be true of a flattened slide, as zflat and as other programs see it; run for every format and every kind of source.
import { beforeAll, describe, expect, it } from 'vitest';
import { greatestDifference, meanDifference } from '../../experiments/harness/fixtures/pictures.js';
import { verifySlide } from '../../src/api/verify-slide.js';
import { type FlattenResult, flattenSlide } from '../../src/flatten-slide.js';
import type { OutputFormat } from '../../src/options/writing.js';
import { findLevel } from '../../src/slide/pyramid.js';
import type { Raster } from '../../src/slide/raster.js';
import type { OpenOptions } from '../../src/slide-source/open-options.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { flattenedPicture } from '../fixtures/flattened-picture.js';
import { readWithGeotiff, readWithSharp, sizeByGeotiff, sizeBySharp } from '../fixtures/other-decoders.js';
import { type TemporaryFolder, temporaryFolder } from '../fixtures/temporary-folder.js';

export type Tolerance = { readonly greatest: number; readonly mean: number };
type Compression = 'JPEG' | 'AdobeDeflate' | 'None' | 'LZW';

/** JPEG as other decoders see it, which take another DCT (see codecs/jpeg.test.ts) or no care of chroma. */
const byOtherDecoders: Tolerance = { greatest: 14, mean: 3 };

/** A slide to flatten, and what must come of it. */
export type Flattenable = {
  readonly input: string | readonly string[];
  readonly options?: OpenOptions;
  readonly planes: number;
  /** Side of the tiles. */
  readonly tile: number;
  /** The picture of a plane at each level that the source has. */
  readonly levels: readonly ((plane: number) => Raster)[];
  /** The sharp plane of each tile that is not mixed, by construction. */
  readonly truth: (row: number, column: number) => number | undefined;
  /** What pixels of a level may differ by: nothing, unless JPEG is encoded once more. */
  readonly tolerance: (level: number) => Tolerance;
  /** Tag Compression of the result, of level 0 and of the levels with tiles that were encoded. */
  readonly compression: Compression;
  readonly coarserCompression?: Compression;
  /** Whether tiles of several planes are put together from compressed blocks. */
  readonly quilted?: boolean;
  /** Why tiles were encoded, all reasons; none where all are copied. */
  readonly encoded: readonly string[];
};

/** A slide flattened before the tests of a describe; to be called once, at its top. */
export function flattenedSlide(format: OutputFormat, make: (folder: TemporaryFolder) => Promise<Flattenable>) {
  const folder = temporaryFolder();
  let slide: Flattenable;
  let result: FlattenResult;
  let path = '';
  /** What each level of the result must show. */
  let expected: Raster[] = [];
  const pyramid = format === 'ome-tiff';

  beforeAll(async () => {
    slide = await make(folder);
    path = folder.at('flat.tif');
    result = await flattenSlide(slide.input, path, { ...slide.options, method: 'exhaustive', format });
    expected = flattenedPicture(slide.levels, slide.tile, result.map, slide.quilted ?? false).slice(
      0,
      pyramid ? undefined : 1,
    );
  });

  const expectPicture = (found: Raster, level: number, more: Tolerance = { greatest: 0, mean: 0 }) => {
    expect([found.width, found.height]).toEqual([expected[level].width, expected[level].height]);
    const { greatest, mean } = slide.tolerance(level);
    const allowed = slide.compression === 'JPEG' ? more : { greatest: 0, mean: 0 };
    expect(greatestDifference(found, expected[level])).toBeLessThanOrEqual(greatest + allowed.greatest);
    expect(meanDifference(found.data, expected[level].data)).toBeLessThanOrEqual(mean + allowed.mean);
  };
  /** Each level both ways: in the main chain, and in SubIFDs of the first directory. */
  const pages = () =>
    expected.flatMap((_, level) => [
      { level, page: { path, page: level } },
      ...(level > 0 ? [{ level, page: { path, page: 0, subDirectory: level - 1 } }] : []),
    ]);
  return { folder, pyramid, flattened: () => ({ slide, result, path, expected }), expectPicture, pages };
}

export function describeFlattened(
  name: string,
  formats: readonly OutputFormat[],
  make: (folder: TemporaryFolder) => Promise<Flattenable>,
): void {
  describe.each(formats)(`${name}, flattened as %s`, (format) => {
    const { pyramid, flattened, expectPicture, pages } = flattenedSlide(format, make);

    it('should always come from the planes that are sharp', () => {
      const { slide, result } = flattened();
      const { planes, columns } = result.map;
      for (const [tile, plane] of planes.entries()) {
        const truth = slide.truth(Math.floor(tile / columns), tile % columns);
        if (truth !== undefined) expect(plane).toBe(truth);
      }
    });

    it('should always open in zflat with the right levels and pixels', async () => {
      const { slide, path, expected } = flattened();
      const source = await openSlide(path);
      try {
        const { levels, planes, retiled } = source.info;
        expect([levels.length, planes.length, retiled]).toEqual([expected.length, 1, undefined]);
        for (const [level, picture] of expected.entries()) {
          const grid = findLevel(levels, level)?.grid;
          expect(grid).toMatchObject({ width: picture.width, height: picture.height, tileWidth: slide.tile });
        }
      } finally {
        await source.close();
      }
    });

    if (pyramid) {
      it('should always be verified against its source', async () => {
        const { slide, result, path } = flattened();
        const report = await verifySlide(slide.input, path, slide.options);
        expect(report).toMatchObject({ verified: true, failures: 0, problems: [] });
        const { tilesCopied, tilesQuilted, tilesEncoded } = result.report.output ?? {};
        expect(report).toMatchObject({ tilesCopied, tilesQuilted, tilesEncoded });
      });
    }

    it('should always say what was copied, what was quilted, and what was encoded and why', () => {
      const { slide, result, expected } = flattened();
      const { tilesCopied = 0, tilesQuilted = 0, tilesUnmixed = {}, tilesEncoded = {} } = result.report.output ?? {};
      const tiles = expected.reduce(
        (sum, { width, height }) => sum + Math.ceil(width / slide.tile) * Math.ceil(height / slide.tile),
        0,
      );
      const encoded = Object.values(tilesEncoded).reduce((sum, count) => sum + count, 0);
      expect([tilesCopied + tilesQuilted + encoded, tilesUnmixed]).toEqual([tiles, {}]);
      expect(tilesQuilted > 0).toBe(pyramid && slide.quilted === true);
      // A single level has no mixed tiles and no missing levels.
      const reasons = pyramid ? slide.encoded : slide.encoded.filter((reason) => !/mixed|missing/.test(reason));
      expect(Object.keys(tilesEncoded).sort()).toEqual([...reasons].sort());
    });

    it('should always open in sharp with the right levels, and pixels where it knows the samples', async () => {
      for (const { level, page } of pages()) {
        const { expected } = flattened();
        const { width, height } = expected[level];
        expect(await sizeBySharp(page)).toEqual({ width, height });
        if (!expected[0].sample.startsWith('int')) expectPicture(await readWithSharp(page), level);
      }
    });

    it('should always open in geotiff with the right levels, and pixels where it knows the codec', async () => {
      for (const { level, page } of pages()) {
        const { slide, expected } = flattened();
        const { width, height } = expected[level];
        expect(await sizeByGeotiff(page)).toEqual({ width, height });
        if (slide.compression !== 'JPEG') expectPicture(await readWithGeotiff(page, expected[level]), level);
      }
    });

    it('should always show a thumbnail of the result', () => {
      const { result, expected } = flattened();
      const { thumbnail } = result;
      expect([thumbnail?.width, thumbnail?.height]).toEqual([expected[0].width, expected[0].height]);
      expectPicture(thumbnail as Raster, 0, byOtherDecoders);
    });
  });
}
