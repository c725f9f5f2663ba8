// Measures luminance by the fastest way there is to the same number.
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';
import { pixelMeasures } from './focus-measure.js';
import { type KernelMeasure, kernels, kernelsTake } from './kernels/run-kernels.js';

/** The pixel measure of this name: see PixelMeasure. */
export function measureLuma(name: keyof typeof pixelMeasures, luma: Luma, part: Rect, subsample: number): number {
  const kernel = (kernels as Partial<Record<typeof name, KernelMeasure>>)[name];
  if (kernel && subsample === 1 && kernelsTake(luma, part)) return kernel(luma, part);
  return pixelMeasures[name](luma, part, subsample);
}
