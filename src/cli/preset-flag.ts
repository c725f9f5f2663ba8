// --preset: the settings of a preset stand in for flags that the command line does not name.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SlideError } from '../errors.js';
import type { FocusMeasureName } from '../focus/focus-measure.js';
import type { OptionTable } from '../options/option-table.js';
import type { PlanningOptions } from '../options/planning.js';
import { parsePreset } from '../tuning/preset.js';

export const presetFlag = {
  preset: {
    kind: 'file',
    endings: ['.json'],
    unit: 'file',
    text: 'settings that zflat tune has found; options on the command line win over it',
  },
} as const satisfies OptionTable<{ preset: string }>;

/** What the command line says, with the settings of the preset that it names, if any, behind it; `usage` where it is no preset. */
export async function withPreset<
  Given extends Omit<PlanningOptions, 'grain'> & { readonly judge?: FocusMeasureName | undefined },
>(given: Given): Promise<Given> {
  const { preset } = given;
  if (preset === undefined) return given;
  const text = await readFile(preset, 'utf8').catch((cause: Error) => {
    const hint = 'name a file that zflat tune has written';
    throw new SlideError('usage', `the preset can not be read: ${cause.message}`, { file: preset, hint, cause });
  });
  const { settings, judge } = parsePreset(text, preset);
  return {
    ...settings,
    // The level is what the preset's own method is to survey: another one would take it for all there is to see.
    scoreLevel: given.method === undefined ? (settings.scoreLevel ?? undefined) : undefined,
    // Of another measure than the preset's, its evidence says nothing.
    judge: given.measure === undefined ? judge : undefined,
    ...given,
    preset: basename(preset),
  };
}
