// Which of several files are the planes of one stack, in which order, and at which heights: as their names have it.
import { SlideError } from '../../errors.js';
import type { SlideSelection, Taken } from '../../slide/slide-selection.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { choose, takenOf } from '../../slide-source/selection.js';
import { differingFields, isNoHeight, isOfOneHeight, type NameField } from './name-fields.js';
import { type NameParts, takeApart } from './name-parts.js';
import { groupByPattern, listed, refuseSeries } from './name-series.js';

export type OrderedFiles = {
  /** Lowest plane first. */
  readonly files: readonly string[];
  /** Micrometres, one a file; undefined where the names give none. */
  readonly zUm: readonly number[] | undefined;
  /** Which channel and timepoint were taken, of how many that the names tell of. */
  readonly selection: SlideSelection;
  /** How the names were understood. */
  readonly notes: readonly string[];
};

type Choices = Pick<OpenOptions, 'channel' | 'timepoint' | 'timepointAsZ'>;

/** Orders files by the number in their names that is z; `usage`, showing what was understood, where none can be told to be it. */
export function orderPlanes(paths: readonly string[], choices: Choices = {}): OrderedFiles {
  if (paths.length < 2) return { files: paths, zUm: undefined, selection: {}, notes: [] };
  const groups = groupByPattern(takeApart([...paths].sort()));
  if (groups.length > 1) return inGivenOrder(paths, groups);
  const [names] = groups;
  const fields = differingFields(names);
  if (fields.length === 0) throw indistinct(names);
  const { z, others } = chooseHeight(names, fields, choices);
  const { taken, selection } = chooseStack(names, z, others, choices);
  const order = [...taken].sort((a, b) => z.values[a] - z.values[b]);
  checkDistinct(names, z, order);
  checkDecimals(names, z, order);
  const files = order.map((index) => names[index].path);
  const how = `planes ${nameAt(names, order[0])} … ${nameAt(names, order[order.length - 1])} (${order.length})`;
  return {
    files,
    zUm: z.micrometres ? order.map((index) => z.values[index]) : undefined,
    selection,
    notes: [`${how}${understood(z, fields)}`],
  };
}

/** Names that have no pattern in common: only who gave them knows their order. */
function inGivenOrder(paths: readonly string[], groups: readonly (readonly NameParts[])[]): OrderedFiles {
  if (groups.some((group) => group.length > 1)) throw refuseSeries(groups);
  return {
    files: paths,
    zUm: undefined,
    selection: {},
    notes: [`${paths.length} planes in the order given: no number in their names tells it`],
  };
}

/** The number that is z, and the others that differ and say nothing of the order. */
function chooseHeight(names: readonly NameParts[], fields: readonly NameField[], { timepointAsZ = false }: Choices) {
  const isZ = ({ meaning }: NameField) => meaning === 'z' || (timepointAsZ && meaning === 'time');
  const marked = fields.filter(isZ);
  if (marked.length === 0 && isOfOneHeight(names)) {
    throw refuse(names, fields, 'and z is the same in all', 'give the files of one stack');
  }
  const [only] = fields;
  if (fields.length === 1 && (marked.length === 1 || !isNoHeight(only))) return { z: only, others: [] };
  if (fields.length === 1) {
    const hint = only.meaning === 'time' ? '--timepoint-as-z if they are focal planes' : 'give the files of one stack';
    throw refuse(names, fields, `and ${only.mark} is no height`, hint);
  }
  if (marked.length === 0) {
    // Counters that run together are one.
    const together = fields.every((field) => risesWith(fields[0], field) && !isNoHeight(field));
    if (together) return { z: fields[0], others: [] };
    throw refuse(
      names,
      fields,
      'and none is marked as z',
      'call it z, plane or focus, give it the unit um, or give the files of one stack',
    );
  }
  // A height says more than an index beside it.
  const z = marked.find(({ micrometres }) => micrometres) ?? marked[0];
  const others = fields.filter((field) => !marked.includes(field));
  const contradicting = marked.find((field) => !risesWith(z, field) && !risesWith(z, field, -1));
  if (contradicting && others.length === 0)
    throw refuse(names, fields, 'which are not of one order', 'rename them, or leave one out');
  return { z, others };
}

/** The files of one channel and timepoint; `usage` where they are of several stacks. */
function chooseStack(names: readonly NameParts[], z: NameField, others: readonly NameField[], choices: Choices) {
  const all = names.map((_, index) => index);
  // Where no z occurs twice, what else counts up says nothing, unless it is of stacks for sure.
  const apart = isUnique(z) ? others.filter((field) => isNoHeight(field) && field.meaning !== 'time') : others;
  if (apart.length === 0) return { taken: all, selection: {} };
  const chosenAmong = ({ meaning }: NameField) => meaning === 'channel' || meaning === 'time';
  if (isUnique(z) || !apart.every(chosenAmong)) throw severalStacks(names, z, apart);
  let taken = all;
  const selection: { channel?: Taken; timepoint?: Taken } = {};
  for (const field of apart) {
    const what = field.meaning === 'channel' ? 'channel' : 'timepoint';
    const values = [...new Set(field.values)].sort((a, b) => a - b);
    const among = values.map((value, index) => {
      const { numbers } = names[field.values.indexOf(value)];
      return { index, name: `${field.mark}${numbers[field.index].digits}` };
    });
    const chosen = choose(what, among, choices[what], names[0].path);
    taken = taken.filter((file) => field.values[file] === values[chosen.index]);
    selection[what] = takenOf(chosen, among);
  }
  if (taken.length > 0) return { taken, selection };
  throw new SlideError('usage', 'no file is of this channel and timepoint', { file: names[0].path });
}

function isUnique({ values }: NameField): boolean {
  return new Set(values).size === values.length;
}

/** Whether two numbers rise together from file to file, or, with -1, one falls as the other rises. */
function risesWith(a: NameField, b: NameField, way: 1 | -1 = 1): boolean {
  if (!isUnique(a) || !isUnique(b)) return false;
  const order = a.values.map((_, index) => index).sort((i, j) => a.values[i] - a.values[j]);
  return order.every((file, i) => i === 0 || way * (b.values[file] - b.values[order[i - 1]]) > 0);
}

function checkDistinct(names: readonly NameParts[], z: NameField, order: readonly number[]): void {
  const at = order.findIndex((file, i) => i > 0 && z.values[file] === z.values[order[i - 1]]);
  if (at < 0) return;
  const problem = `is plane ${z.values[order[at]]} by its name, as is ${nameAt(names, order[at - 1])}`;
  const hint = 'give the files of one stack';
  throw new SlideError('usage', problem, { file: names[order[at]].path, hint });
}

/** 1.9 and 1.10 may be numbers with decimals or two counters each: `usage` where that makes another order. */
function checkDecimals(names: readonly NameParts[], z: NameField, order: readonly number[]): void {
  if (z.micrometres) return;
  const counters = order.map((file) => names[file].numbers[z.index].digits.split(/[.,]/).map(Number));
  const rises = (i: number) => {
    const [a, b] = [counters[i - 1], counters[i]];
    return a[0] !== b[0] || (a[1] ?? -1) <= (b[1] ?? -1);
  };
  if (counters.every((_, i) => i === 0 || rises(i))) return;
  const problem = `${nameAt(names, order[0])} and the others have numbers that may be decimals, or two counters`;
  throw new SlideError('usage', problem, {
    file: names[order[0]].path,
    hint: 'write decimals to one number of places',
  });
}

function indistinct(names: readonly NameParts[]): SlideError {
  const [first, second] = names;
  const problem = `differs from ${nameOf(second)} in no number`;
  return new SlideError('usage', problem, { file: first.path, hint: 'give the files of one stack' });
}

function severalStacks(names: readonly NameParts[], z: NameField, apart: readonly NameField[]): SlideError {
  const key = (file: number) => apart.map(({ values }) => values[file]).join(' ');
  const stacks = new Map<string, number>();
  for (const [file] of names.entries()) if (!stacks.has(key(file))) stacks.set(key(file), file);
  const patterns = [...stacks.values()].map((file) => patternOf(names[file], z.index));
  const problem = `names differ in ${told(names, [...apart, z])}: ${stacks.size} stacks, ${listed(patterns)}`;
  return new SlideError('usage', problem, { file: names[0].path, hint: 'give one of them, as a pattern in quotes' });
}

function refuse(names: readonly NameParts[], fields: readonly NameField[], because: string, hint: string): SlideError {
  return new SlideError('usage', `names differ in ${told(names, fields)}, ${because}`, { file: names[0].path, hint });
}

/** "the number after "w" (1, 2) and the number after "z" (0 … 4)". */
function told(names: readonly NameParts[], fields: readonly NameField[]): string {
  return fields.map((field) => `${placeOf(field)} (${listed(distinct(names, field))})`).join(' and ');
}

function distinct(names: readonly NameParts[], { index, values }: NameField): string[] {
  const byValue = new Map(values.map((value, file) => [value, names[file].numbers[index].digits]));
  return [...byValue].sort(([a], [b]) => a - b).map(([value, digits]) => (value < 0 ? `-${digits}` : digits));
}

function placeOf({ mark, index }: NameField): string {
  return mark === '' ? `number ${index + 1}` : `the number after "${mark}"`;
}

/** How the order was found, where that is not plain. */
function understood(z: NameField, fields: readonly NameField[]): string {
  const parts: string[] = [];
  if (fields.length > 1 && !z.micrometres) parts.push(`by ${placeOf(z)}`);
  if (z.micrometres) parts.push('by the heights in their names');
  if (z.hyphen !== undefined) parts.push(`the hyphen taken for a ${z.hyphen}`);
  return parts.length > 0 ? `, ${parts.join(', ')}` : '';
}

function patternOf({ name, numbers, kind }: NameParts, index: number): string {
  const { at, digits, sign } = numbers[index];
  return `${name.slice(0, at - sign.length)}*${name.slice(at + digits.length)}.${kind}`;
}

function nameOf({ name, path }: NameParts): string {
  return name + path.slice(path.lastIndexOf('.') < 0 ? path.length : path.lastIndexOf('.'));
}

function nameAt(names: readonly NameParts[], index: number): string {
  return nameOf(names[index]);
}
