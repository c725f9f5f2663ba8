// What lies between the cells: white blood cells, debris, dust and films on the glass.
import { clearDensityImage, type DensityImage } from '../density-image.js';
import { between, type RandomSequence } from '../seeded-hash.js';
import { smoothstep, valueNoise } from '../value-noise.js';
import { farthestCorner, polygonOutline } from './cell-outline.js';
import { drawNucleus } from './nucleus.js';
import { brownPigment, eosin, haematoxylin, lightGreen, mixDyes, stainPixel } from './stain.js';

/** A neutrophil, 20 to 26 pixels wide: a lobed nucleus in a little cytoplasm. */
export function drawWhiteBloodCell(random: RandomSequence): DensityImage {
  const image = clearDensityImage(22);
  const size = between(random, 9, 12);
  drawBlob(image, random, mixDyes(lightGreen, eosin, 0.5), { size, sides: 7, amount: 0.22, grain: 0.35 });
  const lobes = 2 + Math.floor(random() * 3);
  const turn = random() * 2 * Math.PI;
  for (let lobe = 0; lobe < lobes; lobe++) {
    const angle = turn + (lobe / lobes) * 5;
    drawNucleus(image, random, haematoxylin, {
      x: Math.round(0.4 * size * Math.cos(angle)),
      y: Math.round(0.4 * size * Math.sin(angle)),
      radius: between(random, 3, 4.2),
      amount: 1.3,
      chromatin: 0.6,
      nucleoli: 0,
    });
  }
  return image;
}

/** A crumb of 5 to 24 pixels. */
export function drawDebris(random: RandomSequence): DensityImage {
  const size = 2 + 8 * random() ** 2;
  const image = clearDensityImage(Math.ceil(size * (farthestCorner + 0.2)) + 3);
  const dye = mixDyes(brownPigment, haematoxylin, random());
  const sides = 3 + Math.floor(random() * 4);
  drawBlob(image, random, dye, { size, sides, amount: between(random, 0.2, 0.7), grain: 0.7 });
  return image;
}

/** A speck on the glass of 3 to 8 pixels, hardly seen. */
export function drawDust(random: RandomSequence): DensityImage {
  const size = between(random, 1, 3);
  const image = clearDensityImage(Math.ceil(size * (farthestCorner + 0.2)) + 3);
  drawBlob(image, random, brownPigment, { size, sides: 4, amount: between(random, 0.02, 0.06), grain: 0.5 });
  return image;
}

/** A film dried on the glass, 90 to 150 pixels wide, fading out at its border: a density of about .01. */
export function drawFilm(random: RandomSequence): DensityImage {
  const size = between(random, 45, 75);
  const image = clearDensityImage(Math.ceil(size * 1.1));
  const seed = Math.floor(random() * 2 ** 32);
  const { radius } = image;
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const waver = 12 * valueNoise(seed, x / 25, y / 25);
      const inside = smoothstep((size - 13 + waver - Math.hypot(x, y)) / 40);
      const grain = 0.5 * valueNoise(seed + 1, x / 6, y / 6) + 0.5 * valueNoise(seed + 2, x / 2, y / 2);
      stainPixel(image, x, y, mixDyes(eosin, brownPigment, 0.5), 0.014 * inside * (1 + grain));
    }
  }
  return image;
}

type BlobLook = {
  readonly size: number;
  readonly sides: number;
  readonly amount: number;
  /** How much the amount varies from pixel to pixel: 0 to 1. */
  readonly grain: number;
};

function drawBlob(
  image: DensityImage,
  random: RandomSequence,
  dye: readonly [number, number, number],
  { size, sides, amount, grain }: BlobLook,
): void {
  const outline = polygonOutline(random, { sides, radius: size, rounding: 0.2 * size, waver: 0.2 * size });
  const seed = Math.floor(random() * 2 ** 32);
  const { radius } = image;
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const inside = smoothstep((outline(x, y) + 1.2) / 2.4);
      if (inside === 0) continue;
      const texture = 0.6 * valueNoise(seed, x / 2.5, y / 2.5) + 0.4 * valueNoise(seed + 1, x / 1.3, y / 1.3);
      stainPixel(image, x, y, dye, amount * inside * (1 + grain * texture));
    }
  }
}
