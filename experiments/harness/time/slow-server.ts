// A file behind a slow network: a web server of our own that answers range requests, each after a delay.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { sendRange } from '../fixtures/send-range.js';

export type SlowServer = {
  readonly url: string;
  /** Requests since the last call. */
  readonly requests: () => number;
  readonly close: () => void;
};

/** Memory: the whole file. */
export async function serveSlowly(file: string, delayMs: number): Promise<SlowServer> {
  const bytes = await readFile(file);
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    setTimeout(() => sendRange(request, response, bytes), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${encodeURIComponent(basename(file))}`,
    requests: () => {
      const before = requests;
      requests = 0;
      return before;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
