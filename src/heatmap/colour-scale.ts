// Colours of planes: viridis, perceptually even and safe for the colour-blind (S. van der Walt, N. Smith, matplotlib 1.5, 2015; data
// CC0). Every 17th of its 256 entries; in between, at most 7/255 off.

/** Red, green, blue: 0 to 255 (included). */
export type Colour = readonly [red: number, green: number, blue: number];

const hexColours =
  '440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725';
const viridis = hexColours.split(' ').map((hex): Colour => {
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
});

/** The colour of a plane: the lowest is dark violet, the highest yellow; a lone plane takes the middle. */
export function planeColour(plane: number, planeCount: number): Colour {
  return scaleColour(planeCount < 2 ? 0.5 : plane / (planeCount - 1));
}

/** The scale at `position`, 0 to 1 (included). */
export function scaleColour(position: number): Colour {
  const at = Math.min(1, Math.max(0, position)) * (viridis.length - 1);
  const below = Math.min(viridis.length - 2, Math.floor(at));
  return mixColours(viridis[below], viridis[below + 1], at - below);
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
