// A small stack behind every kind of tile server, on a server of our own.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { servedStack } from '../fixtures/served-stack.js';
import { answerDeepZoom, answerIiif, answerPma, tileServer } from '../fixtures/tile-server.js';
import type { BuiltStack } from './built-stacks.js';

export type ServedStacks = { readonly stacks: readonly BuiltStack[]; readonly close: () => void };

/** Serves them until closed; lists of planes are written into `folder`. */
export async function serveStacks(folder: string): Promise<ServedStacks> {
  const server = tileServer();
  await server.listen();
  await mkdir(folder, { recursive: true });
  const stack = servedStack();
  answerPma(server, '/pma/', { slides: { 'stack.ndpi': stack } });
  const listed = async (kind: 'deepZoom' | 'iiif', urls: readonly string[]) => {
    const path = join(folder, `${kind}.json`);
    const planes = urls.map((url, plane) => ({ zUm: 1.5 * plane, [kind]: url }));
    await writeFile(path, JSON.stringify({ planes, micronsPerPixel: 0.25 }));
    return path;
  };
  const zooms = answerDeepZoom(server, '/zoom/', stack).map((name) => `${server.origin()}/zoom/${name}`);
  const words = ['--tile-size', '64'];
  const stacks = [
    { name: 'PMA.start', input: `pma://127.0.0.1:${server.port()}/pma//stack.ndpi`, words },
    { name: 'Deep Zoom per plane', input: await listed('deepZoom', zooms), words },
    { name: 'IIIF per plane', input: await listed('iiif', answerIiif(server, '/iiif/', stack, 3)), words },
  ];
  return { stacks, close: server.close };
}
