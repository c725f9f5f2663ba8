import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Handler, rangeServer } from '../../experiments/harness/fixtures/range-server.js';
import { sendRange } from '../../experiments/harness/fixtures/send-range.js';
import { HttpClient, type NetworkOptions } from '../../src/bytes/http-client.js';
import { openUrl } from '../../src/bytes/http-reader.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { listening } from '../fixtures/listening.js';

const server = listening(rangeServer());
/** Longer than what is fetched on opening, and known by its place. */
const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));
const atOnce: NetworkOptions = { retryWaitMs: 1, timeoutMs: 20_000 };
let count = 0;

/** A file of its own under a path of its own. */
function served(handler?: Handler, bytes: Uint8Array = content): string {
  return server.put(`file-${count++}.bin`, bytes, handler);
}

const opened = (url: string, options: NetworkOptions = atOnce) => openUrl(url, new HttpClient(options, [url]));

/** Misbehaves from the second request on: opening goes well. */
const afterOpening =
  (handler: Handler): Handler =>
  (request, response, nth) =>
    nth > 0 && handler(request, response, nth - 1);

const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(code, headers).end('an error page');
    return true;
  };

describe('openUrl', () => {
  it('should always read exactly what is asked for, also when reads overlap', async () => {
    const url = served();
    const reader = await opened(url);
    expect(reader).toMatchObject({ size: content.length, name: url, location: url, distant: true });
    const range = fc
      .tuple(fc.nat(content.length - 1), fc.nat(90_000))
      .map(([offset, length]) => ({ offset, length: Math.min(length, content.length - offset) }));
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 6 }), async (ranges) => {
        const read = await Promise.all(ranges.map(({ offset, length }) => reader.read(offset, length)));
        for (const [i, { offset, length }] of ranges.entries())
          expect(Buffer.compare(read[i], content.subarray(offset, offset + length))).toBe(0);
      }),
      { numRuns: 25 },
    );
    await reader.close();
  });

  it('should always read a file shorter than the first request, and a long one in several', async () => {
    const short = await opened(served(undefined, content.subarray(0, 10)));
    expect(short.size).toBe(10);
    expect(Buffer.from(await short.read(3, 7))).toEqual(content.subarray(3, 10));
    const long = Buffer.alloc(20 << 20, 7);
    const url = served(undefined, long);
    const reader = await opened(url);
    server.asked();
    expect(Buffer.compare(await reader.read(1, long.length - 1), long.subarray(1))).toBe(0);
    expect(server.asked()).toHaveLength(3);
  });

  it('should never ask for what it has, nor past the end', async () => {
    const reader = await opened(served());
    server.asked();
    await reader.read(0, 65_536);
    for (const [offset, length] of [
      [199_999, 2],
      [0, 2 ** 50],
      [2 ** 52, 10],
    ]) {
      expect(await refusalOf(reader.read(offset, length))).toMatchObject({ code: 'damaged', hint: expect.any(String) });
    }
    expect(server.asked()).toEqual([]);
  });

  it.each([
    ['404', status(404), 'unreadable', /no such file.*404/, /URL/],
    ['410', status(410), 'unreadable', /no such file.*410/, /URL/],
    ['401', status(401), 'unreadable', /not for everyone.*401/, /ZFLAT_TOKEN/],
    ['403', status(403), 'unreadable', /may not be read.*403/, /--header/],
    ['400', status(400), 'unreadable', /400/, /URL/],
    ['a web page', status(200, { 'content-type': 'text/html' }), 'unreadable', /web page/, /ZFLAT_TOKEN/],
    ['whole files alone', status(200), 'unsupported', /whole files only/, /download/],
    ['an empty file', status(200, { 'content-length': '0' }), 'damaged', /empty/, /copy/],
    ['an empty range', status(416, { 'content-range': 'bytes */0' }), 'damaged', /empty/, /copy/],
    ['a part without its place', status(206), 'unreadable', /no Content-Range/, /download/],
    ['an unknown length', status(206, { 'content-range': 'bytes 0-9/*' }), 'unreadable', /0-9\/\*/, /download/],
    ['another part', status(206, { 'content-range': 'bytes 5-9/100' }), 'unreadable', /5-9/, /download/],
    ['more than asked', status(206, { 'content-range': 'bytes 0-99999/200000' }), 'unreadable', /99999/, /download/],
    ['an absurd part', status(206, { 'content-range': 'bytes 9-0/100' }), 'unreadable', /9-0/, /download/],
    [
      'a compressed part',
      status(206, { 'content-range': 'bytes 0-9/10', 'content-encoding': 'gzip' }),
      'unreadable',
      /gzip/,
      /download/,
    ],
  ])('should always refuse %s at once', async (_, handler, code, problem, hint) => {
    const url = served(handler, code === 'damaged' ? Buffer.alloc(0) : content);
    server.asked();
    expect(await refusalOf(opened(url))).toMatchObject({
      code,
      place: { file: url },
      problem: expect.stringMatching(problem),
      hint: expect.stringMatching(hint),
    });
    expect(server.asked()).toHaveLength(1);
  });

  it('should always refuse what is no URL, or leads to no server', async () => {
    expect(await refusalOf(opened('http://'))).toMatchObject({ code: 'usage' });
    // A port that fetch never asks: no use in trying again.
    expect(await refusalOf(opened('http://127.0.0.1:1/x.tif'))).toMatchObject({
      code: 'usage',
      place: { file: 'http://127.0.0.1:1/x.tif' },
      problem: expect.stringMatching(/port are never sent/),
    });
  });
});

describe('a failure that passes', () => {
  const busy = (times: number, code: number): Handler =>
    afterOpening((request, response, nth) => nth < times && status(code)(request, response, nth));

  it('should always be tried again, and then give the right bytes', async () => {
    for (const code of [408, 425, 429, 500, 502, 503, 504]) {
      const reader = await opened(served(busy(4, code)));
      expect(Buffer.compare(await reader.read(70_000, 500), content.subarray(70_000, 70_500))).toBe(0);
    }
  });

  it('should always be told in the end, with the URL', async () => {
    const url = served(busy(5, 503));
    const reader = await opened(url);
    server.asked();
    expect(await refusalOf(reader.read(70_000, 500))).toMatchObject({
      code: 'transient',
      place: { file: url },
      problem: expect.stringMatching(/503.*tried 5 times/),
      hint: expect.any(String),
    });
    expect(server.asked()).toHaveLength(5);
  });

  it('should always be tried again when the connection is cut, also within the answer', async () => {
    const cuts: Handler = afterOpening((request, response, nth) => {
      if (nth === 0) request.socket.destroy();
      else if (nth === 1) {
        response.writeHead(206, { 'content-length': 5000, 'content-range': 'bytes 70000-74999/200000' });
        response.write(content.subarray(70_000, 71_000), () => request.socket.destroy());
      }
      return nth < 2;
    });
    const reader = await opened(served(cuts));
    expect(Buffer.compare(await reader.read(70_000, 5000), content.subarray(70_000, 75_000))).toBe(0);
  });

  it('should always be told when the answer is cut every time, or ends early without a word', async () => {
    const handler = (end: (response: import('node:http').ServerResponse) => void) =>
      afterOpening((_, response) => {
        response.writeHead(206, { 'content-range': 'bytes 70000-74999/200000', connection: 'close' });
        response.write(content.subarray(70_000, 71_000), () => end(response));
        return true;
      });
    for (const end of [handler((response) => response.destroy()), handler((response) => response.end())]) {
      const reader = await opened(served(end));
      expect(await refusalOf(reader.read(70_000, 5000))).toMatchObject({
        code: 'transient',
        problem: expect.stringMatching(/cut after .*tried 5 times/),
      });
    }
  });

  it('should always be told when the server sends more than it announced', async () => {
    const reader = await opened(
      served(
        afterOpening((_, response) => {
          response.writeHead(206, { 'content-range': 'bytes 70000-74999/200000' }).end(Buffer.alloc(9000));
          return true;
        }),
      ),
    );
    expect(await refusalOf(reader.read(70_000, 5000))).toMatchObject({
      code: 'unreadable',
      problem: expect.stringMatching(/more than 5000/),
    });
  });

  it('should always be told when the server is silent, or stops in the middle', async () => {
    const silent: Handler = () => true;
    const stops: Handler = (_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 70000-74999/200000' }).write(content.subarray(0, 10));
      return true;
    };
    for (const handler of [silent, stops]) {
      const reader = await opened(served(afterOpening(handler)), { retryWaitMs: 1, timeoutMs: 40 });
      expect(await refusalOf(reader.read(70_000, 5000))).toMatchObject({
        code: 'transient',
        problem: expect.stringMatching(/no byte came for 0\.04 s.*tried 5 times/),
      });
    }
  });
});

describe('the patience of a run', () => {
  it('should always end where nobody listens: tried again, as it may come back', async () => {
    const gone = rangeServer();
    await gone.listen();
    const url = gone.url('x.tif');
    gone.close();
    expect(await refusalOf(opened(url))).toMatchObject({
      code: 'transient',
      place: { file: url },
      problem: expect.stringMatching(/connection failed.*tried 5 times/),
    });
  });

  it('should always be bounded by what it may lose in all, and say so', async () => {
    const reader = await opened(served(afterOpening(status(503))), { retryWaitMs: 1000, retryForMs: 100 });
    server.asked();
    const refusals = await Promise.all([0, 1, 2].map((i) => refusalOf(reader.read(70_000 + i, 500))));
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'transient',
        problem: expect.stringMatching(/503.*tried once.*0\.1 s.*--retry-for/),
      });
    }
    expect(server.asked()).toHaveLength(3);
  });

  it('should never be spent on what no second try mends', async () => {
    for (const url of [
      'http://127.0.0.1:1/x.tif',
      'http://127.0.0.1:99999/x.tif',
      'http://me:pw1@host:port/x',
      'http://',
    ]) {
      const refusal = await refusalOf(openUrl(url, new HttpClient({ retryWaitMs: 1 })));
      expect(refusal).toMatchObject({ code: 'usage' });
      expect(refusal.message).not.toMatch(/tried|pw1/);
    }
  });
});

describe('a file that changes on the server', () => {
  const versions: Record<string, readonly [Record<string, string>, Record<string, string>]> = {
    'another ETag': [{ etag: '"a"' }, { etag: '"b"' }],
    'another date': [
      { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' },
      { 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT' },
    ],
  };
  const changing = (before: Record<string, string>, after: Record<string, string>, bytes = content): Handler => {
    return (request, response, nth) => {
      sendRange(request, response, nth > 0 ? bytes : content, nth > 0 ? after : before);
      return true;
    };
  };
  const changed = { code: 'damaged', problem: expect.stringMatching(/changed on the server/) };

  it.each(Object.entries(versions))('should always be noticed by %s', async (_, [before, after]) => {
    const url = served(changing(before, after));
    const reader = await opened(url);
    expect(await refusalOf(reader.read(70_000, 500))).toMatchObject({ ...changed, place: { file: url } });
  });

  it('should always be noticed by another length, or by its end', async () => {
    const longer = await opened(served(changing({}, {}, Buffer.concat([content, content]))));
    expect(await refusalOf(longer.read(70_000, 500))).toMatchObject(changed);
    const shorter = await opened(served(changing({}, {}, content.subarray(0, 70_200))));
    expect(await refusalOf(shorter.read(70_000, 500))).toMatchObject(changed);
    const gone = await opened(served(changing({}, {}, content.subarray(0, 100))));
    expect(await refusalOf(gone.read(70_000, 500))).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/shorter, 100 bytes/),
    });
  });

  it('should never be suspected where the ETag is the same, strong or weak', async () => {
    const reader = await opened(
      served(changing({ etag: '"a"', 'last-modified': 'then' }, { etag: 'W/"a"', 'last-modified': 'now' })),
    );
    expect(Buffer.compare(await reader.read(70_000, 500), content.subarray(70_000, 70_500))).toBe(0);
  });
});

describe('what lets one in', () => {
  /** The headers of each request, as the server saw them. */
  function listening(redirectTo?: () => string) {
    const seen: Record<string, unknown>[] = [];
    const handler: Handler = (request, response) => {
      seen.push(request.headers);
      if (redirectTo) response.writeHead(302, { location: redirectTo() }).end();
      return redirectTo !== undefined;
    };
    return { seen, url: served(handler) };
  }

  it('should always be sent: token, headers, user and password', async () => {
    const token = listening();
    await opened(token.url, {
      ...atOnce,
      token: 'abc',
      headers: [
        ['X-Lab', 'one'],
        ['x-lab', 'two'],
      ],
    });
    expect(token.seen[0]).toMatchObject({ authorization: 'Bearer abc', 'x-lab': 'one, two' });
    const own = listening();
    await opened(own.url, { ...atOnce, token: 'abc', headers: [['Authorization', 'Custom x']] });
    expect(own.seen[0]).toMatchObject({ authorization: 'Custom x' });
    const user = listening();
    const reader = await opened(user.url.replace('http://', 'http://me:s%20cret@'));
    expect(user.seen[0]).toMatchObject({ authorization: `Basic ${Buffer.from('me:s cret').toString('base64')}` });
    expect(reader.name).toBe(user.url);
  });

  it('should never be sent to another server that the first leads to', async () => {
    const target = listening();
    // Another name of the same machine is another origin.
    const leads = listening(() => target.url.replace('127.0.0.1', 'localhost'));
    const reader = await opened(leads.url, { ...atOnce, token: 'abc', headers: [['X-Key', 'k']] }).catch(
      (error) => error,
    );
    // Where localhost leads to ::1 alone, nothing listens there; the headers still must not have been sent.
    for (const headers of target.seen) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('x-key');
      expect(headers).toHaveProperty('range');
    }
    expect(leads.seen[0]).toMatchObject({ authorization: 'Bearer abc', 'x-key': 'k' });
    if ('size' in reader) expect(target.seen).toHaveLength(1);
  });

  it('should only ever be sent to the servers that the person named', async () => {
    const secret: NetworkOptions = { ...atOnce, token: 'abc', headers: [['X-Key', 'k']] };
    const other = listening();
    await openUrl(other.url, new HttpClient(secret, ['https://elsewhere.example/a.tif']));
    await openUrl(other.url, new HttpClient(secret));
    for (const headers of other.seen) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('x-key');
    }
    const named = listening();
    await openUrl(named.url, new HttpClient({ ...secret, tokenFor: [new URL(named.url).host] }));
    expect(named.seen[0]).toMatchObject({ authorization: 'Bearer abc', 'x-key': 'k' });
    const closed = served(status(401));
    expect(await refusalOf(openUrl(closed, new HttpClient(secret)))).toMatchObject({
      hint: expect.stringContaining(`--token-for ${new URL(closed).host}`),
    });
  });

  it('should never be shown where a server repeats it, in whatever writing', async () => {
    const token = 't0p/s3cr&t';
    const repeat = (text: string) =>
      served((_, response) => {
        response.writeHead(206, { 'content-range': text }).end();
        return true;
      });
    for (const text of [
      token,
      encodeURIComponent(token),
      Buffer.from(`Bearer ${token}`).toString('base64'),
      Buffer.from(token).toString('hex'),
    ]) {
      const { message } = await refusalOf(opened(repeat(text), { ...atOnce, token }));
      expect(message).not.toContain(text);
      expect(message).not.toContain(token);
    }
  });

  it('should never lead round for ever, nor away from the web', async () => {
    let url = '';
    const round = listening(() => url);
    url = round.url;
    expect(await refusalOf(opened(url))).toMatchObject({ problem: expect.stringMatching(/more than 5 times/) });
    const away = listening(() => 'file:///etc/hostname');
    expect(await refusalOf(opened(away.url))).toMatchObject({ problem: expect.stringMatching(/redirects.*file:/) });
  });

  it('should never be shown in a message', async () => {
    const url = served(status(403));
    const secret = `${url.replace('http://', 'http://me:pw1@')}?plane=3&X-Amz-Signature=abc123&token=t0ps`;
    const { message } = await refusalOf(opened(secret));
    expect(message).toContain(`${url}?plane=3`);
    expect(message).not.toMatch(/pw1|abc123|t0ps/);
  });

  it('should always be refused where it can not be sent', () => {
    for (const headers of [[['bad name', 'x']], [['X', 'line\nbreak']]] as const)
      expect(() => new HttpClient({ headers })).toThrow(/can't be sent/);
    expect(() => new HttpClient({ token: 'a\nb' })).toThrow(/can't be sent/);
  });
});

describe('a stop', () => {
  it('should always end a read that waits for the server, or for the next try', async () => {
    for (const handler of [() => true, status(503)] satisfies Handler[]) {
      const controller = new AbortController();
      const reader = await opened(
        served(
          afterOpening((request, response, nth) => {
            handler(request, response, nth);
            // Once the answer is under way: whichever of both it waits for.
            setImmediate(() => controller.abort());
            return true;
          }),
        ),
        { timeoutMs: 60_000, retryWaitMs: 60_000 },
      );
      expect(await refusalOf(reader.read(70_000, 500, controller.signal))).toMatchObject({ code: 'aborted' });
      expect(await refusalOf(reader.read(0, 5, controller.signal))).toMatchObject({ code: 'aborted' });
    }
  });

  it('should always end everything when the whole slide is given up', async () => {
    const controller = new AbortController();
    const reader = await opened(
      served(
        afterOpening(() => {
          controller.abort();
          return true;
        }),
      ),
      { timeoutMs: 60_000, signal: controller.signal },
    );
    expect(await refusalOf(reader.read(70_000, 500))).toMatchObject({ code: 'aborted' });
  });
});
