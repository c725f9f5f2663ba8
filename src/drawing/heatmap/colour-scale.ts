// Colours of planes: viridis, perceptually even and safe for the colour-blind (S. van der Walt, N. Smith, matplotlib 1.5, 2015), of d3.
import { interpolateViridis } from 'd3-scale-chromatic';

/** Red, green, blue: 0 to 255 (included). */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colour of a plane: the lowest is dark violet, the highest yellow; a lone plane takes the middle. */
export function planeColour(plane: number, planeCount: number): Colour {
  return scaleColour(planeCount < 2 ? 0.5 : plane / (planeCount - 1));
}

/** The scale at `position`, 0 to 1 (included). */
export function scaleColour(position: number): Colour {
  const hex = interpolateViridis(Math.min(1, Math.max(0, position)));
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** `share` 0 is all of `a`, 1 all of `b`. */
export function mixColours(a: Colour, b: Colour, share: number): Colour {
  const mixed = (c: 0 | 1 | 2) => Math.round(a[c] * (1 - share) + b[c] * share);
  return [mixed(0), mixed(1), mixed(2)];
}

/** How light a colour is to the eye, 0 to 255 (included): ITU-R BT.709 luma. */
export function lightness([red, green, blue]: Colour): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
