import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { encodeTile } from '../../src/codecs/codec.js';
import type { EncodedTile, TileEncoding } from '../../src/slide/encoded-tile.js';
import { runTileJob } from '../../src/tile-jobs/run-tile-job.js';
import { doTileJob, type TileJobInput, type TileJobName } from '../../src/tile-jobs/tile-jobs.js';
import { TileThreads, type WaitingJob } from '../../src/tile-jobs/tile-threads.js';

/** As `npm run build` leaves it, which `npm test` runs before. */
const built = fileURLToPath(new URL('../../dist/tile-worker.js', import.meta.url));

const encoding: TileEncoding = {
  width: 64,
  height: 48,
  ...rgb,
  codec: 'jpeg',
  photometric: 'ycbcr',
  predictor: 1,
  bigEndian: false,
  subsampling: [2, 2],
};
const whole = { x: 0, y: 0, width: 64, height: 48 };

const tiles: readonly EncodedTile[] = await Promise.all(
  Array.from({ length: 24 }, (_, seed) => encodeTile(sharpPicture(encoding, rgb, seed), encoding, 80)),
);
/** As sources hand tiles out: a view of a larger read. */
const views = tiles.map(({ bytes, encoding: own }) => {
  const read = new Uint8Array(bytes.length + 1000);
  read.set(bytes, 500);
  return { bytes: read.subarray(500, 500 + bytes.length), encoding: own };
});

/** Not taken yet. */
const waiting: WaitingJob[] = [];
const threads = new TileThreads(built, 2, () => threads.take(waiting));
afterAll(() => threads.stop());

/** A job done in a thread: here is nobody who would do it. */
function inThread<Name extends TileJobName>(name: Name, ...input: TileJobInput<Name>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    waiting.push({ name, input, resolve, reject });
    threads.take(waiting);
  });
}

/** The same job in a thread and here. */
async function both<Name extends TileJobName>(name: Name, ...input: TileJobInput<Name>) {
  return { there: await inThread(name, ...input), here: await doTileJob(name, input) };
}

describe('TileThreads', () => {
  it('should always give what the same work gives here, whatever the job', async () => {
    for (const tile of [...tiles, ...views]) {
      const parts = await both(
        'measureParts',
        tile,
        [whole, { x: 3, y: 5, width: 20, height: 20 }],
        'box-difference',
        1,
      );
      expect(parts.there).toEqual(parts.here);
    }
    for (const measure of ['coefficients', 'pixels'] as const) {
      const blocks = await both('blockNumbers', tiles[0], whole, 16, measure);
      expect(blocks.there).toEqual(blocks.here);
    }
    const some = [tiles[0], views[1], tiles[2], undefined];
    const blocks = await both('chooseBlocksOfTile', [0, 1, 2, 3], some, whole, 1, 2);
    expect(blocks.there).toEqual(blocks.here);
    const choice = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
    const quilted = await both('quiltPlanes', tiles.slice(0, 3), choice, 4);
    expect(quilted.there).toMatchObject({ quilted: true, how: 'spliced' });
    expect(quilted.there).toEqual(quilted.here);
  });

  it('should always answer each of many jobs with its own result', async () => {
    const asked = Array.from({ length: 400 }, (_, i) => tiles[(i * 7) % tiles.length]);
    const answers = await Promise.all(asked.map((tile) => inThread('measureParts', tile, [whole], 'laplacian', 1)));
    const known = new Map<EncodedTile, unknown>();
    for (const tile of tiles) known.set(tile, await doTileJob('measureParts', [tile, [whole], 'laplacian', 1]));
    for (const [i, tile] of asked.entries()) expect(answers[i]).toEqual(known.get(tile));
  });

  it('should always throw what the work throws, and go on', async () => {
    const cut = { ...tiles[0], bytes: tiles[0].bytes.slice(0, 300) };
    const failure = (run: Promise<unknown>) => run.then(() => undefined).catch((error: unknown) => error);
    const there = await failure(inThread('measureParts', cut, [whole], 'laplacian', 1));
    const here = await failure(doTileJob('measureParts', [cut, [whole], 'laplacian', 1]));
    expect(there).toMatchObject({ name: 'SlideError', code: 'damaged', hint: (here as { hint: string }).hint });
    expect(String(there)).toBe(String(here));
    const sound = await both('measureParts', tiles[1], [whole], 'laplacian', 1);
    expect(sound.there).toEqual(sound.here);
  });

  it('should always leave something to who asks', async () => {
    await inThread('measureParts', tiles[0], [whole], 'laplacian', 1);
    const asked = Array.from({ length: 12 }, () => {
      let job: WaitingJob | undefined;
      const done = new Promise((resolve, reject) => {
        job = { name: 'measureParts', input: [tiles[0], [whole], 'laplacian', 1], resolve, reject };
      });
      return { job: job as unknown as WaitingJob, done };
    });
    const list = asked.map(({ job }) => job);
    threads.take(list);
    const left = list.length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(asked.length);
    // Those taken are the first, and they are answered without the others.
    expect(list).toEqual(asked.slice(asked.length - left).map(({ job }) => job));
    await Promise.all(asked.slice(0, asked.length - left).map(({ done }) => done));
  });

  it('should never take a job where threads can not be started', async () => {
    const missing = fileURLToPath(new URL('no-such-thread.js', import.meta.url));
    const doomed = new TileThreads(missing, 1, () => expect.unreachable());
    const list: WaitingJob[] = [{ name: 'measureParts', input: [], resolve: () => {}, reject: () => {} }];
    doomed.take(list);
    await new Promise((resolve) => setTimeout(resolve, 500));
    doomed.take(list);
    expect(list).toHaveLength(1);
  });
});

describe('runTileJob', () => {
  it('should always answer each job, by whichever thread', async () => {
    const asked = Array.from({ length: 600 }, (_, i) => tiles[(i * 5) % tiles.length]);
    const answers = await Promise.all(asked.map((tile) => runTileJob('measureParts', tile, [whole], 'brenner', 1)));
    for (const [i, tile] of asked.entries()) {
      expect(answers[i]).toEqual(await doTileJob('measureParts', [tile, [whole], 'brenner', 1]));
    }
    const cut = { ...tiles[0], bytes: tiles[0].bytes.slice(0, 300) };
    await expect(runTileJob('measureParts', cut, [whole], 'brenner', 1)).rejects.toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
  });
});
