// The registry of focus measures: one line each.
import { SlideError } from '../errors.js';
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
export type FocusMeasure = (luma: Luma, part: Rect, subsample: number) => number;

export const focusMeasures = {
  'box-difference': boxDifference,
  laplacian,
  tenengrad,
  brenner,
  'normalized-variance': normalizedVariance,
} as const satisfies Record<string, FocusMeasure>;

export type FocusMeasureName = keyof typeof focusMeasures;

/** The measure nearest to what a person calls sharp, and the oracle of every claim. */
export const defaultMeasure: FocusMeasureName = 'box-difference';

/** `usage` unless there is a measure of this name. */
export function checkMeasure(name: string): FocusMeasureName {
  if (isFocusMeasure(name)) return name;
  const hint = `expected one of ${Object.keys(focusMeasures).join(', ')}`;
  throw new SlideError('usage', `unknown measure: ${name}`, { hint });
}

/** Whether there is a measure of this name. */
export function isFocusMeasure(name: string): name is FocusMeasureName {
  return Object.hasOwn(focusMeasures, name);
}
