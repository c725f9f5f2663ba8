// What goes wrong between a server and zflat, said as errors: which of it may pass, and what to do about the rest.
import { SlideError, type SlideErrorCode } from '../errors.js';

/** A failure that may pass: a server too busy, a connection cut. */
export class TransientError extends Error {
  /** What to tell where it does not pass. */
  readonly failure: SlideError;
  /** Milliseconds that the server asks to wait for. */
  readonly afterMs: number;

  constructor(failure: SlideError, afterMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.afterMs = afterMs;
  }
}

/** Statuses of a server that may soon answer otherwise (RFC 9110, section 15; RFC 6585, section 4; RFC 8470, section 5.2). */
const transientStatuses = [408, 425, 429, 500, 502, 503, 504];

/** Failures of the network that no second try mends, by the code of Node's error. */
const permanent: readonly (readonly [RegExp, string, string])[] = [
  [/^ENOTFOUND$/, "the server can't be found", 'check the name in the URL, and the network'],
  [
    /CERT|SIGNED|ALTNAME|UNABLE_TO_/,
    "the server's certificate can't be trusted",
    'check the URL; a certificate of your own institution is trusted by NODE_EXTRA_CA_CERTS=file',
  ],
  [/^(ERR_SSL|EPROTO)/, 'the server does not speak TLS as it should', 'check whether the URL is https or http'],
];

const byToken = 'set ZFLAT_TOKEN, or give --header "Authorization: …"';

/**
 * The error that an answer other than what was asked for stands for, its cause the status; `signIn` says what to do where it is for known
 * people alone.
 */
export function refusedAnswer(
  { status, statusText, headers }: Pick<Response, 'status' | 'statusText' | 'headers'>,
  shown: string,
  signIn?: string,
): SlideError | TransientError {
  const said = `the server says ${[status, statusText].filter(Boolean).join(' ')}`;
  const error = (code: SlideErrorCode, problem: string, hint: string) =>
    new SlideError(code, problem, { file: shown, hint, cause: { status } });
  if (status === 404 || status === 410) return error('unreadable', `there is no such file: ${said}`, 'check the URL');
  if (status === 401) {
    const plain = shown.startsWith('http:') ? '; ZFLAT_TOKEN is sent over https alone' : '';
    return error('unreadable', `the file is not for everyone: ${said}`, signIn ?? `${byToken}${plain}`);
  }
  if (status === 403) {
    const hint = signIn ?? `signed links expire: get a new one, or ${byToken}`;
    return error('unreadable', `the file may not be read: ${said}`, hint);
  }
  if (status === 200) return wholeAnswer(headers, error);
  if (!transientStatuses.includes(status)) return error('unreadable', said, 'check the URL');
  return new TransientError(error('transient', said, 'try again later'), retryAfterMs(headers));
}

/** The status of the answer that an error stands for; undefined where it stands for none. */
export function httpStatusOf(error: unknown): number | undefined {
  const { status } = ((error as Error | undefined)?.cause ?? {}) as { readonly status?: unknown };
  return error instanceof SlideError && typeof status === 'number' ? status : undefined;
}

/** The whole file where a part of it was asked for: read so, every tile would cost all of it. */
function wholeAnswer(
  headers: Headers,
  error: (code: SlideErrorCode, problem: string, hint: string) => SlideError,
): SlideError {
  if (headers.get('content-length') === '0') return error('damaged', 'the file is empty', 'copy it again');
  if (/^text\/html/i.test(headers.get('content-type') ?? '')) {
    return error('unreadable', 'the server answers with a web page', `give the link of the file itself, or ${byToken}`);
  }
  const hint = 'download the file, or let a server that knows Range serve it, such as nginx, Apache or an object store';
  return error('unsupported', 'the server sends whole files only, it does not answer range requests', hint);
}

/** The error that a failed connection stands for. */
export function failedConnection(cause: unknown, shown: string): SlideError | TransientError {
  const { code = '', message } = rootOf(cause);
  // Of a port that browsers refuse, fetch says no more than this.
  if (message === 'bad port') {
    const hint = 'let the server answer on another one, or download the file';
    return new SlideError('usage', 'requests to this port are never sent: it belongs to another service', {
      file: shown,
      hint,
    });
  }
  for (const [pattern, problem, hint] of permanent) {
    if (pattern.test(code)) return new SlideError('unreadable', `${problem} (${code})`, { file: shown, hint, cause });
  }
  return transientFailure(`the connection failed: ${message || code || 'cut'}`, shown, cause);
}

/** A failure that a second try may mend. */
export function transientFailure(problem: string, shown: string, cause?: unknown): TransientError {
  const hint = 'check the network and the server, and try again';
  return new TransientError(new SlideError('transient', problem, { file: shown, hint, cause }));
}

/** What fetch hides behind "fetch failed", and what an attempt at several addresses hides behind one error. */
function rootOf(error: unknown): { readonly code?: string; readonly message: string } {
  let root = error as Error & { code?: string; errors?: Error[] };
  for (let depth = 0; depth < 5; depth++) {
    const inner = (root.cause ?? root.errors?.[0]) as typeof root | undefined;
    if (!(inner instanceof Error)) break;
    root = inner;
  }
  return root;
}

/** Retry-After in seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after');
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
