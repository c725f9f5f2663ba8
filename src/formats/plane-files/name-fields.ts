// The numbers in which names of one pattern differ, and what each stands for: the mark before it, or the unit after it, says so.
import type { NameNumber, NameParts } from './name-parts.js';

/** What a number can stand for. */
export type FieldMeaning = 'z' | 'channel' | 'time' | 'other' | 'unknown';

/** A number that differs between names. */
export type NameField = {
  readonly index: number;
  /** The word before it, as written: z, Plane; empty where there is none. */
  readonly mark: string;
  readonly meaning: FieldMeaning;
  /** Whether all names have the unit of micrometres after it. */
  readonly micrometres: boolean;
  /** What a hyphen before it is; undefined where no name has one. */
  readonly hyphen: 'minus' | 'separator' | undefined;
  /** By file, with its sign. */
  readonly values: readonly number[];
};

const marks: readonly (readonly [FieldMeaning, RegExp])[] = [
  [
    'z',
    /^(z|z[-_ ]?(pos|position|plane|slice|stack|level|step|layer|index)|planes?|focus|foc|focal|fokus|defocus|slices?|layers?|depth|height|ebene)$/i,
  ],
  ['channel', /^(c|ch|chan|channels?|w|wave|wavelength|lambda|dye|stain|ex|em)$/i],
  ['time', /^(t|tp|time|times|timepoints?)$/i],
  // What keeps stacks apart: places on the glass, glasses, patients.
  [
    'other',
    /^(x|y|s|f|r|m|p|xy|row|rows|col|cols|column|well|wells|pos|position|positions|site|field|fov|scene|series|tile|stage|region|roi|slide|slides|sample|specimen|patient|case|block|core|spot)$/i,
  ],
];

/** What stands for many things: alone it tells nothing against a number being z. */
const vague = /^[fmprs]$|^pos(ition)?s?$/i;

/** The numbers in which these names, all of one pattern, differ. */
export function differingFields(names: readonly NameParts[]): NameField[] {
  const [first] = names;
  return first.numbers.map((_, index) => fieldAt(names, index)).filter(({ values }) => new Set(values).size > 1);
}

/** Whether names of one pattern have a number that is marked as z and the same in all: then what differs is something else. */
export function isOfOneHeight(names: readonly NameParts[]): boolean {
  const fields = names[0].numbers.map((_, index) => fieldAt(names, index));
  return fields.some(({ mark, values }) => /^z$/i.test(mark) && new Set(values).size === 1);
}

/** Whether a number certainly is no height. */
export function isNoHeight({ meaning, mark }: NameField): boolean {
  return (meaning === 'channel' || meaning === 'other' || meaning === 'time') && !vague.test(mark);
}

function fieldAt(names: readonly NameParts[], index: number): NameField {
  const numbers = names.map((name) => name.numbers[index]);
  const before = names[0].texts[index];
  const mark = wordBefore(before);
  const inMicrometres = numbers.every((each) => each.micrometres);
  const hyphen = hyphenOf(numbers, before);
  const sign = ({ sign }: NameNumber) => (sign === '-' && hyphen === 'minus' ? -1 : 1);
  const known = marks.find(([, words]) => words.test(mark))?.[0];
  const place = known === 'other' && /^[xy]$/i.test(mark);
  return {
    index,
    mark,
    meaning: inMicrometres && !place ? 'z' : (known ?? 'unknown'),
    micrometres: inMicrometres,
    hyphen,
    values: numbers.map((each) => sign(each) * each.value || 0),
  };
}

/**
 * A hyphen that only some names have is a minus, as is one after another separator or at the start. One that all names have after a
 * letter keeps word and number apart.
 */
function hyphenOf(numbers: readonly NameNumber[], before: string): NameField['hyphen'] {
  if (!numbers.some(({ sign }) => sign === '-')) return undefined;
  if (numbers.some(({ sign }) => sign !== '-')) return 'minus';
  // Nobody writes minus nought.
  if (numbers.some(({ value }) => value === 0)) return 'separator';
  return /\p{L}$/u.test(before) ? 'separator' : 'minus';
}

/** The last word of a text, of "slideZ" the Z, of "img_z-pos" all of "z-pos". */
function wordBefore(text: string): string {
  const compound = /(?:^|[^\p{L}])(z[-_ ]?\p{L}+)[^\p{L}]*$/iu.exec(text)?.[1];
  if (compound !== undefined && marks[0][1].test(compound)) return compound;
  const word = /(\p{L}+)[^\p{L}]*$/u.exec(text)?.[1] ?? '';
  return /\p{Ll}(\p{Lu}\p{Ll}*)$/u.exec(word)?.[1] ?? word;
}
