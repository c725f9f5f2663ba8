// Tuning on one page: record the slides, search their settings, hold the choice against what it was not chosen by, make a preset.
import { sameLocation, shownLocation } from '../../bytes/location.js';
import { SlideError, throwIfAborted } from '../../errors.js';
import { defaultMeasure, type FocusMeasureName, isCoefficientMeasure } from '../../focus/focus-measure.js';
import type { EngineListener } from '../../pipeline/engine-event.js';
import { checkPlanOptions } from '../../planner/contract/check-plan-options.js';
import { defaultPlanOptions } from '../../planner/contract/plan-options.js';
import { software } from '../../system/version.js';
import { holdOut } from '../../tuning/hold-out.js';
import { makePreset } from '../../tuning/make-preset.js';
import type { Preset } from '../../tuning/preset.js';
import { type SearchProblem, type SettingsSearch, searchSettings } from '../../tuning/search-settings.js';
import type { TunedSlide } from '../../tuning/try-settings.js';
import { type LookKind, lookName } from '../../tuning/tuned-settings.js';
import { defaultCacheFolder } from './number-cache.js';
import { type RecordSlideOptions, recordSlide } from './record-slide.js';

export type TuneOptions = Omit<RecordSlideOptions, 'cache'> & {
  /** The folder where scores are kept; default: the user's folder for caches. */
  readonly cache?: string | undefined;
  /** Retained sharpness to keep; default 0.999. */
  readonly target?: number | undefined;
  /** Focus measures that are tried; the first judges all. By default the box difference and, on JPEG tiles, the middle DCT band. */
  readonly measures?: readonly FocusMeasureName[] | undefined;
  /** Every n-th pixel each way that is tried of the first measure, beside 1, where it measures pixels. */
  readonly subsamples?: readonly number[] | undefined;
  /** Seeds a setting is replayed with on each half; default 6. */
  readonly seeds?: number | undefined;
};

export type TuneResult = {
  readonly preset: Preset;
  /** Cost against lost sharpness of all that was tried, as SVG. */
  readonly picture: string;
};

export const defaultTuning = {
  target: 0.999,
  measures: [defaultMeasure, 'dct-mid'] as readonly FocusMeasureName[],
  subsamples: [2] as readonly number[],
  seeds: 6,
};

/** Finds settings for slides like `inputs`, each of which is a file, a folder or a pattern. */
export async function tuneSlides(inputs: readonly string[], options: TuneOptions = {}): Promise<TuneResult> {
  const { cache = defaultCacheFolder() } = options;
  const { target = defaultTuning.target, seeds = defaultTuning.seeds, signal, onEvent } = options;
  checkPlanOptions({ ...defaultPlanOptions, target });
  checkInputs(inputs);
  const [judge, ...others] = (options.measures ?? defaultTuning.measures).map((measure) => ({ measure, subsample: 1 }));
  const steps = options.subsamples ?? defaultTuning.subsamples;
  const subsamples = isCoefficientMeasure(judge.measure) ? [] : steps.filter((step) => step !== 1);
  const wanted = [judge, ...subsamples.map((subsample) => ({ ...judge, subsample })), ...others];

  const slides: TunedSlide[] = [];
  for (const [i, input] of inputs.entries()) {
    slides.push(await recordSlide(input, wanted, { slide: i + 1, slides: inputs.length }, { ...options, cache }));
  }
  const looks = wanted.filter((look) => slides.every((slide) => slide.looks.has(lookName(look))));
  for (const look of wanted) if (!looks.includes(look)) onEvent?.({ type: 'note', text: leftOut(look) });

  const problem: SearchProblem = { target, judge, looks, ...holdOut(slides, judge), seeds };
  const search = await drive(problem, signal, onEvent);
  const preset = makePreset(problem, search, { software, node: process.version });
  const { drawPareto } = await import('../../tuning/pareto-picture.js');
  return { preset, picture: drawPareto(search, target) };
}

/** What is held out must not be what was tuned on. */
function checkInputs(inputs: readonly string[]): void {
  const twice = inputs.find((input, i) => inputs.findIndex((other) => sameLocation(other, input)) < i);
  if (twice !== undefined) {
    throw new SlideError('usage', 'the slide is named twice', {
      file: shownLocation(twice),
      hint: 'name every slide once',
    });
  }
  if (inputs.length === 0) throw new SlideError('usage', 'expected a slide to tune on, got none');
}

/** Runs the search, lets the signal through between replays, and tells how far it is. */
async function drive(
  problem: SearchProblem,
  signal: AbortSignal | undefined,
  onEvent: EngineListener | undefined,
): Promise<SettingsSearch> {
  const search = searchSettings(problem);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
    onEvent?.({ type: 'replaying', ...step.value });
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
  }
}

function leftOut({ measure }: LookKind): string {
  return `${measure} was not tried: it measures JPEG tiles only`;
}
