// What came back for a request, as those who read it see it: no waiting, no counting, no connection.
import { passingFailure } from './http-refusal.js';
import type { PassingFailure } from './retry.js';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** The URL, or what stands for it, in messages. */
  readonly shown: string;
  /** Its body, once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** For what its status stands for; the body is read by `chunks`. */
  readonly response: Pick<Response, 'status' | 'statusText' | 'headers'>;
};

/** The failure of a connection that ended before all was there; `length` is undefined where the server did not say. */
export function cutShort(shown: string, received: number, length: number | undefined, cause?: unknown): PassingFailure {
  const of = length === undefined ? '' : ` of ${length}`;
  return passingFailure(`the connection was cut after ${received}${of} bytes`, shown, cause);
}
