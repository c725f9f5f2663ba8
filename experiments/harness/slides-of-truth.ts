// Slides whose truth is known: those of the other experiments that have a recipe, and more with other noise.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SlideTruth } from '../../src/synth/synth-slide.js';
import { cached } from './cached.js';
import { type MeasuredSlide, measureSlide } from './measure-slide.js';
import { type ExperimentSlide, sharedData, slideFile, slides, synthetic } from './slides.js';
import { errorsOf, truthFromJson, truthOf } from './truth-of.js';

const withOtherNoise: readonly ExperimentSlide[] = [
  synthetic('gravel-noise-0', '4k', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, noise: 0, seed: 51 }),
  synthetic('gravel-noise-3', '4k', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, noise: 3, seed: 51 }),
  synthetic('gravel-noise-6', '4k', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, noise: 6, seed: 51 }),
  synthetic('tilt-noise-3', '4k', { terrain: 'tilt', planeCount: 7, noise: 3, seed: 52 }),
  synthetic('tilt-noise-6', '4k', { terrain: 'tilt', planeCount: 7, noise: 6, seed: 52 }),
];

export type KnownSlide = {
  readonly name: string;
  /** Terrain, and what was unusual about it. */
  readonly terrain: string;
  readonly noise: number;
  readonly measured: MeasuredSlide;
  readonly truth: SlideTruth;
  /** See errorsOf; undefined where there is no recipe. */
  readonly errors: Float64Array | undefined;
};

/** Tiles with a smaller share of specimen are left out: what little there is may be cut by the border. */
export const leastTissue = 0.05;

/** Every slide whose truth is known, one after the other. */
export async function* slidesOfTruth(quick: boolean): AsyncGenerator<KnownSlide> {
  const known = [...slides.filter(({ kind }) => kind === '4k'), ...withOtherNoise];
  for (const slide of quick ? known.slice(0, 2) : known) {
    const file = await slideFile(slide, 'truth');
    const truth = file === undefined ? undefined : await truthOf(slide);
    if (file === undefined || !truth) continue;
    const measured = await measuredSlide(slide.name, file);
    const { terrain = 'gravel', noise = 1.2 } = slide.recipe ?? {};
    const errors = await errorsOf(slide, truth, leastTissue);
    yield { name: slide.name, terrain, noise, measured, truth, errors };
  }
  const folder = join(sharedData, 'synthetic-gravel');
  if (!existsSync(folder)) return;
  const measured = await measuredSlide('shared-gravel', join(folder, 'gravel-4096x5.ome.tiff'));
  const truth = await truthFromJson(join(folder, 'truth.json'), measured.planeCount);
  yield {
    name: 'shared-gravel',
    terrain: "another program's gravel",
    noise: Number.NaN,
    measured,
    truth,
    errors: undefined,
  };
}

/** All measures of a slide. */
export async function measuredSlide(name: string, file: string): Promise<MeasuredSlide> {
  return cached(`truth/${name}.measures`, () => measureSlide(file));
}
