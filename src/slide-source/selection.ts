// Which channel, timepoint and scene is flattened: one chooser and one rule for all formats. An option that names what is not there is
// refused; one that has no effect, and a choice that nobody made, are noted.
import { SlideError } from '../errors.js';
import type { SlideInfo } from '../slide/slide-info.js';
import type { SelectionPart, SlideSelection, Taken } from '../slide/slide-selection.js';
import type { OpenOptions } from './open-options.js';

/** One that can be chosen: by its index, or by a name. */
export type Choice = {
  readonly index: number;
  readonly name?: string | undefined;
  readonly alias?: string | undefined;
};

/** Choices named in a refusal at most. */
const maxListed = 20;

/**
 * The one that is wanted, by index or name, else `otherwise`; `usage`, naming those there are, where there is no such one. A number
 * that is no index may be a name: some files name channels so.
 */
export function choose<T extends Choice>(
  part: SelectionPart,
  among: readonly T[],
  wanted: number | string | undefined,
  file: string,
  otherwise = among[0],
): T {
  if (wanted === undefined) return otherwise;
  const called = String(wanted).normalize('NFC');
  const found =
    among.find(({ index }) => index === wanted) ??
    among.find(({ name, alias }) => [name, alias].some((each) => each?.normalize('NFC') === called));
  if (found) return found;
  const problem = `there is no ${part} ${typeof wanted === 'string' ? JSON.stringify(wanted) : wanted}`;
  throw new SlideError('usage', problem, { file, hint: knownOnes(part, among) });
}

/** Choices that are numbered from 0; `nameOf` is asked for the name of each. */
export function numbered(count: number, nameOf: (index: number) => string | undefined = () => undefined): Choice[] {
  return Array.from({ length: count }, (_, index) => ({ index, name: nameOf(index) }));
}

/** For SlideInfo. */
export function takenOf({ index, name }: Choice, among: readonly Choice[]): Taken {
  return { index, name, count: among.length };
}

function knownOnes(part: SelectionPart, among: readonly Choice[]): string {
  const [{ index: first }] = among;
  const last = among[among.length - 1].index;
  const shown = among.map(({ index, name }) => (name === undefined ? `${index}` : `${index} (${name})`));
  if (shown.length === 1) return `its only one is ${shown[0]}`;
  if (among.every(({ index, name }) => name === undefined && index - first < among.length)) {
    return `they are numbered ${first} to ${last}`;
  }
  return `its ${part}s are ${shown.slice(0, maxListed).join(', ')}${shown.length > maxListed ? ', …' : ''}`;
}

/**
 * The facts of a slide with its whole selection, and notes of what nobody chose and of options without effect; `usage` where an option
 * names what the format has not. `timepointsAsPlanes`: the format understands the option of that name.
 */
export function noteSelection(info: SlideInfo, options: OpenOptions, timepointsAsPlanes: boolean): SlideInfo {
  const [file] = info.files;
  const read = info.scenes?.find((scene) => scene.read);
  const known: SlideSelection = {
    ...info.selection,
    ...(read && { scene: takenOf(read, info.scenes ?? []) }),
  };
  const selection: Partial<Record<SelectionPart, Taken>> = { ...known };
  const notes: string[] = [];
  for (const part of ['channel', 'timepoint', 'scene'] as const) {
    const wanted = options[part];
    const told = known[part];
    if (!told) {
      const only = numbered(1, () => (part === 'channel' ? info.channelName : undefined));
      const [choice] = [choose(part, only, wanted, file)];
      if (!info.selection || !(part in info.selection)) selection[part] = takenOf(choice, only);
    } else if (told.count > 1 && wanted === undefined) {
      notes.push(takenNote(part, told, info.planes.length === 1 && timepointsAsPlanes));
    }
  }
  return { ...info, selection, notes: [...info.notes, ...notes, ...withoutEffect(info, options)] };
}

function takenNote(part: SelectionPart, { index, name, count }: Taken, mayBePlanes: boolean): string {
  if (part === 'timepoint' && mayBePlanes) {
    return `${count} timepoints, 1 plane: --timepoint-as-z if they are focal planes`;
  }
  const called = name === undefined ? '' : ` (${name})`;
  const which = index < count ? `${index} of ${count}${called} taken` : `${index}${called} taken, one of ${count}`;
  return `${part} ${which}: --${part} takes another`;
}

/** Options that the slide leaves no room for. */
function withoutEffect({ levels, planes }: SlideInfo, { tileSize, zStepUm }: OpenOptions): string[] {
  const [{ grid }] = levels;
  const notes: string[] = [];
  if (tileSize !== undefined && (grid.tileWidth !== tileSize || grid.tileHeight !== tileSize)) {
    notes.push(`--tile-size has no effect: the slide has tiles of its own, ${grid.tileWidth} x ${grid.tileHeight}`);
  }
  if (zStepUm !== undefined && planes.length === 1) notes.push('--z-step has no effect: there is one plane');
  return notes;
}
