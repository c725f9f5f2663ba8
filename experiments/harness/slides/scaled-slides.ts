// Slides of growing size, planes and tissue: a small synthetic one repeated, so that they are made in seconds.
import { join } from 'node:path';
import type { SynthesizeOptions } from '../../../src/api/synthesize-slide.js';
import type { TerrainName } from '../../../src/synth/terrains/terrain-registry.js';
import { cachedFile } from '../record/cached.js';
import { repeatSlide } from './repeat-slide.js';
import { slideFile, synthetic } from './slides.js';
import { truthOf } from './truth-of.js';

/** Pixels a side of the slide that is repeated. */
const smallSide = 2048;

export type ScaledSlide = {
  readonly side: number;
  readonly planes: number;
  readonly terrain: TerrainName;
  /** Clumps per area, in multiples of what is usual. */
  readonly clumps: number;
};

/** The file of a slide, and the share of it that shows specimen. */
export async function scaledSlide({
  side,
  planes,
  terrain,
  clumps,
}: ScaledSlide): Promise<{ file: string; tissue: number }> {
  const recipe: SynthesizeOptions = {
    width: smallSide,
    height: smallSide,
    planeCount: planes,
    terrain,
    clumpDensity: clumps,
    seed: 81,
  };
  const name = `${terrain}-${smallSide}-${planes}-planes-${clumps}-clumps`;
  const slide = synthetic(name, '4k', recipe);
  const small = (await slideFile(slide, 'scaling')) as string;
  const truth = await truthOf(slide);
  const tissue = truth ? truth.tissue.reduce((sum, share) => sum + share, 0) / truth.tissue.length : Number.NaN;
  const times = side / smallSide;
  if (times === 1) return { file: small, tissue };
  const file = await cachedFile(join('scaling', `${name}-x${times}.ome.tiff`), (partial) =>
    repeatSlide(small, times, partial),
  );
  return { file, tissue };
}
