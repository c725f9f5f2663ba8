// A nucleus: a dark oval with a darker rim, clumps of chromatin, now and then a nucleolus.
import type { DensityImage } from '../density-image.js';
import { between, type RandomSequence } from '../seeded-hash.js';
import { smoothstep, valueNoise } from '../value-noise.js';
import { type Dye, stainPixel } from './stain.js';

export type NucleusLook = {
  readonly x: number;
  readonly y: number;
  /** Pixels, the mean of its half axes. */
  readonly radius: number;
  /** Amount of dye, about .5 (pale) to 1.6 (black). */
  readonly amount: number;
  /** How coarse and strong its chromatin is: 0 (smooth) to 1. */
  readonly chromatin: number;
  readonly nucleoli: number;
};

/** Draws it into an image that must hold it and three pixels more. */
export function drawNucleus(image: DensityImage, random: RandomSequence, dye: Dye, look: NucleusLook): void {
  const { radius, chromatin } = look;
  const seed = Math.floor(random() * 2 ** 32);
  const angle = random() * Math.PI;
  const stretch = between(random, 1, 1.3);
  const cos = Math.cos(angle) / stretch;
  const sin = Math.sin(angle) / stretch;
  const nucleoli = Array.from({ length: look.nucleoli }, () => {
    const direction = random() * 2 * Math.PI;
    const offset = random() * radius * 0.5;
    return { x: offset * Math.cos(direction), y: offset * Math.sin(direction), radius: between(random, 1.6, 2.6) };
  });
  const reach = Math.ceil(radius * stretch * 1.15) + 3;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const along = dx * cos + dy * sin;
      const across = (dy * cos - dx * sin) * stretch * stretch;
      const waver = 0.07 * radius * valueNoise(seed, dx / radius, dy / radius);
      const depth = radius + waver - Math.sqrt(along * along + across * across);
      if (depth < -1.5) continue;
      const rim = Math.exp(-((depth - 1) ** 2) / 2);
      const coarse = smoothstep(valueNoise(seed + 1, dx / 3.2, dy / 3.2) * 1.6 + 0.35);
      const fine = valueNoise(seed + 2, dx / 1.4, dy / 1.4);
      let amount = 0.74 + 0.22 * rim + chromatin * (0.62 * (coarse - 0.5) + 0.2 * fine);
      for (const spot of nucleoli) {
        amount += 0.6 * smoothstep(spot.radius - Math.hypot(dx - spot.x, dy - spot.y) + 0.5);
      }
      const inside = smoothstep((depth + 1.1) / 2.2);
      stainPixel(image, look.x + dx, look.y + dy, dye, look.amount * inside * Math.max(0.15, amount));
    }
  }
}
