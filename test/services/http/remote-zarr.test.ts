// OME-Zarr images on a web server: the contract of every source, what is fetched and what is refused.
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Handler, rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { writeZarr, type ZarrSpec } from '../../../experiments/harness/fixtures/zarr-slide.js';
import { mapSlide } from '../../../src/api/map-slide.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { isZarrUrl } from '../../../src/formats/ome-zarr/zarr-url.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { namesIn, refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { serveFolder } from '../../fixtures/served-folder.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const network = { retryWaitMs: 1 };
let count = 0;

describe('OME-Zarr on a server', () => {
  const server = listening(rangeServer());
  const kinds: Record<string, Partial<ZarrSpec>> = {
    '0.4, zstd': {},
    '0.4, blosc, dots in names': { compressor: 'blosc', separator: '.' },
    '0.5, zstd': { version: '0.5' },
    '0.5, shards': { version: '0.5', shard: 2 },
  };
  for (const [name, spec] of Object.entries(kinds)) {
    describeSlideSource(`over HTTP: OME-Zarr ${name}`, async (folder) => {
      const image = await writeZarr(folder.at('in'), spec);
      const levels = Array.from({ length: image.spec.levels }, (_, level) => {
        const { width, height } = image.picture(0, level);
        return { width, height, columns: Math.ceil(width / 64), rows: Math.ceil(height / 64) };
      });
      return {
        input: `${await serveFolder(server, image.folder, `${count++}/a smear.zarr`)}${count % 2 ? '/' : ''}`,
        options: { network },
        info: { format: `OME-Zarr ${image.spec.version}`, retiled: 'lossless', micronsPerPixel: { x: 0.25, y: 0.25 } },
        levels,
        tile: { width: 64, height: 64 },
        planes: 3,
        picture: (plane, level) => image.picture(plane, level),
        tolerance: 0,
        incomparable: /without tiles/,
      };
    });
  }
});

describe('a remote OME-Zarr image', () => {
  const server = listening(rangeServer());
  const folder = temporaryFolder();

  /** An image of its own; answers its folder and URL. */
  async function served(spec: Partial<ZarrSpec> = {}, handler?: (name: string) => Handler | undefined) {
    const name = `${count++}/smear.zarr`;
    const image = await writeZarr(folder.at(name), spec);
    return { image, name, url: await serveFolder(server, image.folder, name, handler) };
  }

  it('should always be understood as the same slide as the local one, with nothing listed', async () => {
    for (const spec of [{}, { version: '0.5', shard: 2 }] as const) {
      const { image, url } = await served(spec);
      const [local, remote] = [await openSlide(image.folder), await openSlide(url, { network })];
      const { files, ...facts } = local.info;
      expect(remote.info).toEqual({ ...facts, files: [url] });
      server.asked();
      await remote.readTile({ level: 0, plane: 1, row: 0, column: 0 });
      expect(server.asked().length).toBeLessThanOrEqual(6);
      expect(remote.transfer?.()?.fileBytes).toBeUndefined();
      await Promise.all([local.close(), remote.close()]);
    }
  });

  it('should always be flattened to the same tiles as the local one, and fetched only where the plan looks', async () => {
    const { image, url } = await served({ width: 640, height: 640, levels: 4 });
    const chunks = image.chunkFiles.length;
    server.asked();
    const { report } = await mapSlide(url, { network, thumbnail: false });
    const asked = server.asked();
    expect(report.network?.requests).toBe(asked.length);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThan(chunks);
    const [here, there] = [folder.at('here.ome.tif'), folder.at('there.ome.tif')];
    await flattenSlide(image.folder, here);
    await flattenSlide(url, there, { network });
    const [a, b] = [await openSlide(here), await openSlide(there)];
    const address = { level: 0, plane: 0, row: 3, column: 4 };
    const [tile, other] = [await a.readTile(address), await b.readTile(address)];
    expect(Buffer.compare(tile?.bytes as Uint8Array, other?.bytes as Uint8Array)).toBe(0);
    await Promise.all([a.close(), b.close()]);
  });

  it('should always keep its query, and never read what does not lie below it', async () => {
    const queries: string[] = [];
    const { url, name } = await served({}, () => (request) => {
      queries.push((request.url ?? '').split('?')[1]);
      return false;
    });
    const source = await openSlide(`${url}?sig=abc`, { network });
    expect(source.info.files).toEqual([`${url}?sig=…`]);
    await source.close();
    expect(new Set(queries)).toEqual(new Set(['sig=abc']));
    const away = {
      change: (attributes: object) => JSON.parse(JSON.stringify(attributes).replace('"path":"0"', '"path":"../x"')),
    };
    const evil = await served(away);
    server.asked();
    await refusalOf(openSlide(evil.url, { network }));
    expect(server.asked().filter((path) => !path.startsWith(evil.name))).toEqual([]);
    expect(name).not.toBe(evil.name);
  });

  it('should always take the first of several images, and say where an image is that it was given a part of', async () => {
    const { url, image } = await served();
    const outer = `${count++}/many.zarr`;
    server.put(`${outer}/.zattrs`, Buffer.from('{"bioformats2raw.layout": 3}'));
    await serveFolder(server, image.folder, `${outer}/0`);
    const first = await openSlide(server.url(outer), { network });
    expect(first.info.levels[0].grid.width).toBe(150);
    await first.close();
    expect(await refusalOf(openSlide(`${url}/0`, { network }))).toMatchObject({
      code: 'unsupported',
      place: { file: `${url}/0` },
      hint: `it seems to be part of one: give ${url}/`,
    });
  });

  const answer =
    (status: number): Handler =>
    (_, response) => {
      response.writeHead(status).end('no');
      return true;
    };
  it.each<[string, string, Handler, string, RegExp]>([
    ['nothing there', '.zattrs', answer(404), 'unsupported', /no zarr\.json or \.zattrs/],
    ['what is for others', '.zattrs', answer(403), 'unreadable', /403/],
    ['a level that is missing', '1/.zarray', answer(404), 'damaged', /no \.zarray of this level/],
    ['a broken server', '0/.zarray', answer(503), 'transient', /503.*tried 5 times/],
    ['a web page', '.zattrs', (_, response) => Boolean(response.end('<html>')), 'damaged', /no JSON/],
    ['a chunk for others', '0/0/1/1/0/0', answer(401), 'unreadable', /401/],
    [
      'a chunk that is announced as endless',
      '0/0/1/1/0/0',
      (_, response) => Boolean(response.writeHead(200, { 'content-length': 2 ** 40 }).write('x')) || true,
      'unreadable',
      /1099511627776 bytes/,
    ],
  ])('should always be refused clearly for %s, and leave no result', async (_, file, handler, code, problem) => {
    const { url } = await served({ levels: 2, height: 60, width: 60 }, (name) => (name === file ? handler : undefined));
    const out = folder.folder(`out-${count}`);
    const run = flattenSlide(url, `${out}/flat.ome.tif`, { network, method: 'exhaustive' });
    const refusal = await refusalOf(run);
    expect(refusal).toMatchObject({ code, problem: expect.stringMatching(problem), hint: expect.any(String) });
    expect(refusal.place.file).toContain(url);
    expect(namesIn(out)).toEqual([]);
  });

  it('should always have chunks that the server lacks as what the image is filled with', async () => {
    const { image } = await served();
    for (const file of image.chunkFiles) if (/\/0\/0\/0\/2\/0\/0$/.test(file)) await rm(file);
    const url = await serveFolder(server, image.folder, `${count++}/gap.zarr`);
    const [local, remote] = [await openSlide(image.folder), await openSlide(url, { network })];
    const address = { level: 0, plane: 2, row: 0, column: 0 };
    const [here, there] = [await local.readTile(address), await remote.readTile(address)];
    expect(Buffer.compare(here?.bytes as Uint8Array, there?.bytes as Uint8Array)).toBe(0);
    await Promise.all([local.close(), remote.close()]);
  });

  it('should always be told from other URLs by its name', () => {
    const zarr = ['https://h/a.zarr', 'https://h/a.ome.zarr/', 'http://h/a.zarr/0?sig=1', 'http://h/a.ZARR'];
    const other = ['https://h/a.zarr.zip', 'https://h/x?of=a.zarr', '/a/b.zarr', 'https://h/azarr'];
    expect([...zarr, ...other].map(isZarrUrl)).toEqual([...zarr.map(() => true), ...other.map(() => false)]);
  });
});
