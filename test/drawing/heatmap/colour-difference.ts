// How different colours look: CIE L*a*b* (D65) and the distance in it, also for eyes without green cones.
import type { Colour } from '../../../src/drawing/heatmap/colour-scale.js';

export type Lab = readonly [lightness: number, a: number, b: number];

export function labOf(colour: Colour): Lab {
  const [red, green, blue] = colour.map(linear);
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIE 1976 delta E: about 2.3 is just noticeable (Mahy et al., Color Research & Application 19, 1994). */
export function colourDifference(one: Colour, other: Colour): number {
  const a = labOf(one);
  const b = labOf(other);
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}

/** A colour as deuteranopes see it (F. Viénot, H. Brettel, J. Mollon, Color Research & Application 24, 1999). */
export function asDeuteranope(colour: Colour): Colour {
  const [red, green, blue] = colour.map(linear);
  const yellow = 0.29275 * red + 0.70725 * green;
  const rest = -0.02234 * red + 0.02234 * green + blue;
  return [yellow, yellow, rest].map(coded) as unknown as Colour;
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function coded(part: number): number {
  const clipped = Math.min(1, Math.max(0, part));
  return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
}

function curve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29;
}
