// Ranges of bytes by HTTP (RFC 9110, section 14): sent with what lets one in, checked, timed, tried again, counted.
import { SlideError, throwIfAborted } from '../errors.js';
import { failedConnection, passingFailure, refusedAnswer } from './http-refusal.js';
import { isUrl, shownLocation } from './location.js';
import { Patience } from './patience.js';
import { firstWaitMs, PassingFailure, retrying } from './retry.js';
import { Turnstile } from './turnstile.js';

export type NetworkOptions = {
  /** Header lines, name and value, sent with every request to the server that the URL names. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Bearer token (RFC 6750); sent over https, and to this machine, alone. */
  readonly token?: string | undefined;
  /** Milliseconds without a byte after which a request is given up and tried again; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds before the second try; each further wait is twice as long. 500 by default. */
  readonly retryWaitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What came over the network. */
export type Transfer = {
  /** Answers waited for, failed ones included. */
  requests: number;
  /** Bytes received of files. */
  bytes: number;
};

export type RangeAnswer = {
  readonly bytes: Uint8Array;
  /** Length of the whole file. */
  readonly total: number;
  readonly version: FileVersion;
};

/** What a server says of the state of a file; undefined where it does not. */
export type FileVersion = { readonly etag: string | undefined; readonly lastModified: string | undefined };

/** Requests at once: more than browsers make (6 a host), fewer than servers refuse. */
const mostRequests = 16;
const mostRedirects = 5;
const defaultTimeoutMs = 30_000;

export class HttpClient {
  readonly transfer: Transfer = { requests: 0, bytes: 0 };
  readonly #options: NetworkOptions;
  readonly #turnstile = new Turnstile(mostRequests);

  /** Throws `usage` for headers that can't be sent. */
  constructor(options: NetworkOptions = {}) {
    this.#options = options;
    for (const [name, value] of options.headers ?? []) checkHeader(name, value);
    if (options.token !== undefined) checkHeader('Authorization', `Bearer ${options.token}`);
  }

  /** Bytes from `offset` on, at least one and at most `length`, as many as the server gives; tried again where that may help. */
  range(url: string, offset: number, length: number, signal?: AbortSignal): Promise<RangeAnswer> {
    const { retryWaitMs = firstWaitMs, signal: ended } = this.#options;
    const attempt = () => this.#turnstile.pass(() => this.#attempt(url, offset, length, signal));
    return retrying(attempt, retryWaitMs, signal ?? ended);
  }

  async #attempt(url: string, offset: number, length: number, signal?: AbortSignal): Promise<RangeAnswer> {
    const { timeoutMs = defaultTimeoutMs, signal: ended } = this.#options;
    for (const each of [signal, ended]) throwIfAborted(each);
    const shown = shownLocation(url);
    const patience = new Patience(timeoutMs, [signal, ended]);
    let received = 0;
    try {
      this.transfer.requests++;
      const response = await this.#follow(url, `bytes=${offset}-${offset + length - 1}`, patience.signal);
      const { end, total } = await checkAnswer(response, shown, offset, length);
      const bytes = Buffer.allocUnsafeSlow(end - offset);
      for await (const chunk of response.body ?? []) {
        patience.renew();
        this.transfer.bytes += chunk.length;
        if (received + chunk.length > bytes.length) throw wrongAnswer(`more than ${bytes.length} bytes`, shown);
        bytes.set(chunk, received);
        received += chunk.length;
      }
      if (received < bytes.length) throw passingFailure(cutAfter(received, bytes.length), shown);
      return { bytes, total, version: versionOf(response.headers) };
    } catch (error) {
      for (const each of [signal, ended]) throwIfAborted(each);
      if (error instanceof SlideError || error instanceof PassingFailure) throw error;
      if (patience.ranOut) throw passingFailure(`no answer for ${timeoutMs / 1000} s`, shown, error);
      throw received > 0 ? passingFailure(cutAfter(received, length), shown, error) : failedConnection(error, shown);
    } finally {
      patience.end();
    }
  }

  /** Follows redirections by hand: what lets one in is for the server that the URL names, and for no other. */
  async #follow(given: string, range: string, signal: AbortSignal): Promise<Response> {
    const first = new URL(given);
    let url = first;
    for (let hops = 0; ; hops++) {
      const headers = url.origin === first.origin ? this.#ownHeaders(first) : new Headers();
      headers.set('range', range);
      // Bytes of a compressed answer are not the file's.
      headers.set('accept-encoding', 'identity');
      const response = await fetch(withoutUser(url), { headers, signal, redirect: 'manual' });
      const target = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || target === null) return response;
      await response.body?.cancel();
      url = redirected(url, target, shownLocation(given), hops);
    }
  }

  #ownHeaders(url: URL): Headers {
    const { headers: given = [], token } = this.#options;
    const headers = new Headers();
    const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
    if (token && (url.protocol === 'https:' || local)) headers.set('authorization', `Bearer ${token}`);
    if (url.username || url.password) {
      const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    }
    const replaced = new Set<string>();
    for (const [name, value] of given) {
      if (!replaced.has(name.toLowerCase())) headers.delete(name);
      replaced.add(name.toLowerCase());
      headers.append(name, value);
    }
    return headers;
  }
}

/** The end of the bytes that an answer holds, and the length of the file; throws where it is not what was asked for. */
async function checkAnswer(response: Response, shown: string, offset: number, length: number) {
  const { status, headers } = response;
  const range = headers.get('content-range') ?? '';
  const refuse = async (error: Error) => {
    await response.body?.cancel();
    throw error;
  };
  if (status === 416) {
    const size = Number(/^bytes \*\/(\d+)$/i.exec(range)?.[1] ?? Number.NaN);
    const problem = offset === 0 ? 'the file is empty' : `the file has become shorter, ${size} bytes`;
    await refuse(new SlideError('damaged', problem, { file: shown, hint: 'copy it to the server again' }));
  }
  if (status !== 206) await refuse(refusedAnswer(response, shown));
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') await refuse(wrongAnswer(`bytes compressed with ${encoding}`, shown));
  const [, from, last, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/i.exec(range) ?? []).map(Number);
  const asked = `bytes ${offset} to ${offset + length - 1}`;
  const plausible = from === offset && last >= from && last < Math.min(total, offset + length);
  if (!plausible) await refuse(wrongAnswer(`"${range || 'no Content-Range'}" to a request for ${asked}`, shown));
  return { end: last + 1, total };
}

function wrongAnswer(what: string, shown: string): SlideError {
  const hint = 'the server does not answer range requests as it should: download the file';
  return new SlideError('unreadable', `the server answers ${what}`, { file: shown, hint });
}

function cutAfter(received: number, length: number): string {
  return `the connection was cut after ${received} of ${length} bytes`;
}

function versionOf(headers: Headers): FileVersion {
  // A weak ETag says as much for our end: the same file, in whatever form it is sent.
  return {
    etag: headers.get('etag')?.replace(/^W\//, ''),
    lastModified: headers.get('last-modified') ?? undefined,
  };
}

function redirected(url: URL, target: string, shown: string, hops: number): URL {
  const refuse = (problem: string) =>
    new SlideError('unreadable', problem, { file: shown, hint: 'give the URL that it leads to' });
  if (hops === mostRedirects) throw refuse(`the server redirects more than ${mostRedirects} times`);
  if (!URL.canParse(target, url.href)) throw refuse('the server redirects to no URL');
  const next = new URL(target, url.href);
  if (!isUrl(next.href) || (url.protocol === 'https:' && next.protocol === 'http:')) {
    throw refuse(`the server redirects from ${url.protocol} to ${next.protocol}`);
  }
  return next;
}

/** fetch refuses URLs that name a user. */
function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function checkHeader(name: string, value: string): void {
  try {
    new Headers([[name, value]]);
  } catch (cause) {
    throw new SlideError('usage', `a header named "${name}" can't be sent like this`, {
      cause,
      hint: 'write it as --header "Name: value"',
    });
  }
}
