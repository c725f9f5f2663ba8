// How good a stream's quantisation is, on the scale that encoders use.
import type { JpegHeader } from './header.js';

/** Luminance quantisation of ITU-T T.81, table K.1, in zigzag order: quality 50 of the Independent JPEG Group's scale. */
const annexK = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];

/** The quality, 1 to 100, whose table (jcparam.c, jpeg_quality_scaling) has the same mean step as that of the first component. */
export function estimateQuality({ components: [{ quantTable }] }: JpegHeader): number {
  const sum = (steps: ArrayLike<number>) => Array.from(steps).reduce((total, step) => total + step, 0);
  const percent = (100 * sum(quantTable)) / sum(annexK);
  const quality = percent <= 100 ? (200 - percent) / 2 : 5000 / percent;
  return Math.min(100, Math.max(1, Math.round(quality)));
}
