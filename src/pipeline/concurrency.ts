// How many tiles are in flight at once.
import { availableParallelism } from 'node:os';
import { SlideError } from '../errors.js';

/** In flight by default: threads are sent several tiles at a time, and have the next at hand. */
export const defaultConcurrency = 8 * availableParallelism();

/** `usage` unless n is a whole number from 1 to 1024. */
export function checkConcurrency(n: number): number {
  if (Number.isInteger(n) && n >= 1 && n <= 1024) return n;
  throw new SlideError('usage', `expected a concurrency of 1 to 1024, got ${n}`);
}
