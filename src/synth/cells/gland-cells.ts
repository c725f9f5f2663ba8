// Glandular cells: small, crowded, with large nuclei of coarse chromatin; single, or as a scrap of their sheet.
import { clearDensityImage, type DensityImage } from '../density-image.js';
import { between, type RandomSequence } from '../seeded-hash.js';
import { smoothstep, valueNoise } from '../value-noise.js';
import { farthestCorner, polygonOutline } from './cell-outline.js';
import { drawNucleus } from './nucleus.js';
import { type Dye, eosin, haematoxylin, lightGreen, mixDyes, stainPixel } from './stain.js';

/** Pixels between the centres of neighbouring cells of a sheet. */
const spacing = 25;

/** Pixels from a cell's centre to its farthest pixel, at most. */
const cellReach = 28;

/** One cell, 35 to 45 pixels wide. */
export function drawGlandCell(random: RandomSequence): DensityImage {
  const image = clearDensityImage(cellReach + 2);
  drawCell(image, random, cytoplasmDye(random), 0, 0);
  return image;
}

/** A honeycomb of 10 to 20 cells, 110 to 140 pixels wide. */
export function drawGlandSheet(random: RandomSequence): DensityImage {
  const radius = between(random, 36, 50);
  const image = clearDensityImage(Math.ceil(radius * farthestCorner) + cellReach + 6);
  const edge = polygonOutline(random, { sides: 5, radius, rounding: 8, waver: 4 });
  const dye = cytoplasmDye(random);
  const reach = Math.ceil(image.radius / spacing);
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const x = Math.round((column + (row & 1) / 2) * spacing + between(random, -4, 4));
      const y = Math.round(row * spacing * 0.87 + between(random, -4, 4));
      if (edge(x, y) > 0) drawCell(image, random, dye, x, y);
    }
  }
  return image;
}

function cytoplasmDye(random: RandomSequence): Dye {
  return mixDyes(mixDyes(lightGreen, eosin, between(random, 0.1, 0.6)), haematoxylin, 0.3);
}

function drawCell(image: DensityImage, random: RandomSequence, dye: Dye, centreX: number, centreY: number): void {
  const size = between(random, 14, 17);
  const shape = { sides: 5 + Math.floor(random() * 3), radius: size, rounding: 2.5, waver: 2 };
  const outline = polygonOutline(random, shape, centreX, centreY);
  const seed = Math.floor(random() * 2 ** 32);
  const amount = between(random, 0.26, 0.4);
  for (let y = centreY - cellReach; y <= centreY + cellReach; y++) {
    for (let x = centreX - cellReach; x <= centreX + cellReach; x++) {
      const depth = outline(x, y);
      if (depth < -2) continue;
      const inside = smoothstep((depth + 1.5) / 3);
      const rim = 0.35 * Math.exp(-((depth - 1) ** 2) / 2.5);
      const cloud = 0.3 * valueNoise(seed, x / 7, y / 7);
      const grain = 0.2 * valueNoise(seed + 1, x / 2.6, y / 2.6) + 0.2 * valueNoise(seed + 2, x / 1.3, y / 1.3);
      stainPixel(image, x, y, dye, amount * inside * Math.max(0.1, 0.8 + cloud + grain + rim));
    }
  }
  drawNucleus(image, random, haematoxylin, {
    x: centreX + Math.round(between(random, -3, 3)),
    y: centreY + Math.round(between(random, -3, 3)),
    radius: between(random, 7.5, 10.5),
    amount: between(random, 0.8, 1.25),
    chromatin: between(random, 0.6, 1),
    nucleoli: Math.floor(random() * 3),
  });
}
