import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { givenSlides } from '../../src/slide-source/group-inputs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at, scratch } = temporaryFolder();
const small = { width: 128, height: 64, planes: 3 };
const pictures = (name: string) => writePlanes(at(name), small, (plane) => `z${plane}.png`, saveWithSharp);

describe('givenSlides', () => {
  it('should always take one argument as it is', async () => {
    expect(await givenSlides(['anything at all'])).toEqual(['anything at all']);
  });

  it('should always take files and folders that are z-stacks by themselves as slides of their own', async () => {
    const [a, b] = [await writeStack(at('a'), small), await writeStack(at('b'), { ...small, seed: 2 })];
    const { folder } = await pictures('c');
    expect(await givenSlides([a.path, folder, b.path])).toEqual([a.path, folder, b.path]);
  });

  it('should always take planes as one slide', async () => {
    const { files } = await pictures('planes');
    expect(await givenSlides(files)).toEqual([files]);
    const singles = await Promise.all([1, 2].map((seed) => writeStack(at(`${seed}`), { ...small, planes: 1, seed })));
    const paths = singles.map(({ path }) => path);
    expect(await givenSlides(paths)).toEqual([paths]);
  });

  it.each(['a-plane-each', 'companion'] as const)(
    'should always take a set of files (%s) as one slide',
    async (files) => {
      const set = await writeStack(at(files), { ...small, files });
      expect(await givenSlides(set.files)).toEqual([set.files]);
      const other = await writeStack(at(`${files}-other`), small);
      expect(await givenSlides([other.path, ...set.files])).toEqual([other.path, set.files]);
    },
  );

  it('should always take a folder or a pattern of z-stacks for all of them', async () => {
    const names = ['first', 'second', 'third'];
    for (const [i, name] of names.entries()) await writeStack(at('batch'), { ...small, name, seed: i });
    const files = names.map((name) => at('batch', `${name}.ome.tif`));
    await writeFile(at('batch', 'notes.txt'), 'no slide');
    expect(await givenSlides([at('batch')])).toEqual(files);
    expect(await givenSlides([at('batch', '*.ome.tif')])).toEqual(files);
    const { folder } = await pictures('beside');
    expect(await givenSlides([folder, at('batch', '*.tif')])).toEqual([folder, ...files]);
    // Numbered, their names are those of planes.
    for (const seed of [1, 2]) await writeStack(at('numbered'), { ...small, name: `z${seed}`, seed });
    expect(await givenSlides([at('numbered')])).toEqual([1, 2].map((n) => at('numbered', `z${n}.ome.tif`)));
  });

  it('should always take a folder or a pattern of planes for one slide', async () => {
    const { folder } = await pictures('one');
    for (const given of [folder, `${folder}/z*.png`]) expect(await givenSlides([given])).toEqual([given]);
  });

  it('should never guess what a z-stack and a plane are together', async () => {
    const { path } = await writeStack(at('stack'), small);
    const { files } = await pictures('mixed');
    await expect(givenSlides([path, files[0]])).rejects.toMatchObject({ code: 'usage', place: { file: files[0] } });
  });

  it('should never leave out what can not be opened: whoever opens it learns why', async () => {
    const { path } = await writeStack(at('sound'), small);
    const missing = at('missing.ome.tiff');
    expect(await givenSlides([path, missing])).toEqual([path, missing]);
  });

  it('should never leave scratch files behind', () => {
    expect(scratch()).toEqual([]);
  });
});
