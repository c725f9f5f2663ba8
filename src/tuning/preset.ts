// A preset: settings for slides of one kind, with the evidence for them (schema zflat.preset/1).
import { SlideError } from '../errors.js';
import { type FocusMeasureName, isFocusMeasure } from '../focus/focus-measure.js';
import { checkOptions } from '../options/check-options.js';
import type { Bands, HeldOutBy } from './hold-out.js';
import type { TrialSummary } from './try-settings.js';
import { type TunedSettings, tunedOptions } from './tuned-settings.js';

export const presetSchema = 'zflat.preset/1';

/** How settings did on a slide, or on a half. */
export type PresetFigures = TrialSummary;

export type PresetEvidence = {
  /** Whether the settings are the defaults, and why. */
  readonly verdict: 'default' | 'tuned';
  readonly text: string;
  /** The measure that every map was judged by, on all its pixels. */
  readonly judge: string;
  /** What was held out: slides; of a single one bands of its tiles or, where that can't be cut in two, only other seeds. */
  readonly heldOut: HeldOutBy;
  /** The bands, each of so many rows or columns of tiles: the first, third … are the tuning half. Costs are of the whole slide. */
  readonly bands?: Bands;
  readonly seeds: { readonly tuning: readonly number[]; readonly heldOut: readonly number[] };
  /** How many settings were tried. */
  readonly tried: number;
  readonly halves: Readonly<
    Record<'tuning' | 'heldOut', { readonly chosen: PresetFigures; readonly default: PresetFigures }>
  >;
  readonly slides: readonly {
    readonly name: string;
    /** Names, without folders. */
    readonly files: readonly string[];
    /** That are judged: those of its half, where bands are held out. */
    readonly tiles: number;
    readonly planes: number;
    readonly half: 'tuning' | 'held out';
    readonly chosen: PresetFigures;
    readonly default: PresetFigures;
  }[];
  /** Settings of the tuning half that none beats in both cost and retained sharpness, from cheap to dear. */
  readonly pareto: readonly (PresetFigures & { readonly settings: TunedSettings; readonly keeps: boolean })[];
  readonly software: string;
  readonly node: string;
};

export type Preset = {
  readonly schema: 'zflat.preset/1';
  readonly settings: TunedSettings;
  readonly evidence: PresetEvidence;
};

const hint = 'make it anew with zflat tune';

/** What is used of a preset. */
export type PresetInUse = {
  readonly settings: TunedSettings;
  /** The measure that its evidence was judged by; undefined where it has no evidence. */
  readonly judge: FocusMeasureName | undefined;
};

/** The settings of a preset; `usage` where `text` is none. `file` is named in messages. */
export function parsePreset(text: string, file: string): PresetInUse {
  const preset = parseJson(text, file);
  if (!isRecord(preset)) throw refusal('is no preset', file);
  const { schema, settings, evidence } = preset;
  if (schema !== presetSchema) {
    throw refusal(`expected a preset of schema ${presetSchema}, got ${JSON.stringify(schema) ?? 'none'}`, file);
  }
  if (!isRecord(settings)) throw refusal('the preset has no settings', file);
  const judge = isRecord(evidence) ? evidence.judge : undefined;
  if (judge !== undefined && !(typeof judge === 'string' && isFocusMeasure(judge))) {
    throw refusal(`the preset's judge is damaged: ${JSON.stringify(judge)}`, file);
  }
  return { settings: checkSettings(settings, file), judge };
}

function checkSettings(settings: Readonly<Record<string, unknown>>, file: string): TunedSettings {
  const { scoreLevel, ...others } = settings;
  try {
    checkOptions([tunedOptions], { ...others, scoreLevel: scoreLevel ?? undefined });
  } catch (cause) {
    throw new SlideError('usage', `a setting of the preset makes no sense: ${(cause as SlideError).problem}`, {
      file,
      hint,
      cause,
    });
  }
  const missing = Object.keys(tunedOptions).find((name) => !Object.hasOwn(settings, name));
  if (missing !== undefined) throw refusal(`the preset's ${missing} is missing`, file);
  return settings as TunedSettings;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlideError('usage', 'the preset is damaged: it is no JSON', { file, hint, cause });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(problem: string, file: string): SlideError {
  return new SlideError('usage', problem, { file, hint });
}
