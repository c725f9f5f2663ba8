// The settings that tuning searches and a preset keeps.
import { defaultMeasure, type FocusMeasureName } from '../focus/focus-measure.js';
import { tilePlanningOptions } from '../options/planning.js';
import {
  defaultTuningParameters,
  type PlanMethod,
  type PlanOptions,
  type TuningParameters,
} from '../planner/contract/plan-options.js';

export type TunedSettings = TuningParameters & {
  readonly method: PlanMethod;
  readonly measure: FocusMeasureName;
  /** Every n-th pixel each way is scored: 1, 2, 4 or 8. */
  readonly subsample: number;
  /** The level that is surveyed; null where calibration chooses, compressed lengths first. */
  readonly scoreLevel: number | null;
  /** Retained sharpness to keep. */
  readonly target: number;
};

const { method, measure, subsample, scoreLevel, target, ...others } = tilePlanningOptions;
const { safety, samplePerRoot, leastSample, mostSample } = others;

/** The options that a preset sets, all of them. */
export const tunedOptions = {
  ...{ method, measure, subsample, scoreLevel, target },
  ...{ safety, samplePerRoot, leastSample, mostSample },
} as const;

/** What is in force where nobody sets anything but a target. */
export function defaultSettings(target: number): TunedSettings {
  return {
    method: 'adaptive',
    measure: defaultMeasure,
    subsample: 1,
    scoreLevel: null,
    target,
    ...defaultTuningParameters,
  };
}

/** The settings as options of the planner. */
export function plannerOptions({ method, measure, scoreLevel, ...options }: TunedSettings): Partial<PlanOptions> {
  return { ...options, scoreLevel: scoreLevel ?? undefined };
}

/** How tiles of the decision level are scored: a measure, by every n-th pixel each way. */
export type LookKind = { readonly measure: FocusMeasureName; readonly subsample: number };

/** "box-difference", or "box-difference/2" for every second pixel. */
export function lookName({ measure, subsample }: LookKind): string {
  return subsample === 1 ? measure : `${measure}/${subsample}`;
}

/** What settings differ in from the defaults, in a few words. */
export function describeSettings(settings: TunedSettings): string {
  const usual = defaultSettings(settings.target);
  const { method, safety, samplePerRoot, scoreLevel } = settings;
  const words: string[] = [];
  if (method !== usual.method) words.push(method);
  if (scoreLevel !== null) words.push(`survey of level ${scoreLevel}`);
  if (lookName(settings) !== lookName(usual)) words.push(lookName(settings));
  if (safety !== usual.safety) words.push(`safety ${safety}`);
  if (samplePerRoot !== usual.samplePerRoot) {
    words.push(`samples of ${samplePerRoot} roots of the tiles (${settings.leastSample} to ${settings.mostSample})`);
  }
  return words.join(', ') || 'defaults';
}
