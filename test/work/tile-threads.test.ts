import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeTile } from '../../src/codecs/codec.js';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import type { EncodedTile, TileEncoding } from '../../src/slide/encoded-tile.js';
import { doTileJob, type TileJobInput, type TileJobName } from '../../src/work/tile-jobs.js';
import { TileThreads } from '../../src/work/tile-threads.js';
import { rgb, sharpPicture } from '../fixtures/pictures.js';

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

const threads = new TileThreads(built, 2);
afterAll(() => threads.stop());

async function threadsReady(): Promise<void> {
  while (!threads.ready) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The same job in a thread and here. */
async function both<Name extends TileJobName>(name: Name, ...input: TileJobInput<Name>) {
  return { there: await threads.run(name, ...input), here: await doTileJob(name, input) };
}

describe('TileThreads', () => {
  it('should always give what the same work gives here, whatever the job', async () => {
    await threadsReady();
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
    const blocks = await both('blockNumbers', tiles[0], whole, coefficientMeasures['dct-mid']);
    expect(blocks.there).toEqual(blocks.here);
    const choice = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
    const quilted = await both('quiltPlanes', tiles.slice(0, 3), choice, 4);
    expect(quilted.there).toMatchObject({ quilted: true, how: 'spliced' });
    expect(quilted.there).toEqual(quilted.here);
  });

  it('should always answer each of many jobs with its own result', async () => {
    await threadsReady();
    const asked = Array.from({ length: 400 }, (_, i) => tiles[(i * 7) % tiles.length]);
    const answers = await Promise.all(asked.map((tile) => threads.run('measureParts', tile, [whole], 'laplacian', 1)));
    const known = new Map<EncodedTile, unknown>();
    for (const tile of tiles) known.set(tile, await doTileJob('measureParts', [tile, [whole], 'laplacian', 1]));
    for (const [i, tile] of asked.entries()) expect(answers[i]).toEqual(known.get(tile));
  });

  it('should always throw what the work throws, and go on', async () => {
    await threadsReady();
    const cut = { ...tiles[0], bytes: tiles[0].bytes.slice(0, 300) };
    const failure = (run: Promise<unknown>) => run.then(() => undefined).catch((error: unknown) => error);
    const there = await failure(threads.run('measureParts', cut, [whole], 'laplacian', 1));
    const here = await failure(doTileJob('measureParts', [cut, [whole], 'laplacian', 1]));
    expect(there).toMatchObject({ name: 'SlideError', code: 'damaged', hint: (here as { hint: string }).hint });
    expect(String(there)).toBe(String(here));
    const sound = await both('measureParts', tiles[1], [whole], 'laplacian', 1);
    expect(sound.there).toEqual(sound.here);
  });

  it('should never leave a job unanswered where a thread ends', async () => {
    const doomed = new TileThreads(fileURLToPath(new URL('no-such-thread.js', import.meta.url)), 1);
    await expect(doomed.run('measureParts', tiles[0], [whole], 'laplacian', 1)).rejects.toThrow('no-such-thread');
    expect(doomed.ready).toBe(false);
  });
});
