// Slides whose truth is known: those of the other experiments that have a recipe, and more with other noise.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../../../src/api/tune/number-cache.js';
import type { SlideTruth } from '../../../src/synth/synth-slide.js';
import { cached } from '../record/cached.js';
import { fingerprint } from '../record/fingerprint.js';
import { type MeasuredSlide, measureSlide } from '../record/measure-slide.js';
import { leastTissue } from '../record/truth-fit.js';
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

export type SlideOfTruth = {
  readonly name: string;
  /** Undefined where its data is missing. */
  readonly load: () => Promise<KnownSlide | undefined>;
};

/** Every slide whose truth is known. */
export function slidesOfTruth(quick: boolean): SlideOfTruth[] {
  const known = [...slides.filter(({ kind }) => kind === '4k'), ...withOtherNoise];
  const own = (quick ? known.slice(0, 2) : known).map((slide) => ({ name: slide.name, load: () => loaded(slide) }));
  return [...own, { name: 'shared-gravel', load: sharedGravel }];
}

async function loaded(slide: ExperimentSlide): Promise<KnownSlide | undefined> {
  const file = await slideFile(slide, 'truth');
  const truth = file === undefined ? undefined : await truthOf(slide);
  if (file === undefined || !truth) return undefined;
  const measured = await measuredSlide(slide.name, file);
  const { terrain = 'gravel', noise = 1.2 } = slide.recipe ?? {};
  const errors = await errorsOf(slide, truth, leastTissue);
  return { name: slide.name, terrain, noise, measured, truth, errors };
}

/** Made by another program. */
async function sharedGravel(): Promise<KnownSlide | undefined> {
  const folder = join(sharedData, 'synthetic-gravel');
  if (!existsSync(folder)) return undefined;
  const measured = await measuredSlide('shared-gravel', join(folder, 'gravel-4096x5.ome.tiff'));
  const truth = await truthFromJson(join(folder, 'truth.json'), measured.planeCount);
  const terrain = "another program's gravel";
  return { name: 'shared-gravel', terrain, noise: Number.NaN, measured, truth, errors: undefined };
}

/** All measures of a slide, measured anew where its file has changed. */
export async function measuredSlide(name: string, file: string): Promise<MeasuredSlide> {
  const identity = fingerprint(await identityOf([file]), []);
  return cached(`truth/${name}-${identity}.measures`, () => measureSlide(file));
}
