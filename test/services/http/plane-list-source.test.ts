// Deep Zoom images and IIIF services, a plane each: the contract of every source, lists, what is asked for and what is refused.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  answerDeepZoom,
  answerIiif,
  deepZoomXml,
  finest,
  iiifInformation,
  type TileServer,
  tileServer,
} from '../../../experiments/harness/fixtures/tile-server.js';
import { mapSlide } from '../../../src/api/map-slide.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { isSlideError } from '../../../src/errors.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { finestLevel, parseDeepZoom } from '../../../src/formats/tile-server/deep-zoom.js';
import { parseIiif, tilePath } from '../../../src/formats/tile-server/image-information.js';
import { parsePlaneList } from '../../../src/formats/tile-server/plane-list.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { tileServerSlide } from '../../../src/slide-source/tile-server/tile-server-pictures.js';
import { openTileServerPlane } from '../../../src/slide-source/tile-server/tile-server-plane.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { namesIn, refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { type TemporaryFolder, temporaryFolder } from '../../fixtures/temporary-folder.js';

const network = { retryWaitMs: 1 };
let count = 0;

/** Writes Deep Zoom images into a folder: p0.dzi and so on. */
async function writeDeepZoom(folder: string, stack: ServedStack): Promise<string[]> {
  const extension = stack.spec.picture.endsWith('png') ? 'png' : 'jpg';
  const names: string[] = [];
  for (let plane = 0; plane < stack.spec.planes; plane++) {
    names.push(`p${plane}.dzi`);
    for (const [level, { columns, rows }] of stack.levels.entries()) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const name = `p${plane}_files/${finest(stack) - level}/${column}_${row}.${extension}`;
          await mkdir(dirname(join(folder, name)), { recursive: true });
          await writeFile(join(folder, name), (await stack.tile(plane, level, row, column)) as Buffer);
        }
      }
    }
    await writeFile(join(folder, `p${plane}.dzi`), deepZoomXml(stack));
  }
  return names;
}

/** Writes a list of planes, the highest first. */
async function writeList(path: string, kind: 'deepZoom' | 'iiif', locations: readonly string[], more: object = {}) {
  const planes = locations.map((location, plane) => ({ zUm: 1.5 * plane - 2, [kind]: location }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ planes: planes.reverse(), micronsPerPixel: 0.25, ...more }));
  return path;
}

type Kind = {
  readonly stack?: Partial<ServedSpec>;
  readonly list: (folder: TemporaryFolder, server: TileServer, stack: ServedStack) => Promise<string>;
};

const localZoom: Kind['list'] = async (folder, _, stack) =>
  writeList(folder.at('planes.json'), 'deepZoom', await writeDeepZoom(folder.at(''), stack));

const servedZoom: Kind['list'] = async (folder, server, stack) => {
  const below = `/zoom-${count++}/`;
  const names = answerDeepZoom(server, below, stack);
  return writeList(
    folder.at('planes.json'),
    'deepZoom',
    names.map((name) => server.origin() + below + name),
  );
};

const iiif =
  (version: 2 | 3, level: 0 | 1 | 2): Kind['list'] =>
  async (folder, server, stack) => {
    const services = answerIiif(server, `/iiif-${count++}/`, stack, version, level);
    // Of a service, or of its information: both may be given.
    const given = services.map((url, plane) => `${url}${['', '/', '/info.json'][plane % 3]}`);
    return writeList(folder.at('planes.json'), 'iiif', given);
  };

describe('lists of planes', () => {
  const server = listening(tileServer());
  const kinds: Record<string, Kind> = {
    'Deep Zoom in a folder': { list: localZoom },
    'Deep Zoom on a server': { list: servedZoom },
    'Deep Zoom that overlaps by a pixel': { stack: { tile: 62, overlap: 1 }, list: localZoom },
    'Deep Zoom that overlaps by much, PNG': { stack: { tile: 40, overlap: 11, picture: 'png' }, list: servedZoom },
    'Deep Zoom of a single pixel more than a tile': { stack: { width: 129, height: 65 }, list: localZoom },
    'Deep Zoom of one tile': { stack: { width: 33, height: 20, levels: 1 }, list: localZoom },
    'IIIF 2, level 0': { list: iiif(2, 0) },
    'IIIF 2, level 2': { list: iiif(2, 2) },
    'IIIF 3, level 0': { list: iiif(3, 0) },
    'IIIF 3, PNG sent': { stack: { picture: 'grey png' }, list: iiif(3, 1) },
    'IIIF 2, smaller than a tile': { stack: { width: 50, height: 40, levels: 1 }, list: iiif(2, 1) },
  };
  for (const [name, { stack: spec, list }] of Object.entries(kinds)) {
    describeSlideSource(name, async (folder) => {
      const stack = servedStack(spec);
      const { picture } = stack.spec;
      const kept = keptAsSent(stack.spec);
      return {
        input: await list(folder, server, stack),
        options: { network, tileSize: 64 },
        info: {
          format: /IIIF/.test(name) ? 'IIIF per plane' : 'Deep Zoom per plane',
          name: 'planes.json',
          planes: stack.spec.planes === 3 ? [-2, -0.5, 1].map((zUm, plane) => ({ plane, zUm })) : [],
          micronsPerPixel: { x: 0.25, y: 0.25 },
          retiled: kept ? undefined : picture.endsWith('png') ? 'lossless' : 'lossy',
        },
        levels: stack.levels.map(({ width, height }) => ({
          width,
          height,
          columns: Math.ceil(width / 64),
          rows: Math.ceil(height / 64),
        })),
        tile: { width: 64, height: 64 },
        planes: stack.spec.planes,
        picture: (plane, level) => stack.decoded(plane, level),
        tolerance: 0,
        incomparable: kept ? /not known before they are fetched/ : /without tiles/,
      };
    });
  }
});

describe('a list of planes', () => {
  const server = listening(tileServer());
  const folder = temporaryFolder();

  it('should always be flattened by copying where tiles do not overlap, else by encoding, and be verified', async () => {
    for (const overlap of [0, 1]) {
      const stack = servedStack({ width: 256, height: 128, overlap });
      const at = folder.folder(`zoom-${overlap}`);
      const list = await writeList(join(at, 'planes.json'), 'deepZoom', await writeDeepZoom(at, stack));
      const out = join(at, 'flat.ome.tiff');
      const { report, map } = await flattenSlide(list, out, { method: 'exhaustive', tileSize: 64 });
      expect(report.slide.notes).toEqual(overlap ? [expect.stringMatching(/overlap, by 1 px/)] : []);
      const { tilesCopied, tilesEncoded } = report.output as NonNullable<typeof report.output>;
      expect(tilesCopied > 0).toBe(overlap === 0);
      expect(Object.keys(tilesEncoded)).toEqual(overlap ? ['planes stored without tiles'] : []);
      expect(report.network).toBeUndefined();
      expect(await verifySlide(list, out)).toMatchObject({ verified: true });
      const result = await openSlide(out);
      for (const [tile, plane] of map.planes.entries()) {
        const [row, column] = [Math.floor(tile / 4), tile % 4];
        const written = await result.readTile({ level: 0, plane: 0, row, column });
        const sent = (await stack.tile(plane, 0, row, column)) as Buffer;
        expect(Buffer.compare(written?.bytes as Uint8Array, sent) === 0).toBe(overlap === 0);
      }
      await result.close();
    }
  });

  it('should only be asked for the tiles that are needed', async () => {
    const stack = servedStack({ width: 640, height: 640 });
    const list = await servedZoom(folder, server, stack);
    server.asked();
    const { report } = await mapSlide(list, { network, thumbnail: false });
    const asked = server.asked().map(({ path }) => path);
    expect(new Set(asked).size).toBe(asked.length);
    expect(report.network?.requests).toBe(asked.length);
    const all = stack.levels.reduce((sum, { columns, rows }) => sum + columns * rows * 3, 0);
    expect(asked.length).toBeLessThan(all);
  });

  it('should always keep the query of a URL, and send the token, but never to servers that another lists', async () => {
    const stack = servedStack();
    const below = `/signed-${count++}/`;
    const names = answerDeepZoom(server, below, stack);
    const list = await writeList(
      folder.at('signed.json'),
      'deepZoom',
      names.map((name) => `${server.origin()}${below}${name}?sig=abc`),
    );
    const secret = { ...network, token: 't0ken', headers: [['X-Lab', 'one']] as const };
    server.asked();
    // A list names servers that the person does not: they get nothing but what stands in the list, until the person names them, too.
    await (await openSlide(list, { network: secret })).close();
    for (const { query, headers } of server.asked()) {
      expect(query.get('sig')).toBe('abc');
      expect([headers.authorization, headers['x-lab']]).toEqual([undefined, undefined]);
    }
    const tokenFor = [new URL(server.origin()).host];
    const opened = await openSlide(list, { network: { ...secret, tokenFor } });
    expect(opened.info.files[1]).toBe(`${server.origin()}${below}p0.dzi?sig=…`);
    await opened.close();
    for (const { query, headers } of server.asked()) {
      expect(query.get('sig')).toBe('abc');
      expect(headers).toMatchObject({ authorization: 'Bearer t0ken', 'x-lab': 'one' });
    }
    // The same list from a server: that of the planes is another then, by name.
    const relative = names.map((name) => ({ deepZoom: name }));
    const away = names.map((name) => ({ deepZoom: `http://localhost:${server.port()}${below}${name}` }));
    for (const [at, planes] of Object.entries({ relative, away })) {
      server.answer(`${below}${at}.json`, () => ({ body: JSON.stringify({ planes }) }));
      server.asked();
      // Where localhost is ::1 alone, nothing listens there.
      const remote = openSlide(`${server.origin()}${below}${at}.json`, { network: secret });
      await remote.then((source) => source.close()).catch((error: unknown) => error);
      for (const { path, headers } of server.asked()) {
        const known = at === 'relative' || path.endsWith('.json');
        expect([path, headers.authorization]).toEqual([path, known ? 'Bearer t0ken' : undefined]);
      }
    }
  });

  const document = (planes: unknown, more: object = {}) => JSON.stringify({ planes, ...more });
  it.each([
    ['no JSON', '{"planes": [', 'damaged', /no JSON/],
    ['no list', '[]', 'usage', /lists no planes/],
    ['no planes', document([]), 'usage', /lists 0 planes/],
    ['a plane of nothing', document([{ zUm: 1 }]), 'usage', /plane 0 names no Deep Zoom/],
    ['a plane of both', document([{ deepZoom: 'a.dzi', iiif: 'http://h/x' }]), 'usage', /plane 0 .* or both/],
    ['a misspelt entry', document([{ deepZoom: 'a.dzi', zum: 1 }]), 'usage', /"zum"/],
    ['a misspelt entry of its own', document([{ deepZoom: 'a.dzi' }], { pixel: 1 }), 'usage', /"pixel"/],
    ['a height that is none', document([{ deepZoom: 'a.dzi', zUm: '1' }]), 'usage', /plane 0 is at "1"/],
    ['heights of some', document([{ deepZoom: 'a.dzi', zUm: 1 }, { deepZoom: 'b.dzi' }]), 'usage', /1 of its 2/],
    [
      'a height twice',
      document([
        { deepZoom: 'a.dzi', zUm: 1 },
        { deepZoom: 'b.dzi', zUm: 1 },
      ]),
      'usage',
      /two planes at 1 µm/,
    ],
    ['an image twice', document([{ deepZoom: 'a.dzi' }, { deepZoom: './a.dzi' }]), 'usage', /listed twice/],
    ['a pixel of no size', document([{ deepZoom: 'a.dzi' }], { micronsPerPixel: 0 }), 'usage', /micronsPerPixel is 0/],
    ['a service by path', document([{ iiif: 'a/info.json' }]), 'usage', /lists a\/info.json/],
    ['a missing file', document([{ deepZoom: 'missing.dzi' }]), 'unreadable', /no such file/],
  ])('should always be refused with what is wrong: %s', async (_, text, code, problem) => {
    const path = folder.at('wrong.json');
    await writeFile(path, text);
    expect(await refusalOf(openSlide(path))).toMatchObject({
      code,
      problem: expect.stringMatching(problem),
      hint: expect.any(String),
    });
  });

  it('should always be refused where it is on a server and names what is not', async () => {
    for (const named of ['file:///etc/hostname', 'ftp://h/x.dzi']) {
      server.answer('/evil.json', () => ({ body: document([{ deepZoom: named }]) }));
      expect(await refusalOf(openSlide(`${server.origin()}/evil.json`, { network }))).toMatchObject({
        code: 'usage',
        problem: expect.stringMatching(/can't be read/),
      });
    }
  });

  const says =
    (status: number, body = 'an error page', type = 'text/html'): Answering =>
    () => ({ status, body, type });
  const tileOf = (level: number, column: number, row: number) => `_files/${level}/${column}_${row}.jpg`;
  it.each<[string, string, Answering, string, RegExp]>([
    ['a description that is missing', 'p1.dzi', says(404), 'unreadable', /404/],
    [
      'a description that is a web page',
      'p1.dzi',
      says(200, '<html><body>hi</body></html>'),
      'damaged',
      /no Deep Zoom/,
    ],
    ['a description without end', 'p1.dzi', says(200, 'x'.repeat(1e6)), 'unreadable', /1000000 bytes/],
    ['a tile that is missing', `p1${tileOf(8, 1, 0)}`, says(404), 'unreadable', /404/],
    ['a tile that is for others', `p1${tileOf(8, 1, 0)}`, says(403), 'unreadable', /403/],
    ['a server that is broken', `p1${tileOf(8, 1, 0)}`, says(502), 'transient', /502.*tried 5 times/],
    ['a tile that is a web page', `p1${tileOf(8, 1, 0)}`, says(200, '<html>'), 'unreadable', /web page/],
  ])('should always be refused clearly for %s, and leave no result', async (name, at, answering, code, problem) => {
    const stack = servedStack();
    const list = await servedZoom(folder, server, stack);
    const below = `/zoom-${count - 1}/`;
    server.answer(below + at, answering);
    const out = folder.folder(`out-${count}`);
    const refusal = await refusalOf(flattenSlide(list, `${out}/flat.ome.tiff`, { network, method: 'exhaustive' }));
    expect(refusal).toMatchObject({ code, problem: expect.stringMatching(problem), hint: expect.any(String) });
    expect(refusal.place.plane).toBe(1);
    expect(refusal.place.file).toContain(below);
    if (/tile/.test(name)) expect(refusal.place).toMatchObject({ level: 0, row: 0, column: 1 });
    expect(namesIn(out)).toEqual([]);
  });

  it('should always be refused where its planes do not fit together', async () => {
    const at = folder.folder('unlike');
    await writeDeepZoom(at, servedStack());
    const others: [Partial<ServedSpec>, RegExp][] = [
      [{ width: 170 }, /size: 170 x 91 instead of 150 x 91/],
      [{ tile: 32 }, /tile grid/],
      [{ picture: 'grey jpeg' }, /pixel type/],
    ];
    for (const [spec, problem] of others) {
      const other = folder.folder(`unlike-${spec.width ?? spec.tile ?? spec.picture}`);
      await writeDeepZoom(other, servedStack(spec));
      const list = await writeList(join(at, 'planes.json'), 'deepZoom', ['p0.dzi', join(other, 'p1.dzi')]);
      expect(await refusalOf(openSlide(list))).toMatchObject({
        code: 'mismatch',
        problem: expect.stringMatching(problem),
        place: { plane: 1, file: join(other, 'p1.dzi') },
      });
    }
  });

  it('should always be refused where sizes are absurd, before memory is taken', async () => {
    const stack = servedStack();
    const at = folder.folder('absurd');
    await writeDeepZoom(at, stack);
    const list = await writeList(join(at, 'planes.json'), 'deepZoom', ['p0.dzi']);
    for (const [from, to, problem] of [
      ['Width="150"', 'Width="9000000000"', /tells of 1 planes of 9000000000 x 91/],
      ['TileSize="64"', 'TileSize="1"', /expected a picture|too small/],
      ['TileSize="64"', 'TileSize="65000"', /expected a picture of 150 x 91 pixels, got 64 x 64/],
      ['Overlap="0"', 'Overlap="5"', /expected a picture of 69 x 69 pixels, got 64 x 64/],
    ] as const) {
      const text = deepZoomXml(stack).replace(from, to);
      await writeFile(join(at, 'p0.dzi'), text);
      // Where its first tile lies follows from its size.
      const first = join(at, 'p0_files', String(finestLevel(parseDeepZoom(text, 'x'))), '0_0.jpg');
      await mkdir(dirname(first), { recursive: true });
      await writeFile(first, (await stack.tile(0, 0, 0, 0)) as Buffer);
      const wide = refusalOf(
        openSlide(list).then((source) => source.readTile({ level: 0, plane: 0, row: 0, column: 0 })),
      );
      expect(await wide).toMatchObject({ problem: expect.stringMatching(problem) });
    }
  });
});

describe('descriptions', () => {
  const changes = (text: string) =>
    fc.array(
      fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '0', '9', '"', '<', '>', '&', '{', '[', 'null', '-')),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
  const mutated = (text: string, all: readonly (readonly [number, string])[]) =>
    all.reduce((changed, [at, put]) => changed.slice(0, at) + put + changed.slice(at + 1), text);
  const stack = servedStack();
  const parsers: Record<string, [string, (text: string) => unknown]> = {
    'Deep Zoom': [deepZoomXml(stack), (text) => parseDeepZoom(text, 'x')],
    'IIIF 2': [JSON.stringify(iiifInformation(stack, 2, 1, 'http://h/x')), (text) => parseIiif(text, 'x')],
    'IIIF 3': [JSON.stringify(iiifInformation(stack, 3, 2, 'http://h/x')), (text) => parseIiif(text, 'x')],
    'a list': [
      '{"planes":[{"zUm":0,"deepZoom":"a.dzi"},{"zUm":1,"iiif":"http://h/x"}],"micronsPerPixel":{"x":1,"y":2}}',
      (text) => parsePlaneList(text, 'x'),
    ],
  };

  it.each(Object.entries(parsers))('should only ever be refused where they are damaged: %s', (_, [text, parse]) => {
    const refused = (given: string) => {
      try {
        parse(given);
      } catch (error) {
        expect([isSlideError(error), error]).toEqual([true, error]);
      }
    };
    expect(() => parse(text)).not.toThrow();
    fc.assert(
      fc.property(changes(text), (all) => refused(mutated(text, all))),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), refused));
  });

  it('should always be refused where tiles overlap by all that they are, or are of other pictures', () => {
    const changed = (from: string, to: string) => () => parseDeepZoom(deepZoomXml(stack).replace(from, to), 'x');
    expect(changed('Overlap="0"', 'Overlap="64"')).toThrow(/overlap by 64/);
    expect(changed('Format="jpg"', 'Format="webp"')).toThrow(/"webp" pictures/);
    expect(changed('<Size', '<DisplayRects><DisplayRect/></DisplayRects><Size')).toThrow(/sparse/);
  });

  it('should always have the finest Deep Zoom level that the format says', () => {
    const level = (width: number, height: number) => finestLevel({ width, height });
    expect([level(1, 1), level(2, 1), level(3, 1), level(256, 255), level(257, 1), level(2 ** 29, 1)]).toEqual([
      0, 1, 2, 8, 9, 29,
    ]);
  });

  it('should always have IIIF requests in the canonical form', () => {
    const image = { width: 1000, height: 700, tile: { width: 512, height: 512 }, scaleFactors: [1, 2], id: undefined };
    const edge = { x: 512, y: 512, width: 488, height: 188 };
    const paths = (version: 2 | 3, exact: boolean) => [
      tilePath({ ...image, version, exact }, edge, edge),
      tilePath({ ...image, version, exact }, { x: 0, y: 0, width: 1000, height: 699 }, { width: 500, height: 350 }),
      tilePath({ ...image, version, exact }, { x: 0, y: 0, width: 1000, height: 700 }, { width: 500, height: 350 }),
      tilePath({ ...image, version, exact }, { x: 0, y: 0, width: 1000, height: 700 }, { width: 1000, height: 700 }),
    ];
    expect(paths(2, false)).toEqual([
      '512,512,488,188/488,/0/default.jpg',
      '0,0,1000,699/500,/0/default.jpg',
      'full/500,/0/default.jpg',
      'full/full/0/default.jpg',
    ]);
    expect(paths(2, true)[1]).toBe('0,0,1000,699/500,350/0/default.jpg');
    expect(paths(3, true)).toEqual([
      '512,512,488,188/488,188/0/default.jpg',
      '0,0,1000,699/500,350/0/default.jpg',
      'full/500,350/0/default.jpg',
      'full/max/0/default.jpg',
    ]);
  });

  it('should never take memory for tiles that are said to be huge', async () => {
    const server = { fetched: 0 };
    const service = {
      file: 'x',
      levels: [{ level: 0, width: 50_000, height: 50_000 }],
      tile: { width: 50_000, height: 50_000 },
      overlap: 0,
      notes: [],
      fetch: async () => {
        server.fetched++;
        return Buffer.alloc(0);
      },
    };
    expect(await refusalOf(openTileServerPlane(service, tileServerSlide(1, undefined), '0'))).toMatchObject({
      code: 'unsupported',
      problem: 'its tiles are pictures of 50000 x 50000 pixels',
    });
    expect(server.fetched).toBe(0);
  });

  it('should always tell what a IIIF service can not do', () => {
    const parsed = (change: object) => () =>
      parseIiif(JSON.stringify({ ...iiifInformation(stack, 2, 0, 'http://h/x'), ...change }), 'x');
    expect(parsed({ tiles: undefined })).toThrow(/offers no tiles/);
    expect(parsed({ tiles: [{ width: 64, scaleFactors: [2, 4] }] })).toThrow(/scale factors 2, 4/);
    expect(parsed({ '@context': 'http://iiif.io/api/image/1/context.json' })).toThrow(/version 1/);
    expect(parsed({ '@context': 'http://schema.org' })).toThrow(/no image information/);
    expect(parsed({ width: 'x' })).toThrow(/"x" x 91/);
    // Those that make any part of an image are asked for squares.
    const level1 = ['http://iiif.io/api/image/2/level1.json', { maxWidth: 100 }];
    expect(parsed({ tiles: undefined, profile: level1 })()).toMatchObject({
      tile: { width: 64, height: 64 },
      scaleFactors: [1, 2, 4],
      exact: false,
    });
  });
});
