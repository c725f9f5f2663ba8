// The order of planes that lie in a file each, and their heights, from their names.
import { basename } from 'node:path';

export type OrderedFiles = {
  /** Lowest plane first. */
  readonly files: readonly string[];
  /** Micrometres, one a file; undefined where the names give none. */
  readonly zUm: readonly number[] | undefined;
};

/** A height in a name: "-3.0um", "+1.5 µm". */
const heightPattern = /([+-]?\d+(?:\.\d+)?)\s?(?:um|[\u00b5\u03bc]m)(?![a-z])/i;

let collator: Intl.Collator | undefined;

/** z2 before z10. The collator is made when it is first needed: that takes some milliseconds. */
function compareNaturally(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}

/** Orders files by the height in their names where each has one of its own, else naturally: z2 before z10. */
export function orderPlanes(paths: readonly string[]): OrderedFiles {
  const heights = paths.map((path) => Number(heightPattern.exec(path)?.[1] ?? Number.NaN));
  if (new Set(heights).size === paths.length && heights.every(Number.isFinite)) {
    const order = paths.map((_, index) => index).sort((a, b) => heights[a] - heights[b]);
    return { files: order.map((index) => paths[index]), zUm: order.map((index) => heights[index]) };
  }
  return { files: [...paths].sort(compareNaturally), zUm: undefined };
}

/**
 * The files of one stack among those of a folder: the largest group whose names differ in nothing but numbers; of equal groups
 * the first by name.
 */
export function largestSeries(paths: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const path of [...paths].sort(compareNaturally)) {
    const pattern = basename(path).replace(heightPattern, '#um').replace(/\d+/g, '#');
    groups.set(pattern, [...(groups.get(pattern) ?? []), path]);
  }
  return [...groups.values()].reduce<string[]>((best, group) => (group.length > best.length ? group : best), []);
}
