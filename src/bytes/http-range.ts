// The answer to a request for a range of bytes (RFC 9110, section 14), checked against what was asked for.
import { SlideError } from '../errors.js';
import { type Answer, cutShort } from './http-answer.js';
import { refusedAnswer } from './http-refusal.js';

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
