// Measures luminance by the fastest way there is to the same number.
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';
import { type PixelMeasure, pixelMeasures } from './focus-measure.js';
import { kernels, kernelsTake } from './kernels/run-kernels.js';

/** The pixel measure of this name: see PixelMeasure. */
export function measureLuma(name: keyof typeof pixelMeasures, luma: Luma, part: Rect, subsample: number): number {
  const kernel = (kernels as Partial<Record<typeof name, PixelMeasure>>)[name];
  const measure = kernel && kernelsTake(luma, part) ? kernel : pixelMeasures[name];
  return measure(luma, part, subsample);
}
