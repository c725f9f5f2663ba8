// What zflat writes, as programs of other people read it: libvips, libtiff, OpenSlide, tifffile.
import { describe, expect } from 'vitest';
import { run } from '../../../experiments/harness/fixtures/programs.js';
import type { OutputFormat } from '../../../src/options/writing.js';
import { forEachFlattenable } from '../../contracts/flattenable-stacks.js';
import { type Flattenable, flattenedSlide, type Tolerance } from '../../contracts/flattened-slide.js';
import {
  openSlideProperties,
  readWithOpenSlide,
  readWithTifffile,
  readWithVips,
  tifffileRaster,
} from '../../fixtures/other-decoders.js';
import type { TemporaryFolder } from '../../fixtures/temporary-folder.js';
import { itWith } from '../../fixtures/with-programs.js';

/** JPEG as OpenSlide decodes it, which takes another DCT and no care of chroma. */
const byOpenSlide: Tolerance = { greatest: 60, mean: 4 };

forEachFlattenable(
  (name: string, formats: readonly OutputFormat[], make: (folder: TemporaryFolder) => Promise<Flattenable>) => {
    describe.each(formats)(`${name}, flattened as %s`, (format) => {
      const { folder, flattened, expectPicture, pages } = flattenedSlide(format, make);

      itWith(['vips'], 'should always open in libvips by page and by SubIFD', async () => {
        const { expected } = flattened();
        for (const { level, page } of pages()) {
          expectPicture(await readWithVips(page, expected[level], folder.at('vips.raw')), level);
        }
      });

      itWith(['tiffinfo'], 'should always open in tiffinfo without a warning', async () => {
        const { slide, path, expected } = flattened();
        const printed = await tiffinfo(path);
        expect(printed.warnings).toBe('');
        const sizes = expected.map(({ width, height }) => `Image Width: ${width} Image Length: ${height}`);
        // Each level, then the label and the like.
        expect(
          printed.directories
            .slice(0, sizes.length)
            .map((text) => /Image Width: \d+ Image Length: \d+/.exec(text)?.[0]),
        ).toEqual(sizes);
        for (const [level, text] of printed.directories.slice(0, sizes.length).entries()) {
          const schemes = level === 0 ? [slide.compression] : [slide.compression, slide.coarserCompression];
          expect(schemes).toContain(/Compression Scheme: (\w+)/.exec(text)?.[1]);
          if (level > 0) expect(text).toContain('reduced-resolution image');
          if (text.includes('YCbCr'))
            expect(text.replace(/\s+/g, ' ')).toContain('Reference Black/White: 0: 0 255 1: 128 255 2: 128 255');
        }
      });

      itWith(
        ['openslide-show-properties', 'openslide-write-png'],
        'should always open in OpenSlide with the right levels, and pixels where they are colour',
        async () => {
          const { slide, path, expected } = flattened();
          const properties = await openSlideProperties(path);
          expect(properties.get('openslide.level-count')).toBe(String(expected.length));
          for (const level of expected.keys()) {
            // OpenSlide 3.4.1 shows a level less high than a tile further down than it is, also where libvips wrote it.
            if (expected[level].height < slide.tile) continue;
            // It shows colour of 8 bits.
            if (expected[level].channels !== 3) continue;
            expectPicture(await readWithOpenSlide(path, level, folder.at('openslide.png')), level, byOpenSlide);
          }
        },
      );

      itWith(
        ['tifffile'],
        'should always open in tifffile with the right levels, and pixels where it knows the codec',
        async () => {
          const { slide, path, expected } = flattened();
          const [[{ levels }]] = await readWithTifffile([path]);
          expect(levels.map(({ shape }) => shape.slice(0, 2))).toEqual(
            expected.map(({ width, height }) => [height, width]),
          );
          for (const [level, found] of levels.entries()) {
            const picture = tifffileRaster(found, expected[level]);
            if (picture) expectPicture(picture, level);
          }
          if (['AdobeDeflate', 'None'].includes(slide.compression)) expect(levels[0].pixels).not.toBeNull();
        },
      );
    });
  },
);

async function tiffinfo(path: string): Promise<{ directories: string[]; warnings: string }> {
  // Warnings go to the other stream, which `run` leaves out.
  const printed = await run('sh', '-c', 'tiffinfo "$0" 2>&1', path);
  const warnings = printed.split('\n').filter((line) => /warning|error/i.test(line) && !/ImageDescription/.test(line));
  return { directories: printed.split(/=== TIFF directory \d+ ===\n/).slice(1), warnings: warnings.join('\n') };
}
