// How planes are chosen.
import { defaultMeasure, type FocusMeasureName, focusMeasureNames } from '../focus/focus-measure.js';
import {
  defaultPlanOptions,
  type PlanGrain,
  type PlanMethod,
  type PlanOptions,
  planGrains,
  planMethods,
} from '../planner/contract/plan-options.js';
import type { OptionTable } from './option-table.js';

/** How sharpness is measured. */
export type MeasuringOptions = {
  /** The focus measure: box-difference by default. Those named dct-… read the coefficients of JPEG tiles, and no others. */
  readonly measure?: FocusMeasureName | undefined;
  /** Every n-th pixel each way is scored: 1, 2, 4 or 8. Default 1. */
  readonly subsample?: number | undefined;
};

/** How planes are chosen; the planner's own options, and what it works on. */
export type PlanningOptions = {
  readonly [Name in keyof PlanOptions]?: PlanOptions[Name] | undefined;
} & MeasuringOptions & {
    /** Default `adaptive`. */
    readonly method?: PlanMethod | undefined;
    /** The name of the preset that settings come from, for the report. */
    readonly preset?: string | undefined;
    /**
     * Default `block`: planes are chosen for blocks of 16 pixels, but where lossy tiles would have to be encoded for it that could be
     * copied; given by name, they are. `tile`: every tile is of one plane.
     */
    readonly grain?: PlanGrain | undefined;
    /** The decision level, and the finest level written: 0, the finest of the slide, by default. */
    readonly level?: number | undefined;
  };

const { target, subsample, seed, safety, samplePerRoot, leastSample, mostSample } = defaultPlanOptions;

export const measuringOptions = {
  measure: {
    kind: 'choice',
    of: focusMeasureNames,
    unit: 'name',
    default: defaultMeasure,
    text: 'focus measure',
  },
  subsample: {
    kind: 'choice',
    of: [1, 2, 4, 8],
    unit: 'n',
    default: subsample,
    text: 'score every n-th pixel each way',
  },
} as const satisfies OptionTable<MeasuringOptions>;

export const grainOption = {
  grain: {
    kind: 'choice',
    of: planGrains,
    unit: 'name',
    default: 'block',
    text: 'choose a plane for blocks of 16 pixels, or for whole tiles; given by name, block encodes lossy tiles where it must',
  },
} as const satisfies OptionTable<Pick<PlanningOptions, 'grain'>>;

/** What can be set of planning whole tiles. */
export const tilePlanningOptions = {
  ...measuringOptions,
  method: {
    kind: 'choice',
    of: planMethods,
    unit: 'name',
    default: 'adaptive',
    text: 'how planes are chosen',
  },
  level: {
    kind: 'number',
    whole: true,
    from: 0,
    to: 32,
    unit: 'n',
    default: 0,
    text: 'the finest level decided and written',
  },
  scoreLevel: {
    kind: 'number',
    whole: true,
    from: 0,
    to: 32,
    unit: 'n',
    text: 'the level whose pixels are surveyed',
    otherwise: 'chosen by calibration',
  },
  target: { kind: 'share', unit: 'share', default: target, text: 'sharpness to retain' },
  prove: {
    kind: 'switch',
    default: false,
    text: 'go on until the whole interval of retained sharpness is at the target',
  },
  maxCost: {
    kind: 'share',
    unit: 'share',
    text: 'decode at most this share of what the exhaustive method decodes',
    otherwise: 'no limit',
  },
  seed: {
    kind: 'number',
    whole: true,
    from: Number.MIN_SAFE_INTEGER,
    to: Number.MAX_SAFE_INTEGER,
    unit: 'n',
    default: seed,
    text: 'seed of the draws of calibration and audit',
  },
  safety: {
    kind: 'share',
    default: safety,
    flag: null,
    text: 'of the loss that the target allows, the part that may still be expected when a search stops',
  },
  samplePerRoot: {
    kind: 'number',
    above: 0,
    to: 10,
    default: samplePerRoot,
    flag: null,
    text: 'tiles drawn for calibration, and as many for an audit: this many square roots of all tiles',
  },
  leastSample: {
    kind: 'number',
    whole: true,
    from: 1,
    unit: 'tiles',
    default: leastSample,
    flag: null,
    text: 'but at least so many',
  },
  mostSample: {
    kind: 'number',
    whole: true,
    from: 1,
    notBelow: 'leastSample',
    unit: 'tiles',
    default: mostSample,
    flag: null,
    text: 'and at most so many',
  },
  preset: {
    kind: 'text',
    flag: null,
    text: 'the name of the preset that settings come from, for the report',
  },
} as const satisfies OptionTable<Omit<PlanningOptions, 'grain'>>;

export const planningOptions = {
  ...tilePlanningOptions,
  ...grainOption,
} as const satisfies OptionTable<PlanningOptions>;
