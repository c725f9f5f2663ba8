// What is seen where there is no specimen: specks of dust and dried films on the glass, hardly any contrast.
import { drawDust, drawFilm } from './cells/small-things.js';
import { type Population, scatter } from './scatter.js';
import { seedFor } from './seeded-hash.js';
import type { Sheet } from './sheet.js';
import type { Texture } from './texture.js';

const dirt: readonly Population[] = [
  {
    name: 'dust',
    draw: drawDust,
    sprites: 12,
    reach: 8,
    spacing: 90,
    share: 0.35,
    habitat: [-1, 1],
    central: false,
  },
  {
    name: 'film',
    draw: drawFilm,
    sprites: 6,
    reach: 83,
    spacing: 130,
    share: 0.4,
    habitat: [-1, 1],
    central: false,
  },
];

/** The same specks and films for every slide. */
export const dustTexture: Texture = scatter(dirt, false);

/** The glass under the whole slide: a quarter of the z range up, below most of the specimen. */
export function glassSheet(seed: number, planeCount: number): Sheet {
  const height = 0.25 * (planeCount - 1);
  return {
    seed: seedFor(seed, 'glass'),
    x: 0,
    y: 0,
    extent: Number.POSITIVE_INFINITY,
    opacity: 1,
    covers: () => true,
    heightAt: () => height,
  };
}
