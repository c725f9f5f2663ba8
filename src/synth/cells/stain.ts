// The dyes of a Papanicolaou smear, and painting with them.
import type { DensityImage } from '../density-image.js';

/** Red, green and blue density of one unit of the dye. */
export type Dye = readonly [number, number, number];

/** Nuclei. Absorption of haematoxylin and eosin: Ruifrok & Johnston, "Quantification of histochemical staining", 2001. */
export const haematoxylin: Dye = [0.65, 0.7, 0.29];
/** Cytoplasm of mature cells, pink. */
export const eosin: Dye = [0.07, 0.99, 0.31];
/** Cytoplasm of young and glandular cells, blue-green: by eye. */
export const lightGreen: Dye = [0.86, 0.36, 0.3];
/** Keratin: by eye. */
export const orangeG: Dye = [0.04, 0.36, 0.95];
/** Old blood and dirt: by eye. */
export const brownPigment: Dye = [0.45, 0.62, 0.85];

/** Two dyes mixed, `share` (0 to 1) of the second. */
export function mixDyes(first: Dye, second: Dye, share: number): Dye {
  return [0, 1, 2].map((c) => first[c] * (1 - share) + second[c] * share) as unknown as Dye;
}

/** Adds `amount` of the dye at a pixel, x and y counted from the image's centre, which must hold it. */
export function stainPixel({ radius, data }: DensityImage, x: number, y: number, dye: Dye, amount: number): void {
  const at = ((y + radius) * (2 * radius + 1) + x + radius) * 3;
  data[at] += dye[0] * amount;
  data[at + 1] += dye[1] * amount;
  data[at + 2] += dye[2] * amount;
}
