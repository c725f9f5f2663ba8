// How settings for slides of one kind are looked for.
import { defaultMeasure, type FocusMeasureName, focusMeasureNames } from '../focus/focus-measure.js';
import type { OptionTable } from './option-table.js';
import { measuringOptions, tilePlanningOptions } from './planning.js';

export type TuningOptions = {
  /** The folder where scores are kept; default: the user's folder for caches. */
  readonly cache?: string | undefined;
  /** Retained sharpness to keep, above 0 to 1 (included); default 0.999. */
  readonly target?: number | undefined;
  /** Focus measures that are tried; the first judges all. By default the box difference and, on JPEG tiles, the middle DCT band. */
  readonly measures?: readonly FocusMeasureName[] | undefined;
  /** Every n-th pixel each way that is tried of the first measure, beside 1, where it measures pixels; default 2. */
  readonly subsamples?: readonly number[] | undefined;
  /** Seeds a setting is replayed with on each half, 1 to 1000; default 6. */
  readonly seeds?: number | undefined;
};

export const tuningOptions = {
  target: tilePlanningOptions.target,
  measures: {
    kind: 'list',
    of: { kind: 'choice', of: focusMeasureNames },
    unit: 'names',
    default: [defaultMeasure, 'dct-mid'] as readonly FocusMeasureName[],
    text: 'focus measures to try, with commas between; the first judges all',
  },
  subsamples: {
    kind: 'list',
    of: { kind: 'choice', of: measuringOptions.subsample.of },
    unit: 'numbers',
    default: [2] as readonly number[],
    text: 'every n-th pixel to try of the first measure, with commas between: saves time, not cost',
  },
  seeds: {
    kind: 'number',
    whole: true,
    from: 1,
    to: 1000,
    unit: 'n',
    default: 6,
    text: 'replays of a setting on each slide, for each half',
  },
  cache: {
    kind: 'text',
    unit: 'folder',
    text: 'where scores are kept: a run that was stopped goes on from there',
    otherwise: "zflat in the user's folder for caches",
  },
} as const satisfies OptionTable<TuningOptions>;
