// A channel or timepoint that a person chose by its number.
import { SlideError } from '../errors.js';

/** The index; `usage`, naming those there are, unless it is one of `count`. */
export function chosenIndex(what: 'channel' | 'timepoint', index: number, count: number, file: string): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index;
  const hint = count === 1 ? 'its only one is 0' : `they are numbered 0 to ${count - 1}`;
  throw new SlideError('usage', `there is no ${what} ${index}`, { file, hint });
}
