// Colours of planes: viridis, perceptually even and safe for the colour-blind (S. van der Walt, N. Smith, matplotlib 1.5, 2015; its
// data is CC0: every 17th of 256 entries, at most 7/255 off in between).

/** Red, green, blue: 0 to 255 (included). */
export type Colour = readonly [red: number, green: number, blue: number];

const viridis = (
  '440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e ' + '1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725'
)
  .split(' ')
  .map((hex): Colour => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour);

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
  return [0, 1, 2].map((c) => Math.round(a[c] * (1 - share) + b[c] * share)) as unknown as Colour;
}

/** Luminance as the eye weighs it, in the range of the components (ITU-R BT.709 weights on coded values: luma). */
export function lightness([red, green, blue]: Colour): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
