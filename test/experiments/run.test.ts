// The command that runs experiments, as people use it.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { synthesizeSlide } from '../../src/api/synthesize-slide.js';
import { temporaryFolder } from '../cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);
beforeAll(async () => {
  const size = { width: 512, height: 512, clumpDensity: 4 };
  await synthesizeSlide(join(folder, 'a.ome.tiff'), { ...size, planeCount: 3 });
  await synthesizeSlide(join(folder, 'b.ome.tiff'), { ...size, planeCount: 4 });
  await synthesizeSlide(join(folder, 'flat.tiff'), { ...size, planeCount: 1 });
});

const root = fileURLToPath(new URL('../..', import.meta.url));

/** As the command does it, in this process. */
async function experiment(...words: string[]) {
  process.env.ZFLAT_CACHE = join(folder, 'cache');
  const { runExperiment } = await import('../../experiments/harness/run-experiment.js');
  const told = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      told[stream] += text;
      return true;
    }),
  );
  try {
    return { status: await runExperiment(words), ...told };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('should list every experiment there is with its question', () => {
  // By the command itself.
  const args = ['--import', 'tsx', 'experiments/run.ts', 'list'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root });
  expect(status).toBe(0);
  const listed = stdout.trim().split('\n');
  const files = readdirSync(join(root, 'experiments')).filter((file) => file.endsWith('.ts'));
  const others = ['run.ts', 'demo.ts', 'follow-a-run.ts', 'serve-flattening.ts', 'same-results.ts'];
  const names = files.filter((file) => !others.includes(file)).map((file) => file.slice(0, -'.ts'.length));
  expect(listed.map((line) => line.split(' ')[0]).sort()).toEqual(names.sort());
  for (const line of listed) expect(line).toMatch(/^\S+ +[A-Z].*\?( \[--slides\])?$/);
});

it('should refuse what it does not know with 2, and what can not be read with 3', async () => {
  const own = join(folder, '*.ome.tiff');
  const wrong = [[], ['nonsense'], ['island', '--nonsense'], ['island', '--seeds', '0'], ['calibration', 'a', 'b']];
  wrong.push(['truth', '--slides', own], ['calibration', '--slides', join(folder, '*.czi')]);
  wrong.push(['calibration', '--slides', join(folder, 'flat.tiff')]);
  for (const words of wrong) {
    const { status, stdout, stderr } = await experiment(...words);
    expect([words, status, stdout]).toEqual([words, 2, '']);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
  const { status, stderr } = await experiment('calibration', '--slides', join(root, 'README.md'));
  expect(status).toBe(3);
  expect(stderr).toContain('README.md');
});

it("should ask about slides of one's own, and keep the results where it is told", async () => {
  const out = join(folder, 'out');
  const { status, stdout } = await experiment('calibration', '--slides', join(folder, '*.ome.tiff'), '--out', out);
  expect(status).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['calibration.json', 'calibration.md', 'calibration.svg']);
  expect(readFileSync(join(out, 'calibration.md'), 'utf8')).toBe(stdout);
  const { slides } = JSON.parse(readFileSync(join(out, 'calibration.json'), 'utf8'));
  expect(slides).toEqual(['a.ome.tiff', 'b.ome.tiff']);
});

it("should never put results of one's own slides among those of the project", async () => {
  const kept = join(root, 'experiments/results/calibration.json');
  const before = readFileSync(kept);
  expect(await experiment('calibration', '--slides', join(folder, 'a.ome.tiff'))).toMatchObject({ status: 0 });
  expect(Buffer.compare(readFileSync(kept), before)).toBe(0);
});
