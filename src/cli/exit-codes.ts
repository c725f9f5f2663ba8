// Exit codes of the command line (design, section 6): 0 done, 1 failed, 2 wrong usage, 3 the slide can't be read or is damaged,
// 4 the target could not be met within --max-cost.
import { isSlideError, type SlideErrorCode } from '../errors.js';

export const wrongUsage = 2;
export const unreadableSlide = 3;
export const targetUnmet = 4;

const exitCodes: Record<SlideErrorCode, number> = {
  usage: wrongUsage,
  unreadable: unreadableSlide,
  damaged: unreadableSlide,
  unsupported: unreadableSlide,
  mismatch: unreadableSlide,
  output: 1,
  installation: 1,
  aborted: 1,
};

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  return isSlideError(error) ? exitCodes[error.code] : 1;
}
