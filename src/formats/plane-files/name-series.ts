// Series of files: names of one pattern, which differ in numbers alone.
import { SlideError } from '../../errors.js';
import { associatedKind } from '../../slide-source/associated-pictures.js';
import { type NameParts, takeApart } from './name-parts.js';

/** Names told one by one at most. */
const maxListed = 8;

/** Names by their pattern, the largest group first; of one pattern, but kept in two kinds of file, by kind. */
export function groupByPattern(names: readonly NameParts[]): NameParts[][] {
  const groups = [...grouped(names, patternOf).values()].flatMap((group) => {
    const numbered = new Set(
      group.map(({ texts, numbers }) => texts.length + numbers.map(({ sign, value }) => `${sign}${value}`).join()),
    );
    // Where a name is there once in each kind, the kinds are series of their own; else the kinds make one.
    return numbered.size < group.length ? [...grouped(group, ({ kind }) => kind).values()] : [group];
  });
  return groups.sort((a, b) => b.length - a.length);
}

/** The files of one stack among those of a folder, and those left out; `usage` where there are several stacks, or none can be told. */
export function chooseSeries(folder: string, files: readonly string[]): { series: string[]; leftOut: string[] } {
  const names = takeApart(files);
  const groups = groupByPattern(names);
  const [largest = [], second = []] = groups;
  if (second.length > 1) throw refuseSeries(groups, folder);
  const slides = names.filter((each) => !associatedKind(each.name));
  const series = largest.length > 1 ? largest : slides;
  const chosen = new Set(series.map(({ path }) => path));
  const leftOut = files.filter((file) => !chosen.has(file));
  const strangers = leftOut.filter((file) => !associatedKind(file));
  // A few pictures beside a series are no part of it; many are perhaps planes under names of another pattern.
  if (series.length === 1 || (largest.length > 1 && 2 * strangers.length < series.length)) {
    return { series: [...chosen], leftOut };
  }
  const problem = `holds ${files.length} pictures whose names are not of one pattern: ${listed(files)}`;
  const hint = 'give the files of one stack one by one, or by a pattern';
  throw new SlideError('usage', problem, { file: folder, hint });
}

/** The refusal of several series. */
export function refuseSeries(groups: readonly (readonly NameParts[])[], folder?: string): SlideError {
  const told = groups.map((group) => {
    const [first, last] = [group[0], group[group.length - 1]];
    return group.length === 1
      ? `${first.name}.${first.kind}`
      : `${first.name} … ${last.name}.${last.kind} (${group.length})`;
  });
  const problem = `${groups.length} patterns of names, which are not the planes of one stack: ${listed(told)}`;
  const hint = 'give the files of one stack, for example by a pattern in quotes';
  return new SlideError('usage', problem, { file: folder ?? groups[0][0].path, hint });
}

/** Some of them, with commas: the first and the last where they are many. */
export function listed(names: readonly string[]): string {
  if (names.length <= maxListed) return names.join(', ');
  return `${names.slice(0, maxListed - 1).join(', ')} … ${names[names.length - 1]}`;
}

/** The text of a name; micrometres are one unit however they are written. */
function patternOf({ texts }: NameParts): string {
  return texts
    .join('#')
    .toLowerCase()
    .replace(/#[ _]?(?:[u\u00b5\u03bc]m|microns?)(?!\p{L})/gu, '#um');
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
