// How strongly a particle took the stain: sheets differ, and particles within a sheet, in strength and a little in hue.
import { mix32, unit } from './seeded-hash.js';
import type { Sheet } from './sheet.js';

type Gain = readonly [number, number, number];

/** Factors on red, green and blue density in 1/256; `hash` is the particle's own. */
export function stainGain({ seed, opacity }: Sheet, hash: number): Gain {
  const strength = 256 * opacity * (0.85 + 0.3 * unit(hash)) * (0.85 + 0.3 * unit(mix32(seed + 1)));
  const hue = 0.1 * (unit(mix32(seed + 2)) - 0.5) + 0.12 * ((hash & 0xff) / 255 - 0.5);
  return [Math.round(strength * (1 + hue)), Math.round(strength), Math.round(strength * (1 - hue))];
}

/** The factors of a particle of a slide that took `times` as much of red, green and blue density as usual. */
export function stainedGain([red, green, blue]: Gain, [timesRed, timesGreen, timesBlue]: Gain): Gain {
  return [Math.round(red * timesRed), Math.round(green * timesGreen), Math.round(blue * timesBlue)];
}
