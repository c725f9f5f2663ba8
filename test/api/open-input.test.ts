// A slide is given by its files, or as a source that is open already: which is read, and left open.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainStack, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import {
  compareMethods,
  flattenSlide,
  mapSlide,
  openSlide,
  previewFlatten,
  type SlideSource,
  tuneSlides,
  verifySlide,
} from '../../src/index.js';
import { openFiles } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
let path = '';
beforeAll(async () => {
  path = (await writeStack(folder.folder('in'), plainStack)).path;
});

/** The source of the slide, with a count of how often it is closed. */
async function opened(): Promise<{ readonly source: SlideSource; readonly closed: () => number }> {
  const own = await openSlide(path);
  let closed = 0;
  const close = async () => {
    closed++;
    await own.close();
  };
  return { source: { ...own, close }, closed: () => closed };
}

describe('a source that is open already', () => {
  it('should always be flattened to the same bytes as its file, and left open', async () => {
    const { source, closed } = await opened();
    await flattenSlide(path, folder.at('by-path.ome.tiff'));
    await flattenSlide(source, folder.at('by-source.ome.tiff'));
    const [a, b] = ['by-path.ome.tiff', 'by-source.ome.tiff'].map((name) => readFileSync(folder.at(name)));
    expect(a.equals(b)).toBe(true);
    expect(closed()).toBe(0);
    await source.close();
  });

  it('should always be taken by every verb, and stay open', async () => {
    const { source, closed } = await opened();
    const byPath = await mapSlide(path);
    const { map } = await mapSlide(source);
    expect(map.planes).toEqual(byPath.map.planes);
    expect((await compareMethods(source)).report.slide.name).toBe('smear');
    expect((await previewFlatten(source, folder.at('none.ome.tiff'))).slide.planes).toBe(4);
    const flat = folder.at('verified.ome.tiff');
    await flattenSlide(source, flat);
    const result = await openSlide(flat);
    expect((await verifySlide(source, result)).verified).toBe(true);
    await result.close();
    const { preset } = await tuneSlides([source], { seeds: 1, cache: folder.folder('cache') });
    expect(preset.evidence.slides.length).toBeGreaterThan(0);
    expect(closed()).toBe(0);
    await source.close();
    expect(openFiles().filter((file) => file.includes(folder.at('in')))).toEqual([]);
  });

  it('should never be written over, nor opened in another way than it is', async () => {
    const { source } = await opened();
    await expect(flattenSlide(source, path, { force: true })).rejects.toThrow('is the slide itself');
    await expect(mapSlide(source, { timepoint: 1 })).rejects.toThrow('timepoint: the slide is open already');
    await source.close();
  });
});
