// The registry of focus measures: one line each.
import type { Rect } from '../slide/geometry.js';
import type { Luma } from '../slide/raster.js';
import { boxDifference } from './box-difference.js';
import { brenner } from './brenner.js';
import { laplacian } from './laplacian.js';
import { normalizedVariance } from './normalized-variance.js';
import { tenengrad } from './tenengrad.js';

/**
 * A number for how sharp a part of an image is: 0 or more, higher is sharper, comparable only between planes of the same part.
 * It sees nothing outside `part`: responses whose kernel would reach beyond it are left out. Only every `subsample`-th pixel each
 * way is evaluated, on full-resolution neighbours, and sums are scaled as if all were.
 */
export type PixelMeasure = (luma: Luma, part: Rect, subsample: number) => number;

/** Those named dct-… read the coefficients of JPEG tiles, the others pixels. */
export type FocusMeasureName =
  | 'box-difference'
  | 'laplacian'
  | 'tenengrad'
  | 'brenner'
  | 'normalized-variance'
  | 'dct-mid'
  | 'dct-low';

type CoefficientMeasureName = Extract<FocusMeasureName, `dct-${string}`>;
type PixelMeasureName = Exclude<FocusMeasureName, CoefficientMeasureName>;

export const pixelMeasures: Readonly<Record<PixelMeasureName, PixelMeasure>> = {
  'box-difference': boxDifference,
  laplacian,
  tenengrad,
  brenner,
  'normalized-variance': normalizedVariance,
};

/**
 * Measures of JPEG tiles that decode no pixel: sums of |dequantised coefficient| over a band of zigzag indices (see jpeg/block-focus).
 * The middle band chooses as pixel measures do, the low one withstands noise.
 */
export const coefficientMeasures: Readonly<
  Record<CoefficientMeasureName, { readonly first: number; readonly last: number }>
> = {
  'dct-mid': { first: 3, last: 27 },
  'dct-low': { first: 1, last: 9 },
};

export const focusMeasureNames = [
  ...Object.keys(pixelMeasures),
  ...Object.keys(coefficientMeasures),
] as FocusMeasureName[];

/** The measure nearest to what a person calls sharp, and the oracle of every claim. */
export const defaultMeasure: FocusMeasureName = 'box-difference';

/** Whether there is a measure of this name. */
export function isFocusMeasure(name: string): name is FocusMeasureName {
  return (focusMeasureNames as string[]).includes(name);
}

/** Whether a measure is read from the coefficients of JPEG tiles. */
export function isCoefficientMeasure(name: FocusMeasureName): name is CoefficientMeasureName {
  return Object.hasOwn(coefficientMeasures, name);
}
