// The program that embeds zflat in a server does what it says: progress by events, stopping, a status for every kind of failure.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatteningServer } from '../../experiments/serve-flattening.js';
import { synthesizeSlide, verifySlide } from '../../src/index.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at } = temporaryFolder();
let server: Server;
let origin = '';
beforeAll(async () => {
  await synthesizeSlide(at('slide.ome.tiff'), { width: 1024, height: 1024, planeCount: 3 });
  server = flatteningServer(dirname(at('slide.ome.tiff')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Told = { readonly type: string; readonly status?: number; readonly [name: string]: unknown };

async function post(body: object | string): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${origin}/runs`, { method: 'POST', body: text });
}

/** All that a run tells; `heard` is given each. */
async function follow(run: string, heard: (told: Told) => unknown = () => undefined): Promise<Told[]> {
  const { body, headers } = await fetch(origin + run);
  expect(headers.get('content-type')).toBe('text/event-stream');
  const all: Told[] = [];
  let text = '';
  for await (const piece of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const parts = (text + piece).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      all.push(JSON.parse(part.replace(/^data: /, '')));
      await heard(all[all.length - 1]);
    }
  }
  return all;
}

async function start(body: object): Promise<string> {
  const started = await post(body);
  expect(started.status).toBe(202);
  return ((await started.json()) as { run: string }).run;
}

describe('a server that flattens', () => {
  it('should always tell progress, then the result, to who asks late too', async () => {
    const run = await start({ slide: 'slide.ome.tiff', output: 'flat.ome.tiff', target: 0.99 });
    const told = await follow(run);
    expect(told.length).toBeGreaterThan(1);
    expect(told[told.length - 1]).toMatchObject({
      type: 'finished',
      retained: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect((await verifySlide(at('slide.ome.tiff'), at('flat.ome.tiff'))).verified).toBe(true);
    expect((await follow(run)).at(-1)).toEqual(told.at(-1));
  });

  it('should always stop a run, which leaves nothing behind', async () => {
    const run = await start({
      slide: 'slide.ome.tiff',
      output: 'stopped.ome.tiff',
      method: 'exhaustive',
      concurrency: 1,
    });
    const told = await follow(run, async ({ type }) => {
      if (type === 'progress') expect((await fetch(origin + run, { method: 'DELETE' })).status).toBe(204);
    });
    expect(told.at(-1)).toMatchObject({ type: 'failed', status: 410, code: 'aborted' });
    await expect.poll(() => readdirSync(dirname(at('x'))).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  it('should always say by its status whose fault a failure is', async () => {
    writeFileSync(at('damaged.ome.tiff'), 'II*\0');
    writeFileSync(at('there.ome.tiff'), 'mine');
    const slide = 'slide.ome.tiff';
    for (const [body, status, code] of [
      [{ slide: 'missing.ome.tiff', output: 'a.ome.tiff' }, 404, 'unreadable'],
      [{ slide: 'damaged.ome.tiff', output: 'a.ome.tiff' }, 422, 'damaged'],
      [{ slide, output: 'a.ome.tiff', target: 99.9 }, 400, 'usage'],
      [{ slide, output: 'a.ome.tiff', speed: 11 }, 400, 'usage'],
      [{ slide, output: 'there.ome.tiff' }, 409, 'output'],
    ] as const) {
      const told = await follow(await start(body));
      expect([body, told]).toEqual([body, [{ type: 'failed', status, code, message: expect.any(String) }]]);
    }
    expect(existsSync(at('a.ome.tiff'))).toBe(false);
    expect((await post('no JSON')).status).toBe(400);
    expect((await fetch(`${origin}/runs/99`)).status).toBe(404);
  });
});
