// Slides of PMA.core and PMA.start: the contract of every source, signing in, what is asked for and what is refused.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  keptAsSent,
  type ServedSpec,
  type ServedStack,
  servedStack,
} from '../../../experiments/harness/fixtures/served-stack.js';
import {
  type Answering,
  answerPma,
  type PmaSpec,
  type TileServer,
  tileServer,
} from '../../../experiments/harness/fixtures/tile-server.js';
import { mapSlide } from '../../../src/api/map-slide.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { isSlideError, SlideError } from '../../../src/errors.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { parsePmaImage, pmaMessage } from '../../../src/formats/pma/pma-answers.js';
import { parsePma } from '../../../src/formats/pma/pma-location.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { checkPictureSize } from '../../../src/slide-source/tile-server/tile-service.js';
import { command } from '../../cli/run-zflat.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { namesIn, refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const user = { name: 'ada', password: 'p%20w&"ö' };
const network = { retryWaitMs: 1, pma: { user: user.name, password: user.password } };
let count = 0;

/** A server of its own with one slide; answers where it is. */
function served(server: TileServer, stack: ServedStack, spec: Partial<PmaSpec> = { user }) {
  const below = `/server-${count++}/`;
  const sessions = answerPma(server, below, { slides: { 'Lab/a smear+1.ndpi': stack }, ...spec });
  return { location: `pma://127.0.0.1:${server.port()}${below}/Lab/a%20smear+1.ndpi`, below, sessions };
}

describe('slides of a PMA server', () => {
  const server = listening(tileServer());
  const kinds: Record<string, { stack?: Partial<ServedSpec>; pma?: Partial<PmaSpec>; query?: string }> = {
    'JPEG tiles, cropped at the edge': {},
    'JPEG tiles, padded at the edge': { stack: { edge: 'padded' } },
    'JPEG of 4:2:0': { stack: { chroma: '4:2:0' } },
    'grey JPEG tiles': { stack: { picture: 'grey jpeg' } },
    'PMA.start': { pma: {} },
    'answers of an older kind': { pma: { user, old: true } },
    'PNG tiles': { stack: { picture: 'png' }, query: '?format=png' },
    'grey PNG tiles, padded': { stack: { picture: 'grey png', edge: 'padded' }, query: '?format=png' },
    'tiles of 60 pixels': { stack: { tile: 60 } },
    'progressive JPEG tiles': { stack: { picture: 'progressive jpeg' } },
  };
  for (const [name, { stack: spec, pma = { user }, query = '' }] of Object.entries(kinds)) {
    describeSlideSource(`PMA: ${name}`, async (): Promise<KnownSlide> => {
      const stack = servedStack(spec);
      const kept = keptAsSent(stack.spec);
      const tile = { width: 64, height: 64 };
      return {
        input: served(server, stack, pma).location + query,
        options: { network, tileSize: 64 },
        info: {
          format: 'PMA.core',
          name: 'a smear+1.ndpi',
          micronsPerPixel: { x: 0.25, y: 0.25 },
          channelName: 'Brightfield',
          retiled: kept ? undefined : /png/.test(stack.spec.picture) ? 'lossless' : 'lossy',
        },
        levels: stack.levels.map(({ width, height }) => ({
          width,
          height,
          columns: Math.ceil(width / 64),
          rows: Math.ceil(height / 64),
        })),
        tile,
        planes: stack.spec.planes,
        picture: (plane, level) => stack.decoded(plane, level),
        // At the edge, decoders blend chroma with what lies beyond, which is no longer the encoder's own.
        tolerance: stack.spec.chroma === '4:2:0' ? 40 : 0,
        incomparable: kept ? /not known before they are fetched/ : /without tiles/,
      };
    });
  }
});

describe('a slide of PMA.core', () => {
  const server = listening(tileServer());
  const folder = temporaryFolder();

  it('should always be flattened by copying the tiles of the server, and verified against it', async () => {
    const stack = servedStack();
    const { location } = served(server, stack);
    const out = folder.at('flat.ome.tiff');
    const { report, map } = await flattenSlide(location, out, { network, method: 'exhaustive' });
    expect(report.output).toMatchObject({ tilesEncoded: {}, tilesUnmixed: {} });
    expect(report.network).toEqual({ requests: expect.any(Number), bytes: expect.any(Number) });
    expect(report.slide).toMatchObject({ format: 'PMA.core', files: ['a%20smear+1.ndpi'], codec: 'jpeg' });
    expect(await verifySlide(location, out, { network })).toMatchObject({ verified: true, problems: [] });
    const result = await openSlide(out);
    for (const [tile, plane] of map.planes.entries()) {
      const [row, column] = [Math.floor(tile / 3), tile % 3];
      const copied = await result.readTile({ level: 0, plane: 0, row, column });
      const sent = (await stack.tile(plane, 0, row, column)) as Buffer;
      // Those at the edge are longer than what was sent, by blocks.
      const same = Buffer.compare(copied?.bytes as Uint8Array, sent) === 0;
      expect(same).toBe(row === 0 && column < 2);
    }
    await result.close();
  });

  it('should only be asked for the tiles that are needed, each once', async () => {
    const stack = servedStack({ width: 640, height: 640 });
    const { location } = served(server, stack);
    server.asked();
    const { report } = await mapSlide(location, { network, thumbnail: false, grain: 'tile' });
    const tiles = server.asked().filter(({ path }) => path.endsWith('/tile'));
    const all = stack.levels.reduce((sum, { columns, rows }) => sum + columns * rows * 3, 0);
    expect(tiles.length).toBeLessThan(all);
    const urls = tiles.map(({ query }) => String(query));
    expect(new Set(urls).size).toBe(urls.length);
    expect(report.network?.requests).toBeGreaterThan(tiles.length);
    expect(report.network?.bytes).toBeGreaterThan(report.plan.bytesRead);
  });

  it('should never have more tiles asked for at once than a browser would', async () => {
    const { location, below } = served(server, servedStack({ width: 640, height: 640 }));
    let [now, most] = [0, 0];
    server.answer(`${below}tile`, async (_, response) => {
      most = Math.max(most, ++now);
      response.once('finish', () => now--);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return undefined;
    });
    const source = await openSlide(location, { network });
    const rows = Array.from({ length: 30 }, (_, i) => ({ level: 0, plane: 1, row: i % 10, column: 3 + (i % 3) }));
    await Promise.all(rows.map((address) => source.readTile(address)));
    await source.close();
    expect(most).toBeLessThanOrEqual(6);
    expect(most).toBeGreaterThan(1);
  });

  it('should always be asked for as A.12 says: its zoom counts the other way, its layer is the plane', async () => {
    const { location } = served(server, servedStack());
    const source = await openSlide(`${location}?quality=70`, { network, timepoint: 0 });
    server.asked();
    await source.readTile({ level: 1, plane: 2, row: 0, column: 1 });
    const [{ method, query, path }] = server.asked();
    expect([method, path.endsWith('/tile')]).toEqual(['GET', true]);
    expect(Object.fromEntries(query)).toEqual({
      sessionID: expect.stringMatching(/^session-/),
      channels: '0',
      timeframe: '0',
      layer: '2',
      pathOrUid: 'Lab/a smear+1.ndpi',
      x: '1',
      y: '0',
      z: '1',
      format: 'jpg',
      quality: '70',
      cache: 'true',
    });
    expect(source.info.notes).toEqual([expect.stringMatching(/JPEG of quality 70/)]);
    await source.close();
  });

  it('should always sign in by POST and end its session, also where opening fails', async () => {
    const { location, sessions, below } = served(server, servedStack());
    server.asked();
    await (await openSlide(location, { network })).close();
    const asked = server.asked();
    const login = asked.find(({ path }) => path.endsWith('authenticate'));
    expect(login).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(login?.body ?? '')).toEqual({ username: 'ada', password: user.password, caller: 'zflat' });
    expect(asked.map(({ query }) => String(query)).join()).not.toContain('w&');
    expect(asked.at(-1)).toMatchObject({ path: `${below}api/json/DeAuthenticate` });
    await refusalOf(openSlide(location.replace('smear', 'smudge'), { network }));
    expect(sessions.size).toBe(0);
  });

  it('should always be signed in to anew where a session has ended', async () => {
    const { location, sessions } = served(server, servedStack());
    const source = await openSlide(location, { network });
    sessions.clear();
    server.asked();
    const tiles = [0, 1].map((column) => source.readTile({ level: 0, plane: 1, row: 1, column }));
    for (const tile of await Promise.all(tiles)) expect(tile?.bytes.length).toBeGreaterThan(100);
    expect(server.asked().filter(({ path }) => path.endsWith('authenticate'))).toHaveLength(1);
    await source.close();
  });

  it('should never send a password over http, nor ask without one', async () => {
    expect(await refusalOf(openSlide('pma+http://slides.example.org/a.ndpi', { network }))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/not sent over http/),
      hint: expect.stringMatching(/https/),
    });
    expect(await refusalOf(openSlide('pma://slides.example.org/a.ndpi'))).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/ZFLAT_PMA_USER/),
    });
    const { location } = served(server, servedStack());
    expect(await refusalOf(openSlide(location))).toMatchObject({ code: 'usage', place: { file: location } });
  });

  it('should always tell what the API says, but never a password or a session', async () => {
    const { location, below } = served(server, servedStack());
    const wrong = await refusalOf(openSlide(location, { network: { pma: { user: 'eve', password: 'hush' } } }));
    expect(wrong).toMatchObject({
      code: 'unreadable',
      problem: 'the server refuses to sign in: eve with … is not known',
      place: { file: location },
      hint: expect.stringMatching(/ZFLAT_PMA_PASSWORD/),
    });
    const missing = await refusalOf(openSlide(location.replace('smear', 'smudge'), { network }));
    expect(missing).toMatchObject({
      code: 'unreadable',
      problem: 'the server says: Could not find Lab/a smudge+1.ndpi for …',
    });
    const remove = server.answer(`${below}tile`, ({ query }) => ({
      status: query.get('layer') === '1' ? 500 : 200,
      body: JSON.stringify({ Code: 9, Message: `The slide is\n locked for ${query.get('sessionID')}` }),
    }));
    server.asked();
    const locked = await refusalOf(openSlide(location, { network }));
    expect(locked).toMatchObject({ problem: 'the server says: The slide is locked for …' });
    expect(locked.place).toEqual({ file: location, level: 0, plane: 0, row: 0, column: 0 });
    // Its own words are final: it is not asked again.
    expect(server.asked().filter(({ path }) => path.endsWith('/tile'))).toHaveLength(1);
    remove();
  });

  const says =
    (status: number, body = 'an error page', type = 'text/html'): Answering =>
    () => ({ status, body, type });
  const html = '<!DOCTYPE html><html>Sign in, please</html>';
  const failures: Record<string, [Answering, string, RegExp, RegExp?]> = {
    'a tile of 401': [says(401), 'unreadable', /401/, /ZFLAT_PMA/],
    'a tile of 403': [says(403), 'unreadable', /403/, /ZFLAT_PMA/],
    'a tile of 404': [says(404), 'unreadable', /404/],
    'a tile of 500': [says(500), 'transient', /500.*tried 5 times/],
    'a tile of 500 with words': [says(500, '{"Message":"out of memory"}'), 'unreadable', /500.*out of memory$/],
    'a tile of 503 with words': [says(503, '{"Message":"busy"}'), 'transient', /503.*busy; tried 5 times/],
    'a web page': [says(200, html), 'unreadable', /web page/, /browser/],
    'an empty tile': [says(200, ''), 'unreadable', /empty/],
    'a tile of text': [says(200, 'no tile today', 'image/jpeg'), 'unreadable', /no JPEG or PNG/],
  };
  failures['a cut connection'] = [
    (_, response) => {
      response.writeHead(200, { 'content-length': 9000 }).write(Buffer.alloc(100), () => response.destroy());
      return 'handled';
    },
    'transient',
    /cut after 100 bytes; tried 5 times/,
  ];
  failures['a silent server'] = [() => 'handled', 'transient', /no byte came for 0\.06 s.*tried 5 times/];
  failures['a tile without end'] = [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
      };
      response.on('drain', more);
      more();
      return 'handled';
    },
    'unreadable',
    /bytes, where \d+ would be many/,
  ];
  failures['a tile that is announced as endless'] = [
    (_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 40 });
      response.write('x');
      return 'handled';
    },
    'unreadable',
    /1099511627776 bytes, where/,
  ];

  it.each(Object.entries(failures))(
    'should always be refused clearly for %s',
    async (name, [answering, code, problem, hint]) => {
      const { location, below } = served(server, servedStack({ width: 300 }));
      // The tiles of plane 1 alone: opening the first goes well.
      server.answer(`${below}tile`, (asked, response, nth) =>
        asked.query.get('layer') === '1' ? answering(asked, response, nth) : undefined,
      );
      const slow = name === 'a silent server' ? { ...network, timeoutMs: 60 } : network;
      const refusal = await refusalOf(openSlide(location, { network: slow }));
      expect(refusal).toMatchObject({
        code,
        problem: expect.stringMatching(problem),
        hint: expect.stringMatching(hint ?? /./),
        place: { file: location, plane: 1, level: 0, row: 0, column: 0 },
      });
      expect(refusal.message).not.toMatch(/session-\d/);
    },
  );

  it('should always be refused where a tile is of another size or kind, and leave no result', async () => {
    const other = (spec: Partial<ServedSpec>) => servedStack({ ...spec, seed: 9 });
    const stacks: [ServedStack, string, RegExp][] = [
      [other({ tile: 48 }), 'contradictory', /expected a picture of 64 x 64 pixels, got 48 x 48/],
      [other({ tile: 80, width: 400 }), 'contradictory', /got 80 x 80/],
      [
        other({ chroma: '4:2:0' }),
        'unsupported',
        /is a JPEG, ycbcr, chroma 2x2, where the first tile was a JPEG, ycbcr, chroma 1x1/,
      ],
      [other({ picture: 'grey jpeg' }), 'unsupported', /black-is-zero/],
      [other({ picture: 'png' }), 'unsupported', /is a PNG, where the first tile was a JPEG/],
    ];
    for (const [index, [stack, code, problem]] of stacks.entries()) {
      const { location, below } = served(server, servedStack());
      server.answer(`${below}tile`, async ({ query }) => {
        const at = (name: string) => Number(query.get(name));
        if (at('z') !== 2 || at('layer') !== 1 || at('x') !== 1 || at('y') !== 0) return undefined;
        return { type: 'image/jpeg', body: (await stack.tile(1, 0, 0, 1)) as Buffer };
      });
      const out = folder.folder(`wrong-${index}`);
      const run = flattenSlide(location, `${out}/flat.ome.tiff`, { network, method: 'exhaustive' });
      expect(await refusalOf(run)).toMatchObject({
        code,
        problem: expect.stringMatching(problem),
        place: { file: location, level: 0, plane: 1, row: 0, column: 1 },
      });
      expect(namesIn(out)).toEqual([]);
    }
  });

  it('should always be refused where its information makes no sense, before memory is taken', async () => {
    const layers = (count: number) => [{ Layers: Array.from({ length: count }, () => ({})) }];
    const wrong: [Record<string, unknown>, string, RegExp][] = [
      [{ Width: 2 ** 40 }, 'damaged', /its Width is 1099511627776/],
      [{ Width: 2 ** 31, Height: 2 ** 31 }, 'damaged', /tells of 3 planes of 2147483648 x 2147483648/],
      [{ Height: 'many' }, 'damaged', /its Height is "many"/],
      [{ TileSize: 0 }, 'damaged', /TileSize is 0/],
      [{ TileSize: 1e6 }, 'damaged', /TileSize is 1000000/],
      [{ MaxZoomLevel: 1.5 }, 'damaged', /MaxZoomLevel is 1.5/],
      [{ MaxZoomLevel: null }, 'damaged', /MaxZoomLevel is null/],
      [{ TimeFrames: [] }, 'damaged', /no layers/],
      [{ TimeFrames: layers(10_001) }, 'contradictory', /tells of 10001 planes/],
    ];
    for (const [info, code, problem] of wrong) {
      const { location } = served(server, servedStack(), { user, info });
      expect(await refusalOf(openSlide(location, { network }))).toMatchObject({
        code,
        problem: expect.stringMatching(problem),
        place: { file: location },
      });
    }
    const { location } = served(server, servedStack());
    const refused = (options: object) => refusalOf(openSlide(location, { network, ...options }));
    expect(await refused({ timepoint: 1 })).toMatchObject({ code: 'usage', problem: 'there is no timepoint 1' });
    expect(await refused({ channel: 'DAPI' })).toMatchObject({
      code: 'usage',
      hint: 'its only one is 0 (Brightfield)',
    });
    expect(await refusalOf(openSlide([location, location], { network }))).toMatchObject({ code: 'usage' });
  });

  it('should always be told of by the command line, with the password from the environment alone', async () => {
    const { location } = served(server, servedStack());
    const zflat = (password: string, ...words: string[]) => {
      const env = { ...process.env, ZFLAT_PMA_USER: user.name, ZFLAT_PMA_PASSWORD: password };
      return promisify(execFile)(process.execPath, [command, ...words], { env }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      );
    };
    const info = await zflat(user.password, 'info', location, '--json', '--z-step', '2');
    expect(JSON.parse(info.stdout)).toMatchObject({ format: 'PMA.core', planes: 3, zUm: [0, 2, 4], codec: 'jpeg' });
    const mapped = await zflat(user.password, 'map', location, '-o', folder.at('depth.json'));
    expect(mapped.stdout).toMatch(/fetched {3}[\d.]+ [kM]B in \d+ requests/);
    const refused = await zflat('s3cret', 'info', location);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/refuses to sign in/);
    expect(refused.stderr).not.toContain('s3cret');
  });
});

describe('the size of a picture', () => {
  const whole = { width: 64, height: 64 };
  const check = (found: readonly [number, number], shown: readonly [number, number], level: number) => () =>
    checkPictureSize({ width: found[0], height: found[1] }, { width: shown[0], height: shown[1] }, whole, level);

  it('should only ever be that of what it shows, or of a whole tile at the edge, or rounded at coarser levels', () => {
    for (const found of [
      [30, 64],
      [64, 64],
    ] as const)
      expect(check(found, [30, 64], 0)).not.toThrow();
    for (const found of [
      [29, 64],
      [31, 64],
      [30, 63],
      [30, 65],
      [65, 64],
    ] as const)
      expect(check(found, [30, 64], 0)).toThrow(/expected a picture of 30 x 64/);
    for (const found of [
      [29, 20],
      [31, 21],
      [30, 64],
    ] as const)
      expect(check(found, [30, 20], 1)).not.toThrow();
    for (const found of [
      [28, 20],
      [32, 20],
      [63, 20],
      [65, 20],
    ] as const)
      expect(check(found, [30, 20], 1)).toThrow();
    for (const found of [
      [63, 64],
      [65, 64],
    ] as const)
      expect(check(found, [64, 64], 1)).toThrow();
  });
});

describe('a location of a PMA slide', () => {
  it('should always be read as its documentation says', () => {
    const read = (text: string) => {
      const { server, path, format, quality } = parsePma(text);
      return [server, path, format, quality];
    };
    expect(read('pma://slides.example.org/Lab/smear.ndpi')).toEqual([
      'https://slides.example.org/',
      'Lab/smear.ndpi',
      'jpg',
      90,
    ]);
    expect(read('pma://h:8443/core/3//Lab/a%20b%3F.svs?quality=75')).toEqual([
      'https://h:8443/core/3/',
      'Lab/a b?.svs',
      'jpg',
      75,
    ]);
    expect(read('PMA://localhost/C:/slides/x.ndpi?format=png')).toEqual([
      'http://localhost:54001/',
      'C:/slides/x.ndpi',
      'png',
      90,
    ]);
    expect(read('pma://127.0.0.1:8080//x.ndpi')[0]).toBe('http://127.0.0.1:8080/');
    expect(read('pma+https://localhost/x.ndpi')[0]).toBe('https://localhost/');
    expect(read('pma+http://h/x.ndpi')[0]).toBe('http://h/');
  });

  it.each([
    ['pma://', /names no server/],
    ['pma://h', /names no slide/],
    ['pma://h/', /names no slide/],
    ['pma://h/%E0%A4%A', /names no slide/],
    ['pma://h/x#1', /#/],
    ['pma://me:hush@h/x', /a user in it/],
    ['pma://h/x?sessionID=1', /"sessionID"/],
    ['pma://h/x?format=tiff', /tiff/],
    ['pma://h/x?quality=101', /101/],
    ['pma://h/x?quality=high', /high/],
  ])('should always be refused where it can not be one: %s', (text, problem) => {
    const refused = () => parsePma(text);
    expect(refused).toThrow(SlideError);
    expect(refused).toThrow(problem);
    expect(refused).not.toThrow(/hush/);
  });

  it('should only ever be refused, never break, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (text) => {
        try {
          parsePma(`pma://${text}`);
        } catch (error) {
          expect(isSlideError(error, 'usage')).toBe(true);
        }
      }),
    );
  });
});

describe('answers of the API', () => {
  const answer = JSON.stringify({
    Width: 4000,
    Height: 3000,
    TileSize: 512,
    MaxZoomLevel: 3,
    MicrometresPerPixelX: 0.25,
    MicrometresPerPixelY: 0.25,
    TimeFrames: [{ Layers: [{ Channels: [{ Name: 'x' }] }, {}] }],
  });

  it('should only ever be refused where they are mutated', () => {
    const mutation = fc.tuple(
      fc.nat(answer.length - 1),
      fc.constantFrom('', '0', '9', '"', '{', '[', 'null', '-', 'e9'),
    );
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (changes) => {
        let text = answer;
        for (const [at, put] of changes) text = text.slice(0, at) + put + text.slice(at + 1);
        pmaMessage(text, 'secret');
        try {
          const { width, planes } = parsePmaImage(text, 'x');
          expect(Number.isSafeInteger(width) && planes.length > 0).toBe(true);
        } catch (error) {
          expect(isSlideError(error, 'damaged')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        pmaMessage(text, 'secret');
        try {
          parsePmaImage(text, 'x');
        } catch (error) {
          expect(isSlideError(error, 'damaged')).toBe(true);
        }
      }),
    );
  });
});
