// The work on tiles in threads of the built program: the same bytes as without them, however many tiles are in flight.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flattenSlide } from '../../src/flatten-slide.js';
import { command, temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const slide = at('many-tiles.ome.tiff');

/** Tells on standard error how many threads a program has started. */
const census = `
const threads = require('node:worker_threads');
let count = 0;
threads.Worker = class extends threads.Worker {
  constructor(...given) {
    super(...given);
    count++;
  }
};
require('node:module').syncBuiltinESMExports();
process.on('exit', () => process.stderr.write('threads: ' + count));
`;

function flatten(output: string, ...words: string[]): { readonly threads: number; readonly bytes: Buffer } {
  const given = ['--require', at('census.cjs'), command, 'flatten', slide, '-o', at(output), '--no-progress', ...words];
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
  const [, threads] = /^threads: (\d+)$/m.exec(stderr) ?? [];
  expect([status, threads]).toEqual([0, expect.any(String)]);
  return { threads: Number(threads), bytes: readFileSync(at(output)) };
}

beforeAll(() => {
  writeFileSync(at('census.cjs'), census);
  const size = ['--width', '1024', '--height', '1024', '--tile-size', '32', '--planes', '3', '--seed', '4'];
  expect(zflat('synth', '-o', slide, '--terrain', 'gravel', '--clump-density', '3', ...size).status).toBe(0);
});
afterAll(remove);

describe.each([['tile'], ['block']] as const)('zflat flatten --grain %s of a slide of many tiles', (grain) => {
  it('should always write the same bytes, with threads and without, whatever is in flight', async () => {
    // From its sources, zflat has no file that a thread could load.
    await flattenSlide(slide, at(`here-${grain}.ome.tiff`), { grain, seed: 5 });
    const here = readFileSync(at(`here-${grain}.ome.tiff`));
    for (const concurrency of ['1', '7', '64']) {
      const ran = flatten(
        `${grain}-${concurrency}.ome.tiff`,
        '--grain',
        grain,
        '--seed',
        '5',
        '--concurrency',
        concurrency,
      );
      // The thread that the program begins with works, too.
      expect(ran.threads).toBe(Math.min(8, availableParallelism() - 1));
      expect(ran.bytes.equals(here)).toBe(true);
    }
  });
});

describe('threads of a program that uses the library', () => {
  const program = `
    import { Worker } from 'node:worker_threads';
    import { flattenSlide, mapSlide } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const [slide, output] = process.argv.slice(2);
    const alive = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;
    await flattenSlide(slide, output);
    const first = globalThis.census;
    await Promise.all([mapSlide(slide), mapSlide(slide)]);
    console.log(JSON.stringify({ first, all: globalThis.census, alive: alive() }));
  `;
  /** Counts threads that are started, and those that have ended. */
  const counting = `
    const threads = require('node:worker_threads');
    globalThis.census = { started: 0, ended: 0 };
    threads.Worker = class extends threads.Worker {
      constructor(...given) {
        super(...given);
        globalThis.census = { ...globalThis.census, started: globalThis.census.started + 1 };
        this.on('exit', () => { globalThis.census = { ...globalThis.census, ended: globalThis.census.ended + 1 }; });
      }
    };
    require('node:module').syncBuiltinESMExports();
  `;

  it('should always end with the run, and be shared by runs that go on at once', () => {
    writeFileSync(at('counting.cjs'), counting);
    writeFileSync(at('program.mjs'), program);
    const words = ['--require', at('counting.cjs'), at('program.mjs'), slide, at('library.ome.tiff')];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const each = Math.min(8, availableParallelism() - 1);
    expect(JSON.parse(stdout)).toEqual({
      first: { started: each, ended: each },
      all: { started: 2 * each, ended: 2 * each },
      alive: 0,
    });
  });
});
