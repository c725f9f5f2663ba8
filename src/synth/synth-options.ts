// What can be asked of a synthetic slide, and what is refused.
import { SlideError } from '../errors.js';
import { type TerrainName, terrainNames } from './terrains/terrain-registry.js';

/** A synthetic slide, described completely. */
export type SynthSettings = {
  readonly width: number; // pixels of level 0
  readonly height: number; // pixels of level 0
  readonly tileSize: number; // pixels a side of a tile; the scene does not depend on it
  readonly planeCount: number; // focal planes, 1 to 1000
  readonly zStepUm: number; // micrometres between planes; only told, blur counts in planes
  readonly terrain: TerrainName; // how the specimen's height changes over the slide
  readonly textures: readonly string[]; // paths of pictures of tissue; none: drawn cells
  readonly blurPerPlane: number; // pixels of Gaussian sigma for each plane out of focus
  readonly noise: number; // grey values, standard deviation of the sensor's noise on clean glass; 0: none
  readonly stain: readonly [number, number, number]; // times the usual density of red, green and blue, 0 to 4
  readonly exposureDrift: number; // planes are darker by up to so many %, 0 to 90, each by its own share; the sharp picture is not
  readonly clumpDensity: number; // clumps per area in multiples of the usual (gravel, step, mixed)
  readonly seed: number; // 0 to 2^32 - 1; the same seed gives the same slide
};

/** What is left out, or undefined, is as in defaultSynthSettings. */
export type SynthOptions = { readonly [Name in keyof SynthSettings]?: SynthSettings[Name] | undefined };

/**
 * Blur: with NA 0.75 at 0.25 um a pixel (a 40x scanner) in a medium of index 1.5, the blur circle of 1 um out of focus has
 * a radius of 1 um x tan(asin(0.75 / 1.5)) = 2.3 pixels, the sigma of a disc being half its radius. Noise: by eye.
 */
export const defaultSynthSettings: SynthSettings = {
  width: 4096,
  height: 4096,
  tileSize: 256,
  planeCount: 7,
  zStepUm: 1,
  terrain: 'gravel',
  textures: [],
  blurPerPlane: 1.15,
  noise: 1.2,
  stain: [1, 1, 1],
  exposureDrift: 0,
  clumpDensity: 1,
  seed: 1,
};

/** Defaults filled in; throws `usage` on what makes no sense. */
export function toSynthSettings(options: SynthOptions): SynthSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: SynthSettings = { ...defaultSynthSettings, ...given };
  const { width, height, tileSize, planeCount, zStepUm, terrain, clumpDensity, seed } = settings;
  const { blurPerPlane, noise, stain, exposureDrift } = settings;
  expectWhole('width', width, 1, 2 ** 24);
  expectWhole('height', height, 1, 2 ** 24);
  expectWhole('tile size', tileSize, 1, 4096);
  expectWhole('number of planes', planeCount, 1, 1000);
  expectWhole('seed', seed, 0, 2 ** 32 - 1);
  expectNumber('z step', zStepUm, 1e-6, 1e6);
  expectNumber('blur per plane', blurPerPlane, 0, 1e3);
  expectNumber('noise', noise, 0, 100);
  if (stain.length !== 3) {
    throw new SlideError('usage', `expected a stain for red, green and blue, got ${stain.join(', ')}`);
  }
  for (const times of stain) expectNumber('stain', times, 0, 4);
  expectNumber('exposure drift', exposureDrift, 0, 90);
  expectNumber('clump density', clumpDensity, 0, 100);
  if (!terrainNames.includes(terrain)) {
    throw new SlideError('usage', `expected a terrain, got '${terrain}'`, {
      hint: `one of ${terrainNames.join(', ')}`,
    });
  }
  return settings;
}

function expectWhole(name: string, value: number, least: number, most: number): void {
  expectNumber(name, value, least, most);
  if (!Number.isInteger(value)) throw new SlideError('usage', `expected a whole number as ${name}, got ${value}`);
}

function expectNumber(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    throw new SlideError('usage', `expected a ${name} from ${least} to ${most}, got ${value}`);
  }
}
