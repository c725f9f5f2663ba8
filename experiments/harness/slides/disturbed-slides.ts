// Scenes of known truth, scanned badly: by more noise, worse JPEG, paler or other stain, planes of other brightness, each in doses.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizeOptions } from '../../../src/api/synthesize-slide.js';
import { type ExperimentSlide, sharedData, synthetic } from './slides.js';

const side = 2048;

/** Scenes as they are scanned well; those whose pictures of tissue are missing are left out. */
export const scenes = wellScanned([
  { name: 'gravel-2k', recipe: { terrain: 'gravel', clumpDensity: 3, seed: 71 } },
  { name: 'gravel-2k-other', recipe: { terrain: 'gravel', clumpDensity: 3, seed: 74 } },
  { name: 'mixed-2k', recipe: { terrain: 'mixed', seed: 72 } },
  { name: 'mixed-2k-other', recipe: { terrain: 'mixed', seed: 75 } },
  {
    name: 'bumps-tissue-2k',
    recipe: { terrain: 'bumps', textures: [join(sharedData, 'tissue/tiatoolbox_target_image.png')], seed: 73 },
  },
]);

function wellScanned(all: readonly { readonly name: string; readonly recipe: SynthesizeOptions }[]) {
  const size = { width: side, height: side, planeCount: 7, levels: 1 };
  return all
    .filter(({ recipe: { textures = [] } }) => textures.every((file) => existsSync(file)))
    .map(({ name, recipe }) => ({ name, recipe: { ...recipe, ...size } }));
}

/** A dose, the usual one first: what it is called, and what it changes. */
export type Dose = { readonly dose: number | string; readonly change: SynthesizeOptions };

export type Disturbance = {
  readonly name: string;
  readonly unit: string;
  readonly doses: readonly Dose[];
};

export const disturbances: readonly Disturbance[] = [
  {
    name: 'noise',
    unit: 'standard deviation, grey values',
    doses: [1.2, 0, 3, 6, 12].map((noise) => ({ dose: noise, change: { noise } })),
  },
  {
    name: 'JPEG quality',
    unit: 'quality',
    doses: [80, 95, 60, 40, 20].map((quality) => ({ dose: quality, change: { quality } })),
  },
  {
    name: 'stain',
    unit: 'times the usual',
    doses: [1, 0.5, 0.25, 0.12].map((times) => ({ dose: times, change: { stain: [times, times, times] } })),
  },
  {
    name: 'brightness drift',
    unit: 'planes darker by up to, %',
    doses: [0, 2, 5, 10, 20, 40].map((percent) => ({ dose: percent, change: { exposureDrift: percent } })),
  },
  {
    name: 'stain colour',
    unit: 'density of red, green and blue, times the usual',
    doses: [
      { dose: 'usual', change: {} },
      { dose: 'red (0.1, 1, 1)', change: { stain: [0.1, 1, 1] } },
      { dose: 'blue (1, 0.7, 0.1)', change: { stain: [1, 0.7, 0.1] } },
      { dose: 'yellow (0.05, 0.2, 1)', change: { stain: [0.05, 0.2, 1] } },
    ],
  },
];

export type Scene = (typeof scenes)[number];

/** The scene scanned well. */
export function undisturbed({ name, recipe }: Scene): ExperimentSlide {
  return synthetic(name, '4k', recipe);
}

/** The scene with a dose; the usual dose of every disturbance is the scene scanned well. */
export function disturbed(scene: Scene, { name: kind, doses }: Disturbance, dose: Dose): ExperimentSlide {
  if (dose === doses[0]) return undisturbed(scene);
  const word = `${kind}-${dose.dose}`.replaceAll(/[^\w.]+/g, '-');
  return synthetic(`${scene.name}-${word}`, '4k', { ...scene.recipe, ...dose.change });
}
