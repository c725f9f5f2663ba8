import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { planeOf, writePlaneTiff } from '../fixtures/plane-tiff.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at, folder, scratch } = temporaryFolder();
const small = { width: 128, height: 64, planes: 3 };

const refusalOf = (input: string | readonly string[], options = {}) =>
  openSlide(input, options).then(
    async (source) => source.close(),
    (error: unknown) => error,
  );

describe('a file that is a z-stack by itself', () => {
  it('should never be a plane of another: lists, folders and patterns of stacks are refused, and the stacks named', async () => {
    for (const seed of [1, 2]) await writeStack(at('stacks'), { ...small, name: `case${seed}`, seed });
    const files = [1, 2].map((seed) => at('stacks', `case${seed}.ome.tif`));
    for (const input of [files, at('stacks'), at('stacks', '*.tif')]) {
      expect(await refusalOf(input)).toMatchObject({
        code: 'usage',
        message: expect.stringMatching(/2 of 2 files.*case1\.ome\.tif \(3 planes\), case2\.ome\.tif \(3 planes\)/),
      });
    }
  });

  it('should never be hidden by its name: folders of stacks are refused as such, whatever these are called', async () => {
    for (const [seed, name] of ['smear', 'biopsy'].entries()) await writeStack(at('named'), { ...small, name, seed });
    expect(await refusalOf(at('named'))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/2 of 2 files.*biopsy\.ome\.tif.*smear\.ome\.tif/),
    });
  });

  it('should never be left for the picture that lies beside it', async () => {
    const { folder: at1 } = await writePlanes(
      at('beside'),
      { ...small, planes: 1 },
      () => 'preview.png',
      saveWithSharp,
    );
    await writeFile(`${at1}/scan.ndpi`, 'a slide');
    expect(await refusalOf(at1)).toMatchObject({ code: 'usage', problem: expect.stringMatching(/scan\.ndpi/) });
  });

  it('should never be a plane beside planes, in either order', async () => {
    const { path } = await writeStack(at('stack'), small);
    const { files } = await writePlanes(at('planes'), small, (z) => `z${z}.png`, saveWithSharp);
    for (const input of [
      [path, files[0]],
      [files[0], path],
    ]) {
      expect(await refusalOf(input)).toMatchObject({
        code: 'usage',
        place: { file: path },
        problem: expect.stringMatching(/1 of 2 files/),
      });
    }
  });

  it('should never be told by its metadata alone: pages of one size are a stack too', async () => {
    const pages = [0, 1].map((seed) => planeOf(seed));
    const files = await Promise.all([0, 1].map((z) => writePlaneTiff(at('pages', `z${z}.tif`), pages, ['scan'])));
    expect(await refusalOf(files)).toMatchObject({
      code: 'usage',
      place: { file: files[0] },
      problem: expect.stringMatching(/2 images of one size/),
    });
  });

  it('should always be told of by the files of two sets', async () => {
    const sets = await Promise.all(
      [1, 2].map((seed) => writeStack(at(`set${seed}`), { ...small, name: `set${seed}`, seed, files: 'a-plane-each' })),
    );
    expect(await refusalOf(sets.flatMap(({ files }) => files))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/6 of 6/),
    });
  });
});

describe('folders', () => {
  it('should never have planes that are hidden', async () => {
    const { folder: planes } = await writePlanes(at('hidden'), small, (z) => `p${z}.png`, saveWithSharp);
    for (const name of ['._p0.png', '._p1.png', '.p9.png']) await writeFile(`${planes}/${name}`, 'Mac OS X');
    for (const input of [planes, `${planes}/*.png`]) {
      const source = await openSlide(input);
      await source.close();
      expect(source.info).toMatchObject({ planes: { length: 3 }, notes: ['planes p0.png … p2.png (3)'] });
    }
  });

  it('should never hold several sets with a companion each', async () => {
    for (const seed of [1, 2])
      await writeStack(at('companions'), { ...small, name: `s${seed}`, seed, files: 'companion' });
    expect(await refusalOf(at('companions'))).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/s1\.companion\.ome, s2\.companion\.ome/),
    });
  });

  it('should never be planes', async () => {
    const one = folder('one');
    expect(await refusalOf([one, folder('two')])).toMatchObject({
      code: 'usage',
      place: { file: one },
      problem: expect.stringMatching(/is a folder/),
    });
  });

  it('should never pass over timepoints that were asked for as planes', async () => {
    const { files } = await writePlanes(at('single'), { ...small, planes: 1 }, () => 'a.png', saveWithSharp);
    expect(await refusalOf('pma://localhost/a', { timepointAsZ: true })).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/--timepoint-as-z/),
    });
    expect(await refusalOf(files[0], { timepointAsZ: true })).toBeUndefined();
  });

  it('should never leave scratch files behind', () => {
    expect(scratch()).toEqual([]);
  });
});
