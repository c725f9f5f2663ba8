// Files that commands write: never over what they read, whatever the option and whatever the slide; two runs at once never mix.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { writeZarr } from '../../experiments/harness/fixtures/zarr-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { command, zflat } from './run-zflat.js';

const { at, folder } = temporaryFolder();
const small = { width: 96, height: 64, planes: 3, depth: () => 0 } as const;

function contents(place: string): Map<string, string> {
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => join(place, name));
  return new Map(
    files.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path).toString('latin1')]),
  );
}

describe('what a command writes', () => {
  it('should never be a file of the slide, whichever option names it, force or not', async () => {
    const planes = await writePlanes(at('planes'), small, (z) => `p${z}.png`, saveWithSharp);
    const image = await writeZarr(join(folder('zarr'), 'slide.zarr'), small);
    const list = at('list.json');
    const { path: a } = await writeStack(folder('a'), small);
    const { path: b } = await writeStack(folder('b'), { ...small, seed: 2 });
    const before = new Map([
      ...contents(at('planes')),
      ...contents(at('zarr')),
      ...contents(at('a')),
      ...contents(at('b')),
    ]);
    const flat = ['flatten', planes.folder, '-o', at('flat.ome.tiff')];
    const tries: readonly (readonly string[])[] = [
      [...flat, '--heatmap', planes.files[1]],
      ['map', planes.folder, '-o', planes.files[1]],
      ['map', planes.folder, '-o', at('map.json'), '--heatmap', planes.files[2]],
      ['flatten', image.folder, '-o', at('flat.ome.tiff'), '--report', join(image.folder, '.zattrs.json')],
      ['flatten', image.folder, '-o', at('flat.ome.tiff'), '--depth-map', join(image.folder, '0', 'depth.json')],
      ['compare', image.folder, '-o', join(image.folder, 'report.html')],
      ['tune', a, b, image.folder, planes.folder, '-o', join(image.folder, 'zarr.json')],
      ['flatten', a, '-o', a],
    ];
    for (const words of tries) {
      const { status, stderr } = zflat(...words, '--force', '--no-progress');
      expect([words.join(' '), status, stderr]).toEqual([words.join(' '), 2, expect.stringMatching(/slide itself/)]);
      for (const [path, content] of before) expect(readFileSync(path).toString('latin1') === content).toBe(true);
      expect(existsSync(at('flat.ome.tiff'))).toBe(false);
      expect(existsSync(list)).toBe(false);
    }
    // In a batch, one slide that would be written over ends all of it.
    const { status } = zflat(
      'compare',
      a,
      image.folder,
      '-o',
      join(image.folder, 'report.html'),
      '--force',
      '--no-progress',
    );
    expect(status).toBe(2);
    expect(existsSync(join(image.folder, 'report.html'))).toBe(false);
  });

  it('should never be named for two results, nor be empty, a pipe, or standard output', async () => {
    const { path } = await writeStack(folder('twice'), small);
    const flat = at('twice', 'flat.ome.tiff');
    for (const words of [
      ['-o', flat, '--report', at('twice', 'x.json'), '--depth-map', at('twice', 'x.json')],
      ['-o', flat, '--report', ''],
      ['-o', ''],
      ['-o', '-'],
    ]) {
      const { status, stderr } = zflat('flatten', path, ...words, '--force', '--no-progress');
      expect([words, status]).toEqual([words, 2]);
      expect(stderr.trim().split('\n')[0].length).toBeLessThan(300);
      expect(stderr).not.toMatch(/ {4}at /);
    }
    const { status, stderr } = zflat(
      'flatten',
      path,
      '-o',
      at('twice', `${'x'.repeat(300)}.ome.tiff`),
      '--no-progress',
    );
    expect([status, stderr]).toEqual([1, expect.stringMatching(/longer than/)]);
  });
});

describe('two runs at once', () => {
  const canUnshare = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;
  const test = canUnshare ? it : it.skip;
  test(`should always write each its own, whole, also where their process numbers are the same${canUnshare ? '' : ' (skipped: unshare is not allowed)'}`, async () => {
    const { path } = await writeStack(folder('race'), { ...small, width: 400, height: 300 });
    mkdirSync(at('race', 'out'));
    const output = at('race', 'out', 'flat.ome.tiff');
    const alone = at('race', 'alone.ome.tiff');
    expect(zflat('flatten', path, '-o', alone, '--no-progress').status).toBe(0);
    const isolated = [
      '--pid',
      '--fork',
      process.execPath,
      command,
      'flatten',
      path,
      '-o',
      output,
      '--force',
      '--no-progress',
    ];
    const runs = Array.from(
      { length: 4 },
      () =>
        new Promise<string>((resolve) => {
          const run = spawn('unshare', isolated, { stdio: ['ignore', 'ignore', 'pipe'] });
          let said = '';
          run.stderr.on('data', (text) => {
            said += text;
          });
          run.on('close', (code) => resolve(code === 0 ? 'done' : `${code} ${said}`));
        }),
    );
    expect(await Promise.all(runs)).toEqual(['done', 'done', 'done', 'done']);
    expect(readdirSync(at('race', 'out'))).toEqual(['flat.ome.tiff']);
    expect(readFileSync(output).equals(readFileSync(alone))).toBe(true);
  });
});
