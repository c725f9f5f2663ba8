// Every command, as a user runs it: what it prints, what it writes, how it ends.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCzi } from '../../experiments/harness/fixtures/czi-slide.js';
import { command, temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const slide = join(folder, 'smear.ome.tiff');
const flat = join(folder, 'flat.ome.tiff');
const at = (name: string) => join(folder, name);

beforeAll(() => {
  const size = ['--width', '1024', '--height', '768', '--planes', '4', '--clump-density', '3'];
  const made = zflat('synth', '-o', slide, '--truth', at('truth.json'), ...size);
  expect(made.stderr).toBe('');
  expect(zflat('flatten', slide, '-o', flat, '--no-progress').status).toBe(0);
});
afterAll(remove);

describe('zflat', () => {
  it('should list its commands and exit codes', () => {
    const { status, stdout } = zflat('--help');
    expect(status).toBe(0);
    for (const name of [
      'info',
      'flatten',
      'map',
      'compare',
      'rank',
      'verify',
      'synth',
      'tune',
      'formats',
      'Exit codes',
    ]) {
      expect(stdout).toContain(name);
    }
  });

  it('should show an example with every command that works on slides', () => {
    for (const name of ['info', 'flatten', 'map', 'compare', 'rank', 'verify', 'synth', 'tune']) {
      expect(zflat(name, '--help').stdout).toContain('$ zflat');
    }
  });

  it('should end with 2 on wrong usage, and say what was expected', () => {
    const wrong = [['flatten'], ['flatten', slide], ['flaten', slide], ['info', slide, '--nonsense']];
    wrong.push(['flatten', slide, '-o', at('x.ome.tiff'), '--target', '2'], ['rank', slide]);
    wrong.push(['flatten', slide, '-o', at('x.ome.tiff'), '--subsample', '3'], ['verify', slide]);
    wrong.push(['flatten', slide, '-o', at('x.ome.tiff'), '--level', '9'], ['info', slide, '--channel', '3']);
    for (const stain of ['5', '1,1', '1,1,1,1', 'red']) wrong.push(['synth', '-o', at('x.ome.tiff'), '--stain', stain]);
    for (const words of wrong) {
      const { status, stderr } = zflat(...words);
      expect([words, status]).toEqual([words, 2]);
      expect(stderr).not.toBe('');
    }
    expect(existsSync(at('x.ome.tiff'))).toBe(false);
  });

  it('should list the scenes of a slide that has some, and take the one that is asked for', async () => {
    const { path } = await writeCzi(at('scenes.czi'), { scenes: 2 });
    const { stdout } = zflat('info', path, '--scene', 'B7');
    expect(stdout).toMatch(/^scene +0 A1: 150 x 91 pixels\nscene +1 B7: 150 x 91 pixels, taken$/m);
    expect(JSON.parse(zflat('info', path, '--json').stdout).scenes).toEqual([
      { index: 0, name: 'A1', width: 150, height: 91, read: true },
      { index: 1, name: 'B7', width: 150, height: 91, read: false },
    ]);
    expect(JSON.parse(zflat('info', slide, '--json').stdout).scenes).toBeNull();
    expect(zflat('info', path, '--scene', '2')).toMatchObject({ status: 2, stderr: expect.stringContaining('1 (B7)') });
    const flattened = zflat('flatten', path, '-o', at('scene.ome.tiff'), '--scene', '1', '--no-progress');
    expect([flattened.status, zflat('verify', path, at('scene.ome.tiff')).status]).toEqual([0, 0]);
  });

  it('should end with 3 where a slide can not be read, naming it', () => {
    writeFileSync(at('empty.tiff'), '');
    writeFileSync(at('text.tiff'), 'no slide at all');
    for (const name of ['empty.tiff', 'text.tiff', 'missing.tiff']) {
      const { status, stderr } = zflat('flatten', at(name), '-o', at('x.ome.tiff'));
      expect([name, status]).toEqual([name, 3]);
      expect(stderr).toContain(name);
    }
    expect(existsSync(at('x.ome.tiff'))).toBe(false);
  });

  it('should end with 1 where the result can not be written, and leave what is there', () => {
    writeFileSync(at('there.ome.tiff'), 'mine');
    const { status, stderr } = zflat('flatten', slide, '-o', at('there.ome.tiff'));
    expect(status).toBe(1);
    expect(stderr).toContain('--force');
    expect(readFileSync(at('there.ome.tiff'), 'utf8')).toBe('mine');
    expect(zflat('flatten', slide, '-o', join(folder, 'nowhere', 'x.ome.tiff')).status).toBe(1);
    expect(zflat('flatten', slide, '-o', slide, '--force').status).toBe(2);
  });

  it('should never write a slide under the name of what zflat does not write', () => {
    for (const name of ['flat.svs', 'flat.JPG', 'flat.ome.zarr']) {
      for (const words of [['flatten', slide], ['synth']]) {
        const { status, stderr } = zflat(...words, '-o', at(name));
        expect([name, status]).toEqual([name, 2]);
        expect(stderr).toContain('expected a file ending in .ome.tiff');
        expect(existsSync(at(name))).toBe(false);
      }
    }
  });

  it('should refuse before any work what it could not write after it', () => {
    writeFileSync(at('report.html'), 'mine');
    const { status } = zflat('flatten', slide, '-o', at('y.ome.tiff'), '--report', at('report.html'));
    expect(status).toBe(1);
    expect(existsSync(at('y.ome.tiff'))).toBe(false);
    expect(readFileSync(at('report.html'), 'utf8')).toBe('mine');
  });
});

describe('zflat info', () => {
  it('should tell size, planes and heights, as text and as JSON alone', () => {
    expect(zflat('info', slide).stdout).toContain('1024 x 768 pixels');
    const info = JSON.parse(zflat('info', slide, '--json').stdout);
    expect(info).toMatchObject({ width: 1024, height: 768, planes: 4, zUm: [0, 1, 2, 3], codec: 'jpeg' });
  });
});

describe('zflat flatten', () => {
  it('should print the report as JSON and nothing else with --json', () => {
    const { status, stdout, stderr } = zflat('flatten', slide, '-o', at('json.ome.tiff'), '--json');
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: 'zflat.report/2', plan: { method: 'adaptive', tiles: 12, planes: 4 } });
    expect(report.accuracy.retained).toBeGreaterThan(0.99);
    expect(report.output.bytes).toBe(readFileSync(at('json.ome.tiff')).length);
  });

  it('should write report, heatmap and depth map where asked', () => {
    const files = ['--report', at('r.json'), '--heatmap', at('h.png'), '--depth-map', at('d.csv')];
    expect(zflat('flatten', slide, '-o', at('files.ome.tiff'), ...files).status).toBe(0);
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8')).schema).toBe('zflat.report/2');
    expect(readFileSync(at('h.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(at('d.csv'), 'utf8').split('\n')[0]).toBe('row,column,plane,zUm,confidence,looked');
  });

  it('should give the same bytes whatever the concurrency', () => {
    for (const n of ['1', '7']) {
      expect(zflat('flatten', slide, '-o', at(`c${n}.ome.tiff`), '--concurrency', n).status).toBe(0);
      expect(readFileSync(at(`c${n}.ome.tiff`)).equals(readFileSync(flat))).toBe(true);
    }
  });

  it('should end with 4 where the cost allowed did not meet the target, and still write the best so far', () => {
    const { status, stdout } = zflat('flatten', slide, '-o', at('poor.ome.tiff'), '--max-cost', '0.01', '--json');
    const report = JSON.parse(stdout);
    expect(report.plan.cost).toBeLessThanOrEqual(0.01);
    expect(status).toBe(4);
    expect(zflat('verify', slide, at('poor.ome.tiff')).status).toBe(0);
    expect(JSON.parse(stdout).plan.targetMet).toBe(false);
    const again = zflat('map', slide, '-o', at('poor.png'), '--max-cost', '0.01');
    expect([again.status, again.stdout.includes('could not be met within --max-cost')]).toEqual([4, true]);
  });

  it('should write one plain image with --format tiff-flat', () => {
    expect(zflat('flatten', slide, '-o', at('plain.tiff'), '--format', 'tiff-flat').status).toBe(0);
    const info = JSON.parse(zflat('info', at('plain.tiff'), '--json').stdout);
    expect(info).toMatchObject({ width: 1024, height: 768, levels: [0], planes: 1 });
  });

  it('should end soon after Ctrl-C and leave nothing behind', async () => {
    const words = ['synth', '-o', at('large.ome.tiff'), '--width', '8192', '--height', '8192'];
    const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    const appeared = () => readdirSync(folder).some((name) => name.includes('large'));
    while (!appeared()) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    await new Promise((resolve) => child.on('exit', resolve));
    expect(readdirSync(folder).filter((name) => name.includes('large'))).toEqual([]);
  });
});

describe('zflat map', () => {
  it('should write the heatmap or the depth map, by the name of the file', () => {
    expect(zflat('map', slide, '-o', at('map.png')).status).toBe(0);
    expect(zflat('map', slide, '-o', at('map.json')).status).toBe(0);
    const map = JSON.parse(readFileSync(at('map.json'), 'utf8'));
    expect(map).toMatchObject({ schema: 'zflat.depth-map/1', columns: 4, rows: 3, tileWidth: 256, planeCount: 4 });
    expect(map.planes).toHaveLength(12);
    expect(map.confidence).toHaveLength(12);
    expect(map.looked).toHaveLength(12);
  });

  it('should agree with the true depth on most tiles with specimen', () => {
    zflat('map', slide, '-o', at('exact.json'), '--method', 'exhaustive');
    const { planes } = JSON.parse(readFileSync(at('exact.json'), 'utf8'));
    const truth = JSON.parse(readFileSync(at('truth.json'), 'utf8'));
    const specimen = planes.flatMap((plane: number, tile: number) =>
      truth.tissue[tile] > 0.1 ? [Math.abs(plane - truth.planes[tile])] : [],
    );
    expect(specimen.length).toBeGreaterThan(3);
    expect(specimen.filter((distance: number) => distance <= 1).length).toBeGreaterThan(0.9 * specimen.length);
  });
});

describe('zflat compare', () => {
  it('should print and write both methods, as page and as JSON', () => {
    const { status, stdout } = zflat('compare', slide, '-o', at('compare.html'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/adaptive[^\n]*\n[^\n]*exhaustive/);
    const report = JSON.parse(readFileSync(at('compare.json'), 'utf8'));
    expect(report.methods.map(({ method }: { method: string }) => method)).toEqual(['adaptive', 'exhaustive']);
    expect(readFileSync(at('compare.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });
});

describe('zflat compare with several arguments', () => {
  const size = ['--width', '512', '--height', '512', '--planes', '3', '--clump-density', '3'];
  const other = at('other.ome.tiff');

  it('should compare each z-stack by itself, and put a summary over them', () => {
    expect(zflat('synth', '-o', other, '--seed', '9', ...size).status).toBe(0);
    const { status, stdout } = zflat('compare', slide, other, '-o', at('batch.html'), '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.schema).toBe('zflat.compare-batch/1');
    expect(report.slides.map((each: { schema: string }) => each.schema)).toEqual(Array(2).fill('zflat.compare/1'));
    expect(report.slides[1].slide).toMatchObject({ files: ['other.ome.tiff'], planes: 3, width: 512 });
    expect(JSON.parse(readFileSync(at('batch.json'), 'utf8'))).toEqual(report);
    expect(readFileSync(at('batch.html'), 'utf8')).toContain('All slides');
  });

  it('should list a slide that fails with its error, compare the others all the same, and end with 3', () => {
    const damaged = at('cut.ome.tiff');
    writeFileSync(damaged, readFileSync(slide).subarray(0, 9000));
    const words = [damaged, slide, at('missing.ome.tiff'), other, '-o', at('failed.html')];
    const { status, stdout, stderr } = zflat('compare', ...words, '--json');
    expect(status).toBe(3);
    expect(stderr).toMatch(/zflat: .*cut\.ome\.tiff: .*\nzflat: .*missing\.ome\.tiff: /);
    const report = JSON.parse(stdout);
    expect(report.slides.map(({ slide }: { slide: { files: string[] } }) => slide.files)).toEqual([
      ['smear.ome.tiff'],
      ['other.ome.tiff'],
    ]);
    expect(report.failed).toEqual([
      { files: ['cut.ome.tiff'], code: 'damaged', error: expect.stringMatching(/^cut\.ome\.tiff: /) },
      { files: ['missing.ome.tiff'], code: 'unreadable', error: expect.stringMatching(/^missing\.ome\.tiff: /) },
    ]);
    const page = readFileSync(at('failed.html'), 'utf8');
    expect(page).toMatch(/2 slides could not be compared[\s\S]*cut\.ome\.tiff[\s\S]*All slides/);
    expect(page).not.toContain(folder);
  });

  it('should end with 2 where what fails is how a slide was asked for, and write nothing where all fail', () => {
    const level = ['--level', '1'];
    expect(zflat('synth', '-o', at('flat-pyramid.ome.tiff'), '--levels', '1', ...size).status).toBe(0);
    const some = zflat('compare', slide, at('flat-pyramid.ome.tiff'), '-o', at('some.json'), ...level);
    expect([some.status, some.stderr.includes('there is no level 1')]).toEqual([2, true]);
    expect(JSON.parse(readFileSync(at('some.json'), 'utf8')).slides).toHaveLength(1);
    const none = zflat('compare', slide, other, '-o', at('none.html'), '--level', '9');
    expect([none.status, existsSync(at('none.html')), existsSync(at('none.json'))]).toEqual([2, false, false]);
  });

  it('should refuse a z-stack and a plane together, and write nothing', () => {
    const { status, stderr } = zflat('compare', slide, flat, '-o', at('mixture.html'));
    expect(status).toBe(2);
    expect(stderr).toContain('flat.ome.tiff: has one plane');
    expect(existsSync(at('mixture.html'))).toBe(false);
  });
});

describe('zflat verify', () => {
  it('should prove a slide, and fail on one flipped byte', () => {
    expect(zflat('verify', slide, flat)).toMatchObject({ status: 0, stdout: expect.stringContaining('verified') });
    const bytes = readFileSync(flat);
    bytes[3000] ^= 4;
    writeFileSync(at('flipped.ome.tiff'), bytes);
    const { status, stdout } = zflat('verify', slide, at('flipped.ome.tiff'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/level 0, row \d+, column \d+/);
  });
});

describe('zflat rank', () => {
  it('should name the sharpest and the blurriest image', () => {
    const size = ['--width', '512', '--height', '512', '--planes', '1', '--clump-density', '5', '--terrain', 'flat'];
    for (const noise of ['0', '20']) zflat('synth', '-o', at(`noise${noise}.ome.tiff`), '--noise', noise, ...size);
    const [calm, noisy] = [at('noise0.ome.tiff'), at('noise20.ome.tiff')];
    const report = JSON.parse(zflat('rank', calm, noisy, '--json').stdout);
    expect(report).toMatchObject({ sharpest: noisy, blurriest: calm, images: [{ relative: 1 }, { file: calm }] });
  });
});

describe('zflat formats', () => {
  it('should list what is read and written', () => {
    expect(zflat('formats').stdout).toMatch(/OME-TIFF[\s\S]*Written[\s\S]*tiff-flat/);
    expect(JSON.parse(zflat('formats', '--json').stdout).read.length).toBeGreaterThan(2);
  });
});
