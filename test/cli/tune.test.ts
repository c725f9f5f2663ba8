// zflat tune and --preset, as a user runs them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preset } from '../../src/tuning/preset.js';
import { command, temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const [first, second] = ['a.ome.tiff', 'b.ome.tiff'].map(at);
const preset = at('smears.json');
const seeds = ['--seeds', '2', '--subsamples', '4', '--measures', 'box-difference'];
const tuned = () => JSON.parse(readFileSync(preset, 'utf8')) as Preset;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

beforeAll(() => {
  for (const [i, slide] of [first, second].entries()) {
    const size = ['--width', '1280', '--height', '1024', '--planes', '5', '--tile-size', '128'];
    expect(zflat('synth', '-o', slide, ...size, '--clump-density', '3', '--seed', String(i + 1)).status).toBe(0);
  }
  const made = zflat('tune', first, second, '-o', preset, '--target', '0.995', '--cache', at('cache'), ...seeds);
  expect([made.stderr, made.status]).toEqual(['', 0]);
});
afterAll(remove);

describe('zflat tune', () => {
  it('should write a preset with its evidence, and a picture beside it', () => {
    const { schema, settings, evidence } = tuned();
    expect([schema, settings.target]).toEqual(['zflat.preset/1', 0.995]);
    expect(evidence.slides.map(({ files, half }) => [...files, half])).toEqual([
      ['a.ome.tiff', 'tuning'],
      ['b.ome.tiff', 'held out'],
    ]);
    expect(evidence).toMatchObject({ heldOut: 'slides', seeds: { tuning: [1, 2], heldOut: [3, 4] } });
    expect(evidence.pareto.length).toBeGreaterThan(0);
    expect(readFileSync(at('smears.svg'), 'utf8')).toMatch(/^<svg[\s\S]*default[\s\S]*<\/svg>\n$/);
    expect(JSON.stringify(evidence)).not.toContain(folder);
  });

  it('should always agree with runs on the slides themselves, held against every tile of every plane', () => {
    const { evidence } = tuned();
    for (const [slide, figures] of [first, second].map((file, i) => [file, evidence.slides[i]] as const)) {
      const own = figures.half === 'tuning' ? evidence.seeds.tuning : evidence.seeds.heldOut;
      for (const [flags, expected] of [
        [['--preset', preset], figures.chosen],
        [['--target', '0.995'], figures.default],
      ] as const) {
        const runs = own.map((seed) => {
          const words = ['compare', slide, '-o', at('c.json'), '--force', '--seed', String(seed), '--json', ...flags];
          const [{ plan, accuracy }] = JSON.parse(zflat(...words).stdout).methods;
          return { cost: plan.cost, retained: accuracy.retained };
        });
        expect(mean(runs.map(({ cost }) => cost))).toBeCloseTo(expected.cost, 10);
        expect(mean(runs.map(({ retained }) => retained))).toBeCloseTo(expected.retained, 10);
      }
    }
  });

  it('should score nothing twice, and give the same preset again', () => {
    const before = readdirSync(at('cache'));
    const again = zflat(
      ...['tune', first, second, '-o', at('again.json'), '--target', '0.995', '--cache', at('cache'), ...seeds],
    );
    expect([again.status, again.stdout.includes('synthetic') || again.stdout.includes('a.ome.tiff')]).toEqual([
      0,
      true,
    ]);
    expect(readdirSync(at('cache'))).toEqual(before);
    expect(readFileSync(at('again.json'), 'utf8')).toBe(readFileSync(preset, 'utf8'));
  });

  it('should keep what is done on Ctrl-C, leave no preset, and end with 130', async () => {
    const words = ['tune', first, '-o', at('stopped.json'), '--cache', at('stopped'), '--seeds', '500'];
    const child = spawn(process.execPath, [command, ...words], { stdio: 'ignore' });
    while (!existsSync(at('stopped')) || readdirSync(at('stopped')).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(status).toBe(130);
    expect(readdirSync(at('stopped')).length).toBeGreaterThanOrEqual(2);
    expect([at('stopped.json'), at('stopped.svg')].filter(existsSync)).toEqual([]);
  });

  it('should say what was held out of a single slide, and refuse what makes no sense', () => {
    const one = zflat('tune', first, '-o', at('one.json'), '--cache', at('cache'), '--target', '0.9', ...seeds);
    expect(one.stdout).toContain('One slide says nothing about others');
    expect(one.stdout).toContain(
      'On the bands of the slide that were held out (every other column of tiles; other seeds)',
    );
    const { evidence } = JSON.parse(readFileSync(at('one.json'), 'utf8')) as Preset;
    expect(evidence).toMatchObject({ heldOut: 'bands', bands: { of: 'columns', each: 1 } });
    expect(evidence.slides.map(({ half, tiles }) => [half, tiles])).toEqual([
      ['tuning', 40],
      ['held out', 40],
    ]);
    for (const words of [
      [first, '-o', at('x.txt')],
      [first, '-o', at('x.json'), '--measures', 'eye'],
      [first, '-o', at('x.json'), '--subsamples', '3'],
      [first, '-o', at('x.json'), '--target', '0'],
      ['-o', at('x.json')],
      [first, first, '-o', at('x.json')],
    ]) {
      expect([words, zflat('tune', '--cache', at('cache'), ...words).status]).toEqual([words, 2]);
    }
    expect(zflat('tune', first, '-o', preset, '--cache', at('cache')).stderr).toContain('--force');
    expect(existsSync(at('x.json'))).toBe(false);
  });
});

describe('--preset', () => {
  const given = at('given.json');
  const settings = {
    method: 'adaptive',
    measure: 'laplacian',
    subsample: 2,
    scoreLevel: 1,
    target: 0.98,
    safety: 0.75,
    samplePerRoot: 0.5,
    leastSample: 5,
    mostSample: 20,
  };
  beforeAll(() => writeFileSync(given, JSON.stringify({ schema: 'zflat.preset/1', settings })));

  it('should set what it holds, and be named in the report', () => {
    for (const [name, output] of [
      ['map', 'm.json'],
      ['flatten', 'f.ome.tiff'],
    ]) {
      const ran = zflat(name, first, '-o', at(output), '--json', '--preset', given);
      expect(ran.status).toBe(0);
      expect(JSON.parse(ran.stdout).options).toMatchObject({ ...settings, preset: 'given.json' });
    }
  });

  it('should never be overwritten by the report of the comparison that uses it', () => {
    const before = readFileSync(given, 'utf8');
    const { status, stderr } = zflat('compare', first, '-o', at('given.html'), '--preset', given, '--force');
    expect([status, stderr.includes('given.json: is the preset itself')]).toEqual([2, true]);
    expect(readFileSync(given, 'utf8')).toBe(before);
  });

  it('should only hold for what the command line does not say, be it the default', () => {
    const words = ['--target', '0.999', '--score-level', '2', '--measure', 'box-difference', '--subsample', '1'];
    const { stdout } = zflat('map', first, '-o', at('n.json'), '--json', '--preset', given, ...words);
    const said = { target: 0.999, scoreLevel: 2, measure: 'box-difference', subsample: 1 };
    expect(JSON.parse(stdout).options).toMatchObject({ ...settings, ...said });
  });

  it('should be compared by what its evidence was judged by, unless the command line says otherwise', () => {
    const judged = at('judged.json');
    const evidence = { judge: 'brenner' };
    writeFileSync(judged, JSON.stringify({ schema: 'zflat.preset/1', settings, evidence }));
    const judgeOf = (...words: string[]) => {
      const { stdout } = zflat('compare', first, '-o', at('j.json'), '--force', '--json', ...words);
      const { judge, methods, options } = JSON.parse(stdout);
      expect(options.preset).toMatch(/^(judged|given)\.json$/);
      return [judge, ...methods.map(({ measure }: { measure: string }) => measure)];
    };
    expect(judgeOf('--preset', judged)).toEqual(['brenner', 'laplacian', 'brenner']);
    expect(judgeOf('--preset', judged, '--judge', 'tenengrad')).toEqual(['tenengrad', 'laplacian', 'tenengrad']);
    expect(judgeOf('--preset', judged, '--measure', 'tenengrad')).toEqual(['tenengrad', 'tenengrad', 'tenengrad']);
    expect(judgeOf('--preset', given)).toEqual(['laplacian', 'laplacian', 'laplacian']);
  });

  it('should never give another method a level to survey', () => {
    const words = ['--preset', given, '--method', 'exhaustive'];
    const { stdout } = zflat('map', first, '-o', at('o.json'), '--json', ...words);
    expect(JSON.parse(stdout).options).toMatchObject({ method: 'exhaustive', scoreLevel: null, measure: 'laplacian' });
  });

  it('should be refused with 2 where it is damaged, of another schema or unknown in part, saying what to do', () => {
    const wrong = {
      'cut.json': readFileSync(preset, 'utf8').slice(0, 200),
      'other.json': JSON.stringify({ schema: 'zflat.preset/9', settings }),
      'unknown.json': JSON.stringify({ schema: 'zflat.preset/1', settings: { ...settings, haste: 1 } }),
    };
    for (const [name, text] of Object.entries(wrong)) writeFileSync(at(name), text);
    for (const name of [...Object.keys(wrong), 'missing.json']) {
      for (const job of name === 'cut.json' ? ['flatten', 'map', 'compare'] : ['flatten']) {
        const output = at(job === 'flatten' ? 'z.ome.tiff' : 'z.json');
        const { status, stderr } = zflat(job, first, '-o', output, '--preset', at(name));
        expect([name, job, status]).toEqual([name, job, 2]);
        expect(stderr).toMatch(new RegExp(`${name}: .*zflat tune`));
        expect(existsSync(output)).toBe(false);
      }
    }
  });
});
