// A ByteReader over a file on a web server, by range requests.
import { SlideError, throwIfAborted } from '../errors.js';
import { type ByteReader, checkRange } from './byte-reader.js';
import type { FileVersion, RangeAnswer } from './http-answer.js';
import type { HttpClient } from './http-client.js';
import { shownLocation } from './location.js';

/** The first bytes, which every format looks at, come with the answer that tells how long the file is. */
const headBytes = 65_536;
/** The most that one request asks for; a longer read takes several, so that a cut connection loses no more than this. */
const requestBytes = 8 << 20;
/** The shortest part of what it was asked for that a server may answer with, in bytes: it must not cost a round trip a byte. */
const minAnswer = 65_536;

/** Opens a file by its URL; `unreadable` where the server does not give it, `unsupported` where it can't give parts of it. */
export async function openUrl(url: string, client: HttpClient): Promise<ByteReader> {
  return new HttpReader(url, client, await client.range(url, 0, headBytes));
}

class HttpReader implements ByteReader {
  readonly name: string;
  readonly location: string;
  readonly size: number;
  readonly distant = true;
  readonly #client: HttpClient;
  readonly #head: Uint8Array;
  readonly #version: FileVersion;

  constructor(url: string, client: HttpClient, { bytes, total, version }: RangeAnswer) {
    this.name = shownLocation(url);
    this.location = url;
    this.size = total;
    this.#client = client;
    this.#head = bytes;
    this.#version = version;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    throwIfAborted(signal);
    checkRange(this, offset, length);
    if (offset + length <= this.#head.length) return this.#head.subarray(offset, offset + length);
    // Memory is bounded by what has come, not by what a damaged file makes one ask for.
    const parts: Uint8Array[] = [];
    for (let done = 0; done < length; ) {
      const wanted = Math.min(requestBytes, length - done);
      const answer = await this.#client.range(this.location, offset + done, wanted, signal);
      this.#checkUnchanged(answer);
      const { bytes } = answer;
      if (bytes.length < Math.min(wanted, minAnswer)) {
        const problem = `the server answers ${bytes.length} bytes to a request for ${wanted}`;
        throw new SlideError('unreadable', problem, { file: this.name, hint: 'download the file' });
      }
      parts.push(bytes);
      done += bytes.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async close(): Promise<void> {}

  /** Parts of two versions of a file must never meet. */
  #checkUnchanged({ total, version }: RangeAnswer): void {
    const { etag, lastModified } = this.#version;
    const differ = (before: string | undefined, now: string | undefined) =>
      before !== undefined && now !== undefined && before !== now;
    const sameTag = etag !== undefined && etag === version.etag;
    if (total === this.size && (sameTag || !(differ(etag, version.etag) || differ(lastModified, version.lastModified))))
      return;
    const hint = 'start again once it is whole';
    throw new SlideError('damaged', 'the file changed on the server while it was read', { file: this.name, hint });
  }
}
