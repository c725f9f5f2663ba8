// From absorbed light to pixels: glass white times e^-density, then the camera's noise, of which the variance grows with the
// light: Foi et al., "Practical Poissonian-Gaussian noise modeling and fitting for single-image raw-data", IEEE TIP 2008.
// Densities are those of display values: no gamma curve is undone, and noise is added where the curve would have been.
import type { Rect } from '../slide/geometry.js';
import { absorptionUnit } from './absorption.js';
import { hashAt, mix32 } from './seeded-hash.js';

/** Red, green and blue of clean glass: a scanner's white, 0 to 255. */
export const glassColour = [244, 242, 245] as const;

/** Share of the variance at full light that stays in the dark (read-out noise); the rest grows with the light. */
const readOutShare = 0.15;

/** The table resolves a density of 1/256: less than one grey value, and interpolated; beyond 12 all is black. */
const tableUnit = absorptionUnit >> 8;
const tableEnd = 12 * 256;

/** Light let through, 0 to 1. */
const transmission = Float64Array.from({ length: tableEnd + 2 }, (_, i) => Math.exp(-i / 256));

/** Pixels of a rectangle without noise: fractions are rounded, that is all. `exposure` is the light that reaches the slide, 0 to 1. */
export function develop(absorbed: Int32Array, exposure = 1): Uint8Array {
  const [whiteRed, whiteGreen, whiteBlue] = glassColour.map((white) => white * exposure);
  const pixels = new Uint8Array(absorbed.length);
  for (let i = 0; i < absorbed.length; i += 3) {
    pixels[i] = lightAt(absorbed[i]) * whiteRed + 0.5;
    pixels[i + 1] = lightAt(absorbed[i + 1]) * whiteGreen + 0.5;
    pixels[i + 2] = lightAt(absorbed[i + 2]) * whiteBlue + 0.5;
  }
  return pixels;
}

/** The same with noise: `noise` is its standard deviation at full light in grey values, `seed` must differ between planes. */
export function developWithNoise(
  absorbed: Int32Array,
  { x, y, width, height }: Rect,
  noise: number,
  seed: number,
  exposure = 1,
): Uint8Array {
  const [whiteRed, whiteGreen, whiteBlue] = glassColour.map((white) => white * exposure);
  const pixels = new Uint8Array(absorbed.length);
  const deviation = deviations(noise);
  let at = 0;
  for (let row = y; row < y + height; row++) {
    const rowKey = hashAt(seed, row, 0);
    for (let column = x; column < x + width; column++, at += 3) {
      // one hash has ten bits for each sample
      const hash = mix32(rowKey + column);
      const red = lightAt(absorbed[at]) * whiteRed;
      const green = lightAt(absorbed[at + 1]) * whiteGreen;
      const blue = lightAt(absorbed[at + 2]) * whiteBlue;
      pixels[at] = clamp(red + deviation[red | 0] * normalQuantiles[hash & 1023] + 0.5);
      pixels[at + 1] = clamp(green + deviation[green | 0] * normalQuantiles[(hash >>> 10) & 1023] + 0.5);
      pixels[at + 2] = clamp(blue + deviation[blue | 0] * normalQuantiles[(hash >>> 20) & 1023] + 0.5);
    }
  }
  return pixels;
}

function lightAt(absorbed: number): number {
  const position = absorbed / tableUnit;
  const index = position | 0;
  if (index >= tableEnd) return 0;
  const low = transmission[index];
  return low + (transmission[index + 1] - low) * (position - index);
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}

/** Standard deviation for every grey value. */
function deviations(noise: number): Float64Array {
  return Float64Array.from(
    { length: 256 },
    (_, grey) => noise * Math.sqrt(readOutShare + ((1 - readOutShare) * grey) / 255),
  );
}

/** The normal distribution in 1024 equal shares, the middle of each: -3.3 to 3.3. */
const normalQuantiles = quantilesOfNormal(1024);

/** By summing the bell curve in small steps. */
function quantilesOfNormal(count: number): Float64Array {
  const quantiles = new Float64Array(count);
  const step = 1 / 4096;
  let x = -6;
  let below = 0;
  for (let i = 0; i < count; i++) {
    for (; below < (i + 0.5) / count; x += step) {
      below += (step * Math.exp(-((x + step / 2) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    }
    quantiles[i] = x - step / 2;
  }
  return quantiles;
}
