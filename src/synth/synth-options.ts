// A synthetic slide, described. What is refused: src/options/synthesis.ts.
import type { TerrainName } from './terrains/terrain-registry.js';

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

/** Defaults filled in. */
export function toSynthSettings(options: SynthOptions): SynthSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaultSynthSettings, ...given };
}
