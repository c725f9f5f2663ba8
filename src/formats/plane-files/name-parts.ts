// A file's name taken apart into numbers and the text between them.
import { folderOfLocation, isUrl } from '../../bytes/location.js';

/** A number in a name. */
export type NameNumber = {
  /** As it stands there, without its sign: 007, 0,3. */
  readonly digits: string;
  /** Without its sign. */
  readonly value: number;
  /** A hyphen or a plus right before it, after no digit: a sign, or no more than a separator. */
  readonly sign: '' | '-' | '+';
  /** Of the digits, in the name. */
  readonly at: number;
  /** Whether a unit of micrometres follows. */
  readonly micrometres: boolean;
};

export type NameParts = {
  /** What was given. */
  readonly path: string;
  /** Without extension, and without the folders that all files have in common. */
  readonly name: string;
  /** Lower case, without dot: tif, jpg, png; the same for the same kind of file. */
  readonly kind: string;
  /** Between, before and after the numbers, signs left out. */
  readonly texts: readonly string[];
  readonly numbers: readonly NameNumber[];
};

/** Hyphen, minus and dash are one: people type what their keyboard has. */
const number = /(?<=^|\D)([+\-\u2212\u2013]?)(\d+(?:[.,]\d+)?)/gu;
const micrometres = /^[ _]?(?:[u\u00b5\u03bc]m|microns?)(?!\p{L})/iu;
const extension = /(?:\.ome)?\.([a-z][a-z0-9]{0,4})$/i;
const sameKinds: Readonly<Record<string, string>> = { tiff: 'tif', tf2: 'tif', tf8: 'tif', btf: 'tif', jpeg: 'jpg' };

/** The parts of each name. */
export function takeApart(paths: readonly string[]): NameParts[] {
  const common = commonFolder(paths);
  return paths.map((path) => partsOf(path, decoded(path).slice(common)));
}

function partsOf(path: string, shown: string): NameParts {
  const whole = shown.normalize('NFC');
  const ending = extension.exec(whole);
  const kind = ending?.[1].toLowerCase() ?? '';
  const name = ending ? whole.slice(0, ending.index) : whole;
  const texts: string[] = [];
  const numbers: NameNumber[] = [];
  let end = 0;
  for (const match of name.matchAll(number)) {
    const [all, sign, digits] = match;
    texts.push(name.slice(end, match.index));
    end = match.index + all.length;
    numbers.push({
      digits,
      value: Number(digits.replace(',', '.')),
      sign: sign === '' || sign === '+' ? sign : '-',
      at: match.index + sign.length,
      micrometres: micrometres.test(name.slice(end)),
    });
  }
  texts.push(name.slice(end));
  return { path, name, kind: sameKinds[kind] ?? kind, texts, numbers };
}

/** Length of what all paths have in common up to a folder. */
function commonFolder(paths: readonly string[]): number {
  const [first, ...others] = paths.map(decoded);
  let length = folderLength(first ?? '');
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length = folderLength(first.slice(0, length - 1));
  }
  return length;
}

function folderLength(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}

/** The path, or that of the URL, as people read it. */
function decoded(location: string): string {
  if (!isUrl(location)) return location;
  const path = `${folderOfLocation(location)}/${location.split(/[?#]/, 1)[0].split('/').pop()}`;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
