// Slides on a web server: the contract of every source, sets and lists of planes, what is fetched and what is refused.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  depthByTile,
  type StackSpec,
  type WrittenStack,
  writeStack,
} from '../../../experiments/harness/fixtures/ome-stack.js';
import { rgb, sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writeTiffPlanes } from '../../../experiments/harness/fixtures/plane-files.js';
import { type Handler, type RangeServer, rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { sendRange } from '../../../experiments/harness/fixtures/send-range.js';
import { mapSlide } from '../../../src/api/map-slide.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { SlideError } from '../../../src/errors.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { openTiff } from '../../../src/tiff/tiff-file.js';
import { command } from '../../cli/run-zflat.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { namesIn, refusalOf } from '../../fixtures/left-behind.js';
import { listening } from '../../fixtures/listening.js';
import { recordedReader } from '../../fixtures/recorded-reader.js';
import { type TemporaryFolder, temporaryFolder } from '../../fixtures/temporary-folder.js';

const small = { width: 150, height: 91, planes: 3, depth: depthByTile(64, 3) } as const;
let count = 0;

/** Writes a stack and serves its files, each under its own name; answers the URLs too. */
async function served(server: RangeServer, folder: TemporaryFolder, spec: Partial<StackSpec>, handler?: Handler) {
  const stack = await writeStack(folder.folder(`stack-${count}`), { ...small, ...spec });
  const under = `${count++}/`;
  const paths = new Set([...stack.files, stack.path]);
  for (const path of paths) server.put(under + basename(path), await readFile(path), handler);
  return { ...stack, url: server.url(under + basename(stack.path)), under };
}

/** What the contract must know of a stack that is served. */
function known(stack: WrittenStack, input: string | readonly string[], format: string, notes: readonly string[] = []) {
  const at = (z: number) => ({ z, c: 0, t: 0 });
  const sizes = stack.levels.map((level) => stack.picture(at(0), level));
  return {
    input,
    info: { format, retiled: undefined, notes },
    levels: sizes.map(({ width, height }) => ({
      width,
      height,
      columns: Math.ceil(width / 64),
      rows: Math.ceil(height / 64),
    })),
    tile: { width: 64, height: 64 },
    planes: stack.spec.planes,
    picture: (plane: number, level: number) => stack.picture(at(plane), level),
    tolerance: 0,
    stored: ({ level, plane, row, column }: { level: number; plane: number; row: number; column: number }) =>
      stack.stored(at(plane), level).chunks[row * Math.ceil(sizes[level].width / 64) + column],
    incomparable: undefined,
  };
}

describe('slides on a server', () => {
  const server = listening(rangeServer());
  const kinds: Record<string, Partial<StackSpec>> = {
    'OME-TIFF, BigTIFF': { big: true },
    'OME-TIFF, big-endian': { bigEndian: true },
    'OME-TIFF, a file a plane': { files: 'a-plane-each' },
    'OME-TIFF, a companion': { files: 'companion' },
  };
  for (const [name, spec] of Object.entries(kinds)) {
    describeSlideSource(`over HTTP: ${name}`, async (folder) => {
      const stack = await served(server, folder, spec);
      return known(stack, stack.url, 'OME-TIFF');
    });
  }

  describeSlideSource('over HTTP: a list of URLs, a plane each', async (folder) => {
    const stack = await writeTiffPlanes(folder.at('in'), { ...small, planes: 3 }, (z) => `p${z}.tif`);
    const urls: string[] = [];
    for (const file of stack.planeFiles) urls.push(server.put(`list/${basename(file)}`, await readFile(file)));
    return known(stack, [...urls].reverse(), 'one file per plane', ['planes p0.tif … p2.tif (3)']);
  });
});

describe('openSlide of a URL', () => {
  const folder = temporaryFolder();
  const server = listening(rangeServer());
  const network = { retryWaitMs: 1 };

  it('should always be understood as the same slide as the local file', async () => {
    const stack = await served(server, folder, {
      pictures: ['label', 'macro'],
      magnification: 40,
      iccProfile: Buffer.from('profile'),
      storage: { codec: 'jpeg', sharedTables: true },
    });
    const [local, remote] = [await openSlide(stack.path), await openSlide(stack.url, { network })];
    const { files, ...facts } = local.info;
    expect(remote.info).toEqual({ ...facts, files: [stack.url] });
    expect(remote.info.associatedImages).toHaveLength(2);
    for (const [i, image] of remote.info.associatedImages.entries()) {
      const [here, there] = [
        await local.readAssociatedImage(local.info.associatedImages[i]),
        await remote.readAssociatedImage(image),
      ];
      expect(Buffer.compare(Buffer.from(there.data), Buffer.from(here.data))).toBe(0);
      expect(there).toMatchObject({ width: here.width, height: here.height, channels: 3 });
    }
    expect(local.transfer?.()).toBeUndefined();
    await Promise.all([local.close(), remote.close()]);
  });

  it('should always count what it fetches', async () => {
    const stack = await served(server, folder, {
      width: 1100,
      height: 900,
      pyramid: 'none',
      storage: { codec: 'raw' },
    });
    server.asked();
    const source = await openSlide(stack.url, { network });
    const size = stack.tiffs[0].bytes.length;
    const opening = source.transfer?.();
    const asked = server.asked();
    expect(opening).toMatchObject({ requests: asked.length, fileBytes: size });
    // Directories lie all over this file; still only a small part of it is fetched.
    expect(opening?.bytes).toBeLessThan(size / 10);
    await Promise.all([0, 1, 2].map((column) => source.readTile({ level: 0, plane: 1, row: 3, column })));
    expect(server.asked()).toHaveLength(1);
    expect(source.transfer?.()?.bytes).toBe((opening?.bytes ?? 0) + 3 * 64 * 64 * 3);
    await source.close();
  });

  it('should always refuse what would have to be fetched whole', async () => {
    const strips = await served(server, folder, { tile: undefined, pyramid: 'none' });
    expect(await refusalOf(openSlide(strips.url))).toMatchObject({
      code: 'unsupported',
      place: { file: strips.url },
      problem: expect.stringMatching(/strips/),
      hint: expect.stringMatching(/download/),
    });
    const path = folder.at('picture.png');
    await saveWithSharp(sharpPicture({ width: 40, height: 30 }, rgb, 5), path);
    const url = server.put('picture.png', await readFile(path));
    expect(await refusalOf(openSlide(url))).toMatchObject({
      code: 'unsupported',
      place: { file: url },
      hint: expect.stringMatching(/download/),
    });
  });

  it('should always name the URL that is missing from a set, or given twice', async () => {
    const stack = await served(server, folder, { files: 'a-plane-each' });
    server.put(`${stack.under}${basename(stack.files[1])}`, Buffer.alloc(0), (_, response) => {
      response.writeHead(404).end();
      return true;
    });
    expect(await refusalOf(openSlide(stack.url))).toMatchObject({
      code: 'unreadable',
      place: { file: server.url(`${stack.under}${basename(stack.files[1])}`) },
      problem: expect.stringMatching(/404/),
    });
    expect(await refusalOf(openSlide([stack.url, stack.url]))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/twice/),
    });
  });

  it('should never be taken for a pattern or a folder', async () => {
    expect(await refusalOf(openSlide(`${server.url('none')}/p*.tif?x=[1]`))).toMatchObject({
      code: 'unreadable',
      problem: expect.stringMatching(/404/),
    });
  });
});

describe('a remote slide', () => {
  const folder = temporaryFolder();
  const server = listening(rangeServer());
  const network = { retryWaitMs: 1 };

  it('should always be flattened to the same bytes as the local one, and verified against it', async () => {
    const { url, path } = await served(server, folder, { storage: { codec: 'jpeg' }, pictures: ['label'] });
    const [here, there] = [folder.at('here.ome.tif'), folder.at('there.ome.tif')];
    await flattenSlide(path, here);
    const { report } = await flattenSlide(url, there, { network });
    expect(Buffer.compare(await readFile(there), await readFile(here))).toBe(0);
    expect(report.network).toMatchObject({ fileBytes: (await readFile(path)).length, requests: expect.any(Number) });
    expect((await verifySlide(url, server.put('flat.ome.tif', await readFile(there)))).verified).toBe(true);
  });

  it('should only be fetched where the plan looks', async () => {
    const { url } = await served(server, folder, { width: 640, height: 640, storage: { codec: 'jpeg' } });
    server.asked();
    const { report } = await mapSlide(url, { network, thumbnail: false, grain: 'tile' });
    const asked = server.asked();
    const { bytes = 0, fileBytes = 0, requests } = report.network ?? {};
    expect(requests).toBe(asked.length);
    expect(bytes).toBeLessThan(fileBytes);
    const { report: again } = await mapSlide(url, { network, thumbnail: false, grain: 'tile', method: 'exhaustive' });
    expect(again.network?.bytes).toBeGreaterThan(bytes);
  });

  it('should never leave a result where the file changed, or the server went away', async () => {
    const handlers: Record<string, Handler> = {
      changed: (request, response, nth) => {
        sendRange(request, response, stack.tiffs[0].bytes, { etag: nth > 4 ? '"b"' : '"a"' });
        return true;
      },
      away: (request, _, nth) => nth > 4 && request.socket.destroy() !== undefined,
    };
    const stack = await writeStack(folder.folder('base'), {
      ...small,
      width: 900,
      height: 700,
      storage: { codec: 'raw' },
    });
    for (const [name, handler] of Object.entries(handlers)) {
      const url = server.put(`${name}.ome.tif`, stack.tiffs[0].bytes, handler);
      const out = folder.folder(`out-${name}`);
      const refusal = await refusalOf(flattenSlide(url, `${out}/flat.ome.tif`, { network, method: 'exhaustive' }));
      expect(refusal).toMatchObject({
        code: name === 'changed' ? 'damaged' : 'transient',
        place: { file: url },
        hint: expect.any(String),
      });
      expect(namesIn(out)).toEqual([]);
    }
  });

  it('should never be more than refused where its bytes are damaged', async () => {
    const { tiffs } = await writeStack(folder.folder('mutated'), { ...small, planes: 2 });
    const [{ bytes, directories }] = tiffs;
    const at = fc.oneof(
      fc.nat(15),
      ...directories.map(({ offset, nextAt }) => fc.integer({ min: offset, max: nextAt + 4 })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(at, fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [place, value] of changes) damaged[place] = value;
        const error = await openTiff(recordedReader(damaged)).catch((refusal: unknown) => refusal);
        if (error instanceof Error) expect(error).toBeInstanceOf(SlideError);
      }),
      { numRuns: 200 },
    );
  });

  it('should always be stopped at once', async () => {
    const controller = new AbortController();
    const { url } = await served(server, folder, {}, (_request, _response, nth) => {
      if (nth < 3) return false;
      setImmediate(() => controller.abort());
      return true;
    });
    const run = flattenSlide(url, folder.at('stopped.ome.tif'), { signal: controller.signal, method: 'exhaustive' });
    expect(await refusalOf(run)).toMatchObject({ code: 'aborted' });
  });

  it('should always be told of by the command line, with exit code 3 where it can not be read', async () => {
    const { url } = await served(server, folder, {}, (request, response) => {
      if (request.headers.authorization === 'Bearer abc' && request.headers['x-lab'] === 'one') return false;
      response.writeHead(401).end();
      return true;
    });
    const zflat = (token: string, ...words: string[]) =>
      promisify(execFile)(process.execPath, [command, ...words], { env: { ...process.env, ZFLAT_TOKEN: token } }).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      );
    const told = await zflat('abc', 'info', url, '--json', '--header', 'X-Lab: one');
    expect(JSON.parse(told.stdout)).toMatchObject({ planes: 3, files: ['smear.ome.tif'] });
    const mapped = await zflat('abc', 'map', url, '-o', folder.at('depth.json'), '--header', 'X-Lab: one');
    expect(mapped.stdout).toMatch(/fetched {3}[\d.]+ [kM]B of [\d.]+ [kM]B in \d+ requests/);
    const refused = await zflat('', 'info', url);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain(url);
    expect(refused.stderr).toMatch(/401.*ZFLAT_TOKEN/);
    expect(await zflat('', 'info', url, '--header', 'nonsense')).toMatchObject({ code: 2 });
  });
});
