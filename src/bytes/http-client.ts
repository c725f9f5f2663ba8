// Requests by HTTP (RFC 9110): sent with what lets one in, timed, tried again, counted.
import { SlideError, throwIfAborted } from '../errors.js';
import { type Answer, cutShort, type RangeAnswer, readRange, readWhole, type WholeRequest } from './http-answer.js';
import { failedConnection, httpStatusOf, TransientError, transientFailure } from './http-failure.js';
import { IdleTimeout } from './idle-timeout.js';
import { isUrl, secretsOf, shownLocation } from './location.js';
import { defaultRetryMs, firstWaitMs, RetryBudget, retrying } from './retry.js';
import { withoutSecrets } from './secrets.js';
import { Semaphore } from './semaphore.js';
import { TrustedHosts } from './trusted-hosts.js';

export type NetworkOptions = {
  /** Header lines, name and value, sent with every request to the servers that are trusted with the token. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Bearer token (RFC 6750), for the server of the slide; sent over https, and to this machine, alone. */
  readonly token?: string | undefined;
  /** Further servers that get token and headers: names, with a port where it is not the usual one. */
  readonly tokenFor?: readonly string[] | undefined;
  /** Milliseconds without a byte after which a request is given up and tried again; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds before the second try; each further wait is twice as long. 500 by default. */
  readonly retryWaitMs?: number | undefined;
  /** Milliseconds that a run may lose to servers that fail, in all; 600,000 by default. */
  readonly retryForMs?: number | undefined;
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
type Sending = Pick<WholeRequest, 'shown' | 'body' | 'signal'> & {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes asked for, where they are known. */
  readonly length?: number;
};

/** Requests at once: more than browsers make (6 a host), fewer than servers refuse. */
const maxRequests = 16;
const maxRedirects = 5;
const defaultTimeoutMs = 30_000;
/** Shorter values of headers are no keys: they would be masked wherever the same letters stand. */
const minHeaderSecret = 6;

export class HttpClient {
  readonly transfer: Transfer = { requests: 0, bytes: 0 };
  readonly #options: NetworkOptions;
  readonly #trusted: TrustedHosts;
  readonly #semaphore = new Semaphore(maxRequests);
  readonly #budget: RetryBudget;

  /** `given` is what the person names as their slide: its servers get token and headers. Throws `usage` for headers that can't be sent. */
  constructor(options: NetworkOptions = {}, given: readonly string[] = []) {
    this.#options = options;
    this.#trusted = new TrustedHosts(given, options.tokenFor);
    this.#budget = new RetryBudget(options.retryForMs ?? defaultRetryMs);
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
    const attempt = () => this.#semaphore.run(() => this.#attempt(request, read));
    return retrying(attempt, { waitMs: retryWaitMs, budget: this.#budget, signal: request.signal ?? ended });
  }

  async #attempt<T>(request: Sending, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { timeoutMs = defaultTimeoutMs, signal: ended } = this.#options;
    const { url, signal, shown = shownLocation(url) } = request;
    for (const each of [signal, ended]) throwIfAborted(each);
    if (!URL.canParse(url))
      throw new SlideError('usage', 'is no URL', { file: shown, hint: 'check how it is written' });
    const timeout = new IdleTimeout(timeoutMs, [signal, ended]);
    let received = 0;
    let response: Response | undefined;
    const count = (bytes: number) => {
      timeout.renew();
      this.transfer.bytes += bytes;
      received += bytes;
    };
    try {
      this.transfer.requests++;
      response = await this.#follow(request, shown, timeout.signal);
      const { status, headers } = response;
      return await read({ status, headers, shown, chunks: counted(response, count), response });
    } catch (error) {
      // What is not read is not waited for.
      await response?.body?.cancel().catch(() => undefined);
      for (const each of [signal, ended]) throwIfAborted(each);
      if (error instanceof SlideError || error instanceof TransientError) throw this.#masked(error, request);
      if (timeout.ranOut) throw transientFailure(timeout.describe(received), shown, error);
      const failure = received > 0 ? cutShort(shown, received, request.length, error) : failedConnection(error, shown);
      throw this.#masked(failure, request);
    } finally {
      timeout.end();
    }
  }

  /** Follows redirections by hand: what lets one in is for the server that the URL names, and for no other. */
  async #follow({ url: given, headers: own, body }: Sending, shown: string, signal: AbortSignal) {
    const first = new URL(given);
    let url = first;
    for (let hops = 0; ; hops++) {
      const headers = url.origin === first.origin ? this.#ownHeaders(first) : new Headers();
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
    if (this.#trusted.has(url)) {
      const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
      if (token && (url.protocol === 'https:' || local)) headers.set('authorization', `Bearer ${token}`);
    }
    // The URL has it from whoever named it: a person, or a list that holds it anyway.
    if (url.username || url.password) {
      const user = `${decoded(url.username)}:${decoded(url.password)}`;
      headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    }
    if (!this.#trusted.has(url)) return headers;
    const replaced = new Set<string>();
    for (const [name, value] of given) {
      if (!replaced.has(name.toLowerCase())) headers.delete(name);
      replaced.add(name.toLowerCase());
      headers.append(name, value);
    }
    return headers;
  }

  /** The error without what was told to the server in confidence; one that wants to know who asks says how it can be told. */
  #masked<E extends SlideError | TransientError>(error: E, { url, body, shown }: Sending): E {
    if (error instanceof TransientError) {
      return new TransientError(this.#masked(error.failure, { url, body, shown }), error.afterMs) as E;
    }
    const { headers = [], token } = this.#options;
    const own = headers.map(([, value]) => value).filter(({ length }) => length >= minHeaderSecret);
    const secrets = [...own, ...(token ? [token] : []), ...secretsOf(url), ...textsOf(body)];
    const { code, problem, place, hint, cause } = error as SlideError;
    const kept = (token !== undefined || headers.length > 0) && !this.#trusted.has(new URL(url));
    const refused = [401, 403].includes(httpStatusOf(error) ?? 0);
    const told = kept && refused ? `--token-for ${new URL(url).host} sends token and headers there, too` : hint;
    return new SlideError(code, withoutSecrets(problem, secrets), { ...place, hint: told, cause }) as E;
  }
}

/** The texts of a JSON body: one of them is a password. */
function textsOf(body: string | undefined): string[] {
  if (body === undefined) return [];
  return [...body.matchAll(/"((?:[^"\\]|\\.)*)"\s*[,}\]]/g)].map(([, text]) => JSON.parse(`"${text}"`) as string);
}

/** A user or password; as it stands where its percents are no code. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
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
  if (hops === maxRedirects) throw ledAway(`the server redirects more than ${maxRedirects} times`, shown);
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
    // The error of the platform repeats the value.
    const what = (cause as Error).name;
    throw new SlideError('usage', `a header named "${name}" can't be sent like this (${what})`, {
      hint: 'write it as --header "Name: value"',
    });
  }
}
