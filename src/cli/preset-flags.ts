// --preset: the settings of a preset stand in for flags that the command line does not name.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { SlideError } from '../errors.js';
import type { FocusMeasureName } from '../focus/focus-measure.js';
import { parsePreset } from '../tuning/preset.js';
import { fileEndingIn } from './parse-options.js';

export type PresetFlags = {
  readonly preset?: string;
  /** Of zflat compare; by default the judge of the preset's evidence. */
  readonly judge?: FocusMeasureName;
};

export function addPresetOption(command: Command): Command {
  const text = 'settings that zflat tune has found; options on the command line win over it';
  return command.addOption(new Option('--preset <file>', text).argParser(fileEndingIn('.json')));
}

/** The flags with the settings of the preset that they name, if any, and its name without folders; `usage` where it is no preset. */
export async function withPreset<Flags extends PresetFlags>(flags: Flags, command: Command): Promise<Flags> {
  const { preset } = flags;
  if (preset === undefined) return flags;
  const text = await readFile(preset, 'utf8').catch((cause: Error) => {
    const hint = 'name a file that zflat tune has written';
    throw new SlideError('usage', `the preset can not be read: ${cause.message}`, { file: preset, hint, cause });
  });
  const isSaid = (name: string) => command.getOptionValueSource(name) === 'cli';
  const { settings: found, judge } = parsePreset(text, preset);
  const { scoreLevel, ...settings } = found;
  // The level is what the preset's own method is to survey: another one would take it for all there is to see.
  const surveyed = isSaid('method') ? undefined : (scoreLevel ?? undefined);
  // Of another measure than the preset's, its evidence says nothing.
  const judged = isSaid('measure') ? undefined : judge;
  const named = Object.entries({ ...settings, scoreLevel: surveyed, judge: judged }).filter(([name]) => !isSaid(name));
  return { ...flags, ...Object.fromEntries(named), preset: basename(preset) };
}
