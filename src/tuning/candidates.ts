// The settings that are tried: every combination of a few values of each.
import { defaultTuningParameters, type TuningParameters } from '../planner/contract/plan-options.js';
import { defaultSettings, type LookKind, type TunedSettings } from './tuned-settings.js';

const safeties = [0.25, defaultTuningParameters.safety, 0.75, 1] as const;

/** A proof by half the tiles, as many, twice as many. */
const { safety: _, ...usualSample } = defaultTuningParameters;
const samples: readonly Omit<TuningParameters, 'safety'>[] = [
  { samplePerRoot: 0.2, leastSample: 3, mostSample: 16 },
  usualSample,
  { samplePerRoot: 0.8, leastSample: 8, mostSample: 64 },
];

/** Coarser levels are tried down to this depth below the decision level: experiments/calibration. */
const deepest = 3;

/**
 * What can be tried where tiles are scored in these ways and have these coarser levels, from fine to coarse. The defaults come
 * first; the exhaustive method, which keeps any target, comes last.
 */
export function candidateSettings(
  target: number,
  judge: LookKind,
  looks: readonly LookKind[],
  coarser: readonly number[],
): TunedSettings[] {
  const usual = { ...defaultSettings(target), measure: judge.measure };
  const adaptive = [null, ...coarser.slice(0, deepest)].flatMap((scoreLevel) =>
    looks.flatMap(({ measure, subsample }) =>
      samples.flatMap((sample) =>
        safeties.map((safety): TunedSettings => ({ ...usual, measure, subsample, scoreLevel, ...sample, safety })),
      ),
    ),
  );
  const others = adaptive.filter((settings) => !isSame(settings, usual));
  return [usual, ...others, { ...usual, method: 'quadtree' }, { ...usual, method: 'exhaustive' }];
}

/** Whether two settings say the same. */
export function isSame(a: TunedSettings, b: TunedSettings): boolean {
  return Object.entries(a).every(([name, value]) => b[name as keyof TunedSettings] === value);
}
