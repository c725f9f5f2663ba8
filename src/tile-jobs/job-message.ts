// What threads tell each other. A SlideError is taken apart and put together: copied as it is, it would be an error like any other.
import { isSlideError, SlideError, type SlideErrorCode, type SlideErrorDetail } from '../errors.js';
import type { TileJobName } from './tile-jobs.js';

/** Jobs for a thread, in the order in which their results are to come back. */
export type JobBatch = readonly { readonly name: TileJobName; readonly input: readonly unknown[] }[];

export type JobResult = { readonly result: unknown } | { readonly failure: JobFailure };

type JobFailure =
  | { readonly code: SlideErrorCode; readonly problem: string; readonly detail: SlideErrorDetail }
  | { readonly error: unknown };

export function takeApart(error: unknown): JobFailure {
  if (!isSlideError(error)) return { error };
  const { code, problem, place, hint } = error;
  return { code, problem, detail: { ...place, hint, cause: (error.cause as Error | undefined)?.message } };
}

export function putTogether(failure: JobFailure): unknown {
  return 'error' in failure ? failure.error : new SlideError(failure.code, failure.problem, failure.detail);
}
