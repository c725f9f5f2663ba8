// Tuning on one page: record the slides, search their settings, hold the choice against what it was not chosen by, make a preset.
import { sameLocation, shownLocation } from '../../bytes/location.js';
import { SlideError, throwIfAborted } from '../../errors.js';
import { isCoefficientMeasure } from '../../focus/focus-measure.js';
import { checkOptions } from '../../options/check-options.js';
import { openingOptions } from '../../options/opening.js';
import { pickOptions } from '../../options/option-table.js';
import { runningOptions } from '../../options/running.js';
import { type TuningOptions, tuningOptions } from '../../options/tuning.js';
import type { EngineListener } from '../../pipeline/engine-event.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { software } from '../../system/version.js';
import { holdOut } from '../../tuning/hold-out.js';
import { makePreset } from '../../tuning/make-preset.js';
import type { Preset } from '../../tuning/preset.js';
import { type SearchProblem, type SettingsSearch, searchSettings } from '../../tuning/search-settings.js';
import type { TunedSlide } from '../../tuning/try-settings.js';
import { type LookKind, lookName } from '../../tuning/tuned-settings.js';
import { isOpen, type SlideInput } from '../open-input.js';
import type { RunOptions } from '../plan-slide.js';
import { defaultCacheFolder } from './number-cache.js';
import { recordSlide } from './record-slide.js';

export type TuneOptions = OpenOptions & TuningOptions & RunOptions;

/** All that can be set of it. */
export const tuneOptions = { ...openingOptions, ...tuningOptions, ...runningOptions } as const;

export type TuneResult = {
  readonly preset: Preset;
  /** Cost against lost sharpness of all that was tried, as SVG. */
  readonly picture: string;
};

const usual = {
  target: tuningOptions.target.default,
  measures: tuningOptions.measures.default,
  subsamples: tuningOptions.subsamples.default,
  seeds: tuningOptions.seeds.default,
};

/** Finds settings for slides like `inputs`, each of which is a slide by itself. */
export async function tuneSlides(inputs: readonly SlideInput[], options: TuneOptions = {}): Promise<TuneResult> {
  checkOptions([tuneOptions], options);
  const { cache = defaultCacheFolder(), signal, onEvent } = options;
  const { target, measures, subsamples: steps, seeds } = { ...usual, ...pickOptions(tuningOptions, options) };
  checkInputs(inputs);
  const [judge, ...others] = measures.map((measure) => ({ measure, subsample: 1 }));
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
function checkInputs(inputs: readonly SlideInput[]): void {
  const paths = inputs.flatMap((input) => (isOpen(input) ? [] : input));
  const twice = paths.find((path, i) => paths.findIndex((other) => sameLocation(other, path)) < i);
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
