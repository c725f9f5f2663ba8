// The answer to a request for something whole: a tile, a description. It is bounded before it is kept, for nobody knows how long it is.
import { isSlideError, SlideError } from '../errors.js';
import { type Answer, cutShort } from './http-answer.js';
import { httpStatusOf, refusedAnswer } from './http-refusal.js';
import { PassingFailure } from './retry.js';

export type WholeRequest = {
  /** Bytes that the answer may have; one of more is refused. */
  readonly mostBytes: number;
  /** What stands for the URL in messages. */
  readonly shown?: string | undefined;
  /** Text sent by POST, as JSON. */
  readonly body?: string | undefined;
  /** Neither token nor headers of the person's go along: for a server that they did not name. */
  readonly anonymous?: boolean | undefined;
  /** What to do about an answer of 401 or 403. */
  readonly signIn?: string | undefined;
  /** The server's own words in the body of an answer that refuses; undefined where there are none. */
  readonly wordsIn?: ((body: string) => string | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Of an answer that refuses, so much is looked into for words. */
const mostWords = 16_384;

/** The bytes of an answer; throws where it refuses, with the server's words, or is longer than allowed. */
export async function readWhole(answer: Answer, { mostBytes, signIn, wordsIn }: WholeRequest): Promise<Uint8Array> {
  const { status, headers, shown, response } = answer;
  if (status !== 200) {
    const body = wordsIn ? await firstBytes(answer.chunks, mostWords) : Buffer.alloc(0);
    throw withWords(refusedAnswer(response, shown, signIn), wordsIn?.(body.toString('utf8')));
  }
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const tooLong = (bytes: number) =>
    new SlideError('unreadable', `the server answers ${bytes} bytes, where ${mostBytes} would be many`, {
      file: shown,
      hint: 'check the URL',
    });
  if (length > mostBytes) throw tooLong(length);
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of answer.chunks) {
    received += chunk.length;
    if (received > mostBytes) throw tooLong(received);
    parts.push(chunk);
  }
  const compressed = headers.has('content-encoding');
  if (!compressed && received < length) throw cutShort(shown, received, length);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

async function firstBytes(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    received += chunk.length;
    if (received >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most);
}

/** The refusal with the server's words. One of 500 with words is final: the server knows what is wrong. */
function withWords(refusal: SlideError | PassingFailure, words: string | undefined): SlideError | PassingFailure {
  if (words === undefined) return refusal;
  const { code, problem, place, hint, cause } = isSlideError(refusal) ? refusal : refusal.failure;
  const told = new SlideError(code, `${problem}: ${words}`, { ...place, hint, cause });
  const final = isSlideError(refusal) || httpStatusOf(told) === 500;
  return final ? told : new PassingFailure(told, refusal.afterMs);
}
