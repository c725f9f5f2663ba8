// Requests by HTTP (RFC 9110): sent with what lets one in, timed, tried again, counted.
import { SlideError, throwIfAborted } from '../errors.js';
import { type Answer, cutShort } from './http-answer.js';
import { type RangeAnswer, readRange } from './http-range.js';
import { failedConnection, passingFailure } from './http-refusal.js';
import { readWhole, type WholeRequest } from './http-whole.js';
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

/** One request as it is sent. */
type Sending = Pick<WholeRequest, 'shown' | 'body' | 'anonymous' | 'signal'> & {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes asked for, where they are known. */
  readonly length?: number;
};

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
    const range = { range: `bytes=${offset}-${offset + length - 1}` };
    return this.#trying({ url, headers: range, length, signal }, (answer) => readRange(answer, offset, length));
  }

  /** All that is under a URL, at most so many bytes; tried again where that may help. */
  whole(url: string, request: WholeRequest): Promise<Uint8Array> {
    return this.#trying({ url, ...request }, (answer) => readWhole(answer, request));
  }

  #trying<T>(request: Sending, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { retryWaitMs = firstWaitMs, signal: ended } = this.#options;
    const attempt = () => this.#turnstile.pass(() => this.#attempt(request, read));
    return retrying(attempt, retryWaitMs, request.signal ?? ended);
  }

  async #attempt<T>(request: Sending, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { timeoutMs = defaultTimeoutMs, signal: ended } = this.#options;
    const { url, signal, shown = shownLocation(url) } = request;
    for (const each of [signal, ended]) throwIfAborted(each);
    const patience = new Patience(timeoutMs, [signal, ended]);
    let received = 0;
    let response: Response | undefined;
    const count = (bytes: number) => {
      patience.renew();
      this.transfer.bytes += bytes;
      received += bytes;
    };
    try {
      this.transfer.requests++;
      response = await this.#follow(request, shown, patience.signal);
      const { status, headers } = response;
      return await read({ status, headers, shown, chunks: counted(response, count), response });
    } catch (error) {
      // What is not read is not waited for.
      await response?.body?.cancel().catch(() => undefined);
      for (const each of [signal, ended]) throwIfAborted(each);
      if (error instanceof SlideError || error instanceof PassingFailure) throw error;
      if (patience.ranOut) throw passingFailure(`no answer for ${timeoutMs / 1000} s`, shown, error);
      throw received > 0 ? cutShort(shown, received, request.length, error) : failedConnection(error, shown);
    } finally {
      patience.end();
    }
  }

  /** Follows redirections by hand: what lets one in is for the server that the URL names, and for no other. */
  async #follow({ url: given, headers: own, body, anonymous }: Sending, shown: string, signal: AbortSignal) {
    const first = new URL(given);
    let url = first;
    for (let hops = 0; ; hops++) {
      const headers = url.origin === first.origin && !anonymous ? this.#ownHeaders(first) : new Headers();
      for (const [name, value] of Object.entries(own ?? {})) headers.set(name, value);
      // Bytes of a compressed answer are not the file's.
      headers.set('accept-encoding', 'identity');
      if (body !== undefined) headers.set('content-type', 'application/json');
      const sent = body === undefined ? {} : { method: 'POST', body };
      const response = await fetch(withoutUser(url), { ...sent, headers, signal, redirect: 'manual' });
      const target = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || target === null) return response;
      await response.body?.cancel();
      url = redirected(url, target, shown, hops);
      if (body !== undefined) throw ledAway(`the server leads from a sign-in to ${url.origin}`, shown);
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

/** The body, chunk by chunk, each told to `count`. */
async function* counted({ body }: Response, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body ?? []) {
    count(chunk.length);
    yield chunk;
  }
}

function ledAway(problem: string, shown: string): SlideError {
  return new SlideError('unreadable', problem, { file: shown, hint: 'give the URL that it leads to' });
}

function redirected(url: URL, target: string, shown: string, hops: number): URL {
  if (hops === mostRedirects) throw ledAway(`the server redirects more than ${mostRedirects} times`, shown);
  if (!URL.canParse(target, url.href)) throw ledAway('the server redirects to no URL', shown);
  const next = new URL(target, url.href);
  if (!isUrl(next.href) || (url.protocol === 'https:' && next.protocol === 'http:')) {
    throw ledAway(`the server redirects from ${url.protocol} to ${next.protocol}`, shown);
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
