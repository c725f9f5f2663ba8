// A squamous cell, as most of a smear is made of: a thin, wide, folded sheet of cytoplasm with a small nucleus.
import { clearDensityImage, type DensityImage } from '../density-image.js';
import { between, type RandomSequence } from '../seeded-hash.js';
import { smoothstep, valueNoise } from '../value-noise.js';
import { farthestCorner, polygonOutline } from './cell-outline.js';
import { drawNucleus } from './nucleus.js';
import { eosin, haematoxylin, lightGreen, mixDyes, orangeG, stainPixel } from './stain.js';

/** 90 to 150 pixels wide. */
export function drawSquamousCell(random: RandomSequence): DensityImage {
  const size = between(random, 42, 62);
  const image = clearDensityImage(Math.ceil(size * farthestCorner) + 8);
  const outline = polygonOutline(random, {
    sides: 4 + Math.floor(random() * 4),
    radius: size,
    rounding: 5,
    waver: 3.5,
  });
  // mature cells take eosin and orange G, the others light green
  const mature = random() < 0.45;
  const dye = mature
    ? mixDyes(eosin, orangeG, between(random, 0.1, 0.45))
    : mixDyes(lightGreen, eosin, between(random, 0.02, 0.2));
  const amount = between(random, 0.17, 0.3);
  const granules = random() < 0.4 ? between(random, 0.2, 0.5) : 0.08;
  const seed = Math.floor(random() * 2 ** 32);
  const { radius } = image;
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const depth = outline(x, y);
      if (depth < -2) continue;
      const inside = smoothstep((depth + 1.2) / 2.6);
      const rim = 0.3 * Math.exp(-((depth - 1.5) ** 2) / 4);
      const thickness = 0.72 + 0.28 * smoothstep(depth / (0.8 * size));
      const cloud = 0.3 * valueNoise(seed, x / 24, y / 24) + 0.16 * valueNoise(seed + 1, x / 8, y / 8);
      const grain = 0.16 * valueNoise(seed + 2, x / 2.7, y / 2.7) + 0.17 * valueNoise(seed + 3, x / 1.3, y / 1.3);
      const bent = 5 * valueNoise(seed + 4, x / 30, y / 30);
      const ridge = 1 - Math.abs(valueNoise(seed + 5, (x + bent) / 34, (y - bent) / 20));
      const fold = 0.55 * ridge ** 24;
      const specks = granules * smoothstep((valueNoise(seed + 6, x / 2.1, y / 2.1) - 0.55) * 5);
      const density = thickness * (1 + cloud + grain) + rim + fold + specks;
      stainPixel(image, x, y, dye, amount * inside * Math.max(0.1, density));
    }
  }
  const nucleusRadius = mature ? between(random, 5, 6.5) : between(random, 7.5, 10.5);
  drawNucleus(image, random, haematoxylin, {
    x: Math.round(between(random, -8, 8)),
    y: Math.round(between(random, -8, 8)),
    radius: nucleusRadius,
    amount: mature ? 1.7 : between(random, 0.95, 1.35),
    chromatin: mature ? 0.3 : 0.8,
    nucleoli: 0,
  });
  return image;
}
