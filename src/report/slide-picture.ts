// Pixels of a slide as a picture for a page: 8 bits, JPEG.

import type { Size } from '../slide/geometry.js';
import type { Raster } from '../slide/raster.js';
import { loadSharp } from '../system/load-sharp.js';

export type SlidePicture = Size & { readonly jpeg: Uint8Array };

/** The samples that are shown black and white. */
export type ShownRange = { readonly low: number; readonly high: number };

/** Share of samples that may be clipped at each end, where what is shown is stretched. */
const clipped = 0.002;
/** Samples of 8 bits that are black and white are at least this far apart: noise of empty glass stays faint. */
const leastSpread = 48;
const quality = 82;

/** 0 to 255 for samples of 8 bits; others are stretched. */
export function shownRange(rasters: readonly Raster[]): ShownRange {
  return rasters.every(({ sample }) => sample === 'uint8') ? { low: 0, high: 255 } : stretchedRange(rasters);
}

/** Nearly all that there is in the given pictures, which then can be held against each other. */
export function stretchedRange(rasters: readonly Raster[]): ShownRange {
  // A sample of the pixels is enough to find the ends.
  const step = Math.ceil(rasters.reduce((sum, { data }) => sum + data.length, 0) / 65536);
  const samples = Float64Array.from(rasters.flatMap(({ data }) => Array.from(data.filter((_, i) => i % step === 0))));
  samples.sort();
  const low = samples[Math.floor(clipped * (samples.length - 1))] ?? 0;
  const high = samples[Math.ceil((1 - clipped) * (samples.length - 1))] ?? 0;
  const missing = Math.max(0, leastSpread - (high - low));
  return { low: low - missing / 2, high: high + missing / 2 };
}

/** The raster as a JPEG, made smaller where a side is longer than `side` pixels. */
export async function slidePicture(raster: Raster, { low, high }: ShownRange, side: number): Promise<SlidePicture> {
  const { width, height, channels } = raster;
  const scale = 255 / (high - low);
  const data = Uint8ClampedArray.from(raster.data, (sample) => (sample - low) * scale);
  const sharp = await loadSharp();
  const { data: jpeg, info } = await sharp(data, { raw: { width, height, channels } })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, jpeg };
}
