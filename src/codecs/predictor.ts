// Horizontal differencing (TIFF 6.0, section 14): each sample is stored as its difference from the pixel before it.
import type { Raster } from '../slide/raster.js';

/** Turns differences into samples, in place; sums wrap around in the width of a sample. */
export function undoPredictor({ data, width, height, channels }: Raster): void {
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * stride;
    for (let i = y * stride + channels; i < end; i++) data[i] += data[i - channels];
  }
}

/** Turns samples into differences, in place. */
export function applyPredictor({ data, width, height, channels }: Raster): void {
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    const start = y * stride + channels;
    for (let i = (y + 1) * stride - 1; i >= start; i--) data[i] -= data[i - channels];
  }
}
