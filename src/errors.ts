// The one error zflat throws on purpose: what went wrong, where in which slide, and what to do about it.

/** What kind of failure it is; the command line turns it into an exit code. */
export type SlideErrorCode =
  | 'usage' // an option or argument makes no sense
  | 'unreadable' // the file is missing, or may not be read
  | 'transient' // the same may work later: a busy server, a cut connection, a stale handle
  | 'damaged' // bytes that can't be what the file says they are, or are not there
  | 'unsupported' // a sound file that zflat can't flatten
  | 'contradictory' // a sound file whose metadata and pixels tell of different things
  | 'mismatch' // planes that do not fit together, or a result that is not of its source
  | 'output' // the result can't be written
  | 'installation' // a part of zflat itself is missing
  | 'aborted'; // stopped from outside

/** What to do where the thrower knows no better. */
const commonHints: Partial<Record<SlideErrorCode, string>> = {
  damaged: 'the file is damaged: copy it again',
  contradictory: 'what it says of itself is not what it holds: convert it anew from the original',
};

/** Where in a slide: any part may be unknown. Indices start at 0. */
export type Place = {
  readonly file?: string | undefined;
  readonly level?: number | undefined;
  readonly plane?: number | undefined;
  readonly row?: number | undefined;
  readonly column?: number | undefined;
};

export type SlideErrorDetail = Place & {
  /** What the person at the command line can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
};

/** Thrown for everything that is the fault of input, output, caller or machine; anything else is a defect of zflat. */
export class SlideError extends Error {
  override readonly name = 'SlideError';
  readonly code: SlideErrorCode;
  readonly place: Place;
  readonly hint: string | undefined;
  /** The message without place and hint. */
  readonly problem: string;

  constructor(code: SlideErrorCode, problem: string, { cause, ...detail }: SlideErrorDetail = {}) {
    const { hint = commonHints[code], ...place } = detail;
    super(errorMessage(problem, place, hint), cause === undefined ? undefined : { cause });
    this.code = code;
    this.place = place;
    this.hint = hint;
    this.problem = problem;
  }

  /** The same error with what the thrower could not know; what is known already stays. */
  at(place: Place): SlideError {
    const known = Object.fromEntries(Object.entries(this.place).filter(([, value]) => value !== undefined));
    return new SlideError(this.code, this.problem, {
      ...place,
      ...known,
      hint: this.hint,
      ...(this.cause === undefined ? {} : { cause: this.cause }),
    });
  }
}

/** True for a SlideError, of one of the given codes if any are given. */
export function isSlideError(error: unknown, ...codes: SlideErrorCode[]): error is SlideError {
  return error instanceof SlideError && (codes.length === 0 || codes.includes(error.code));
}

/** Throws `aborted` once the signal is set. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new SlideError('aborted', 'stopped before it was done', {
      cause: signal.reason,
    });
}

/** Runs `work`; a SlideError it ends with is told where. */
export async function locating<T>(place: Place, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isSlideError(error) ? error.at(place) : error;
  }
}

/** "file: level 0, plane 2, row 7, column 12": empty where nothing is known. */
export function describePlace({ file, level, plane, row, column }: Place): string {
  const position = Object.entries({ level, plane, row, column })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return [file, position].filter(Boolean).join(': ');
}

function errorMessage(problem: string, place: Place, hint: string | undefined): string {
  const where = describePlace(place);
  return `${where ? `${where}: ` : ''}${cutLong(problem)}${hint ? ` (${cutLong(hint)})` : ''}`;
}

/** Characters of a problem, or of a hint, at most: what they quote of a file may be as long as the file. */
const maxQuoted = 300;

function cutLong(text: string): string {
  return text.length > maxQuoted ? `${text.slice(0, maxQuoted - 1)}…` : text;
}
