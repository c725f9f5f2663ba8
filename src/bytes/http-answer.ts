// The answer to a request, read and checked: a range of bytes (RFC 9110, section 14) against what was asked for; something whole, a tile or
// a description, against what it may have at most.
import { isSlideError, SlideError } from '../errors.js';
import { httpStatusOf, refusedAnswer, TransientError, transientFailure } from './http-failure.js';

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

export type RangeAnswer = {
  readonly bytes: Uint8Array;
  /** Length of the whole file. */
  readonly total: number;
  readonly version: FileVersion;
};

/** What a server says of the state of a file; undefined where it does not. */
export type FileVersion = { readonly etag: string | undefined; readonly lastModified: string | undefined };

/** Bytes from `offset` on, at least one and at most `length`; throws where the answer is another. */
export async function readRange(answer: Answer, offset: number, length: number): Promise<RangeAnswer> {
  const { shown, headers } = answer;
  const { end, total } = checkAnswer(answer, offset, length);
  const bytes = Buffer.allocUnsafeSlow(end - offset);
  let received = 0;
  for await (const chunk of answer.chunks) {
    if (received + chunk.length > bytes.length) throw wrongAnswer(`more than ${bytes.length} bytes`, shown);
    bytes.set(chunk, received);
    received += chunk.length;
  }
  if (received < bytes.length) throw cutShort(shown, received, bytes.length);
  return { bytes, total, version: versionOf(headers) };
}

/** The end of the bytes that an answer holds, and the length of the file. */
function checkAnswer({ status, headers, shown, response }: Answer, offset: number, length: number) {
  const range = headers.get('content-range') ?? '';
  if (status === 416) {
    const size = Number(/^bytes \*\/(\d+)$/i.exec(range)?.[1] ?? Number.NaN);
    const problem = offset === 0 ? 'the file is empty' : `the file has become shorter, ${size} bytes`;
    throw new SlideError('damaged', problem, { file: shown, hint: 'copy it to the server again' });
  }
  if (status !== 206) throw refusedAnswer(response, shown);
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw wrongAnswer(`bytes compressed with ${encoding}`, shown);
  const [, from, last, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/i.exec(range) ?? []).map(Number);
  const asked = `bytes ${offset} to ${offset + length - 1}`;
  const plausible = from === offset && last >= from && last < Math.min(total, offset + length);
  if (!plausible) throw wrongAnswer(`"${range || 'no Content-Range'}" to a request for ${asked}`, shown);
  return { end: last + 1, total };
}

function wrongAnswer(what: string, shown: string): SlideError {
  const hint = 'the server does not answer range requests as it should: download the file';
  return new SlideError('unreadable', `the server answers ${what}`, { file: shown, hint });
}

function versionOf(headers: Headers): FileVersion {
  // A weak ETag says as much for our end: the same file, in whatever form it is sent.
  return {
    etag: headers.get('etag')?.replace(/^W\//, ''),
    lastModified: headers.get('last-modified') ?? undefined,
  };
}

export type WholeRequest = {
  /** Bytes that the answer may have; one of more is refused. */
  readonly maxBytes: number;
  /** What stands for the URL in messages. */
  readonly shown?: string | undefined;
  /** Text sent by POST, as JSON. */
  readonly body?: string | undefined;
  /** What to do about an answer of 401 or 403. */
  readonly signIn?: string | undefined;
  /** The server's own words in the body of an answer that refuses; undefined where there are none. */
  readonly wordsIn?: ((body: string) => string | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Of an answer that refuses, so much is looked into for words. */
const maxWordBytes = 16_384;

/** The bytes of an answer; throws where it refuses, with the server's words, or is longer than allowed. */
export async function readWhole(answer: Answer, { maxBytes, signIn, wordsIn }: WholeRequest): Promise<Uint8Array> {
  const { status, headers, shown, response } = answer;
  if (status !== 200) {
    const body = wordsIn ? await firstBytes(answer.chunks, maxWordBytes) : Buffer.alloc(0);
    throw withWords(refusedAnswer(response, shown, signIn), wordsIn?.(body.toString('utf8')));
  }
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const tooLong = (bytes: number) =>
    new SlideError('unreadable', `the server answers ${bytes} bytes, where ${maxBytes} would be many`, {
      file: shown,
      hint: 'check the URL',
    });
  if (length > maxBytes) throw tooLong(length);
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of answer.chunks) {
    received += chunk.length;
    if (received > maxBytes) throw tooLong(received);
    parts.push(chunk);
  }
  const compressed = headers.has('content-encoding');
  if (!compressed && received < length) throw cutShort(shown, received, length);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

async function firstBytes(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    received += chunk.length;
    if (received >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

/** The refusal with the server's words. One of 500 with words is final: the server knows what is wrong. */
function withWords(refusal: SlideError | TransientError, words: string | undefined): SlideError | TransientError {
  if (words === undefined) return refusal;
  const { code, problem, place, hint, cause } = isSlideError(refusal) ? refusal : refusal.failure;
  const final = isSlideError(refusal) || httpStatusOf(refusal.failure) === 500;
  const told = new SlideError(final && code === 'transient' ? 'unreadable' : code, `${problem}: ${words}`, {
    ...place,
    hint,
    cause,
  });
  return final ? told : new TransientError(told, refusal.afterMs);
}

/** The failure of a connection that ended before all was there; `length` is undefined where the server did not say. */
export function cutShort(shown: string, received: number, length: number | undefined, cause?: unknown): TransientError {
  const of = length === undefined ? '' : ` of ${length}`;
  return transientFailure(`the connection was cut after ${received}${of} bytes`, shown, cause);
}
