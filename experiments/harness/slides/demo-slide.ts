// The slide of the demo: a smear of clumps on seven planes.
import { synthesizeSlide } from '../../../src/api/synthesize-slide.js';
import { cachedFile } from '../record/cached.js';
import type { NamedSlide } from '../record/two-builds.js';

/** As `npm run demo` makes it. */
export async function demoSlide(): Promise<NamedSlide> {
  const recipe = { terrain: 'gravel', planeCount: 7, width: 4096, height: 3072, clumpDensity: 2.5, seed: 7 } as const;
  const input = await cachedFile('slides/demo-smear.ome.tiff', (path) => synthesizeSlide(path, recipe));
  return { name: 'the slide of the demo', input, words: [] };
}
