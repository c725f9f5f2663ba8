// Variance of the samples over their mean, which evens out planes lit differently. Groen, Young & Ligthart, "A comparison of
// different focus functions for use in autofocus algorithms", Cytometry 6 (1985).
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';

/** See FocusMeasure; 0 for a black part. */
export function normalizedVariance({ data, width }: Luma, part: Rect, subsample: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = part.y; y < part.y + part.height; y += subsample) {
    const row = y * width;
    for (let i = row + part.x; i < row + part.x + part.width; i += subsample) {
      const value = data[i];
      count++;
      sum += value;
      squares += value * value;
    }
  }
  return varianceOverMean(count, sum, squares);
}

/** From the number of samples, their sum and that of their squares; 0 where all are black. */
export function varianceOverMean(count: number, sum: number, squares: number): number {
  if (sum === 0) return 0;
  const mean = sum / count;
  return (squares / count - mean * mean) / mean;
}
