// A PMA.core or PMA.start server: signing in, asking its API, and its sessions, which end when they are no longer needed.
import type { ByteAccess } from '../../bytes/byte-access.js';
import { httpStatusOf } from '../../bytes/http-failure.js';
import { isSlideError, SlideError } from '../../errors.js';
import type { PmaUser } from '../../slide-source/open-options.js';
import { pmaMessage, pmaSession } from './pma-answers.js';
import type { PmaLocation } from './pma-location.js';

/** PMA.start asks nobody who they are: this stands for a session. */
const pmaStartSession = 'SDK.Python';
/** Real image information takes some kilobytes, of slides with many layers some hundred. */
const longestAnswer = 1 << 24;

/** A session is ended for the sake of others: nobody should wait long for it. */
const closingMs = 5000;

/** Errors come as JSON, also in the place of a tile. */
const openingBrace = 0x7b;

const signIn = 'set ZFLAT_PMA_USER and ZFLAT_PMA_PASSWORD';

export class PmaServer {
  readonly #access: ByteAccess;
  readonly #location: PmaLocation;
  readonly #user: PmaUser | undefined;
  /** That which is being opened, or is open. */
  #session: Promise<string>;

  private constructor(access: ByteAccess, location: PmaLocation, user: PmaUser | undefined) {
    this.#access = access;
    this.#location = location;
    this.#user = user;
    this.#session = user ? this.#authenticate(user) : Promise.resolve(pmaStartSession);
  }

  /** Signs in; `usage` where a user is needed and none is given, `unreadable` where the server refuses. */
  static async connect(access: ByteAccess, location: PmaLocation, user: PmaUser | undefined): Promise<PmaServer> {
    const open = location.local && (await isPmaStart(access, location));
    const { shown: file, safe } = location;
    if (!open && !user) throw new SlideError('usage', 'the server wants to know who reads', { file, hint: signIn });
    if (!open && !safe) {
      const hint = 'use https (pma://), or a tunnel: ssh -L 8080:server:80 …, then pma://localhost:8080/…';
      throw new SlideError('usage', 'a password is not sent over http', { file, hint });
    }
    const server = new PmaServer(access, location, open ? undefined : user);
    await server.#session;
    return server;
  }

  /** The answer of a method of the API, as text; an error that it tells of is thrown. */
  async ask(method: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const answer = await this.#inSession((session) => {
      const url = this.#url(`api/json/${method}`, { SessionID: session, ...parameters });
      return this.#access.ask(url, this.#request(longestAnswer, session));
    });
    const text = Buffer.from(answer).toString('utf8');
    await this.#checkWords(text);
    return text;
  }

  /** A tile, at most so many bytes. */
  async tile(
    parameters: Readonly<Record<string, string>>,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const bytes = await this.#inSession((session) => {
      const url = this.#url('tile', { sessionID: session, ...parameters });
      return this.#access.fetch(url, { ...this.#request(maxBytes, session), signal });
    });
    if (bytes[0] === openingBrace) await this.#checkWords(Buffer.from(bytes).toString('utf8'));
    return bytes;
  }

  /** Ends the session. A server that can't be told any more ends it by itself. */
  async close(): Promise<void> {
    if (!this.#user) return;
    await this.#session
      .then((session) => {
        const url = this.#url('api/json/DeAuthenticate', { sessionID: session });
        const signal = AbortSignal.timeout(closingMs);
        return this.#access.ask(url, { ...this.#request(longestAnswer, session), signal });
      })
      .catch(() => undefined);
  }

  /** Sessions end after a while: one that is refused is opened anew, once. */
  async #inSession(call: (session: string) => Promise<Uint8Array>): Promise<Uint8Array> {
    const promised = this.#session;
    const session = await promised;
    try {
      return await call(session);
    } catch (error) {
      if (!this.#user || !isSignedOut(error)) throw error;
      if (this.#session === promised) this.#session = this.#authenticate(this.#user);
      return call(await this.#session);
    }
  }

  #authenticate({ user, password }: PmaUser): Promise<string> {
    const { shown } = this.#location;
    const body = JSON.stringify({ username: user, password, caller: 'zflat' });
    const url = this.#url('api/json/authenticate', { caller: 'zflat' });
    const session = this.#access
      .ask(url, { ...this.#request(longestAnswer, password), body })
      .then((answer) => pmaSession(Buffer.from(answer).toString('utf8'), password, shown));
    // Whoever waits for it is told.
    session.catch(() => undefined);
    return session;
  }

  #url(path: string, parameters: Readonly<Record<string, string>>): string {
    // Not every server takes a plus for a space.
    const query = new URLSearchParams(parameters).toString().replaceAll('+', '%20');
    return `${this.#location.server}${path}?${query}`;
  }

  /** What servers say may repeat what they were told in confidence. */
  #request(maxBytes: number, secret: string) {
    const wordsIn = (body: string) => pmaMessage(body, secret);
    return { maxBytes, shown: this.#location.shown, signIn, wordsIn };
  }

  async #checkWords(text: string): Promise<void> {
    const words = pmaMessage(text, await this.#session);
    if (words === undefined) return;
    const hint = 'check the path of the slide, and whether you may read it';
    throw new SlideError('unreadable', `the server says: ${words}`, { file: this.#location.shown, hint });
  }
}

/** Whether PMA.start answers there: it tells so itself. */
async function isPmaStart(access: ByteAccess, { server, shown }: PmaLocation): Promise<boolean> {
  try {
    const answer = await access.ask(`${server}api/json/IsLite`, { maxBytes: longestAnswer, shown, signIn });
    return Buffer.from(answer).toString('utf8').trim() === 'true';
  } catch (error) {
    if (!isSlideError(error, 'unreadable', 'transient')) throw error;
    // A server that answers is one; PMA.core need not know the question.
    if (httpStatusOf(error) !== undefined) return false;
    throw new SlideError(error.code, error.problem, { file: shown, cause: error, hint: 'is PMA.start running?' });
  }
}

function isSignedOut(error: unknown): boolean {
  return [401, 403].includes(httpStatusOf(error) ?? 0);
}
