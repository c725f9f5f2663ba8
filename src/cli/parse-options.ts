// Option values, from text to what they mean; anything else is wrong usage, said with what was expected.
import { InvalidArgumentError } from 'commander';
import { type FocusMeasureName, focusMeasureNames, isFocusMeasure } from '../focus/focus-measure.js';

/** A number within bounds (included); `whole` for whole numbers alone. */
export function numberIn(least: number, most: number, { whole = false } = {}): (text: string) => number {
  const kind = whole ? 'whole number' : 'number';
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const range = Number.isFinite(most) ? `from ${least} to ${most}` : `of ${least} or more`;
    throw new InvalidArgumentError(`expected a ${kind} ${range}.`);
  };
}

/** One of a few numbers. */
export function oneOf(...numbers: number[]): (text: string) => number {
  return (text) => {
    if (numbers.includes(Number(text))) return Number(text);
    throw new InvalidArgumentError(`expected one of ${numbers.join(', ')}.`);
  };
}

/** A file name that ends in one of these. */
export function fileEndingIn(...endings: string[]): (text: string) => string {
  return (text) => {
    if (endings.some((ending) => text.toLowerCase().endsWith(ending))) return text;
    throw new InvalidArgumentError(`expected a file ending in ${endings.join(' or ')}.`);
  };
}

/** Endings of files that are no TIFF, or one of a vendor's own: who names a slide so expects what zflat does not write. */
const foreignEndings = /\.(svs|ndpi|scn|bif|czi|mrxs|vsi|dcm|zarr|dzi|jpe?g|png|jp2|j2k|jxr|json|html?|csv|svg|pdf)$/i;

/** The name of a slide that is written. */
export function slideName(text: string): string {
  if (!foreignEndings.test(text)) return text;
  throw new InvalidArgumentError('expected a file ending in .ome.tiff: zflat writes TIFF alone.');
}

/** Several values with commas between. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map((part) => parse(part.trim()));
}

/** The name of a focus measure. */
export function measureName(text: string): FocusMeasureName {
  if (isFocusMeasure(text)) return text;
  throw new InvalidArgumentError(`expected one of ${focusMeasureNames.join(', ')}.`);
}

/** A header line, as its name and value. */
export function headerLine(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  if (colon > 0 && name !== '') return [name, value];
  throw new InvalidArgumentError('expected "Name: value".');
}

/** A channel or scene: an index where it is all digits, else a name. */
export function indexOrName(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** How strongly red, green and blue are stained: three numbers, or one for all. */
export function stainOf(text: string): [number, number, number] {
  const [red, green = red, blue = red, ...more] = listOf(numberIn(0, 4))(text);
  if (more.length === 0 && text.split(',').length !== 2) return [red, green, blue];
  throw new InvalidArgumentError('expected one number, or three with commas between.');
}
