// Exit codes of the command line: 0 done, 1 failed, 2 wrong usage, 3 the slide can't be read, is damaged, unsupported or contradicts itself, 4 written but a limit that
// was set is missed, 75 (EX_TEMPFAIL of sysexits.h) the same may work later, 128 and its number where a signal ended it.
import { isSlideError, type SlideErrorCode } from '../errors.js';

export const wrongUsage = 2;
export const unreadableSlide = 3;
export const targetUnmet = 4;
export const tryAgain = 75;

const exitCodes: Record<SlideErrorCode, number> = {
  usage: wrongUsage,
  unreadable: unreadableSlide,
  transient: tryAgain,
  damaged: unreadableSlide,
  unsupported: unreadableSlide,
  contradictory: unreadableSlide,
  mismatch: unreadableSlide,
  output: 1,
  installation: 1,
  aborted: 1,
};

/** Signals that end a command, with what it ends with: 128 and the signal's number. */
export const signalExits = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  return isSlideError(error) ? exitCodes[error.code] : 1;
}
