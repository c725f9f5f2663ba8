// Every command in a pseudo-terminal (script, of util-linux): what is left on the screen is what was printed, without a trace of progress.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, temporaryFolder, zflat } from '../../cli/run-zflat.js';
import { screenOf } from '../../fixtures/screen.js';
import { describeWith } from '../../fixtures/with-programs.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const slide = at('smear.ome.tiff');
const other = at('other.ome.tiff');
const flat = at('flat.ome.tiff');
const size = ['--width', '1024', '--height', '768', '--planes', '3', '--clump-density', '3'];

beforeAll(() => {
  zflat('synth', '-o', slide, ...size);
  zflat('synth', '-o', other, '--seed', '9', ...size);
  zflat('flatten', slide, '-o', flat, '--z-step', '1');
});
afterAll(remove);

type Shown = { readonly screen: readonly string[]; readonly written: string; readonly status: number | null };

/** Runs a command in a terminal so many columns wide. */
function inTerminal(columns: number, words: readonly string[]): Shown {
  const quoted = [process.execPath, command, ...words].map((word) => `'${word}'`).join(' ');
  writeFileSync(at('run.sh'), `stty cols ${columns} rows 40\nexec ${quoted}\n`);
  const options = { encoding: 'utf8', input: '', env: { ...process.env, TERM: 'xterm' } } as const;
  const { stdout, status } = spawnSync('script', ['-qec', `sh ${at('run.sh')}`, '/dev/null'], options);
  return { screen: screenOf(stdout.replaceAll('\r\n', '\n'), columns), written: stdout, status };
}

const runs: Readonly<Record<string, readonly string[]>> = {
  info: ['info', slide],
  flatten: ['flatten', slide, '-o', at('f.ome.tiff'), '--force', '--method', 'exhaustive'],
  map: ['map', slide, '-o', at('m.png'), '--force', '--method', 'exhaustive'],
  compare: ['compare', slide, '-o', at('c.html'), '--force'],
  'compare of several': ['compare', slide, other, '-o', at('cs.html'), '--force'],
  tune: ['tune', slide, '-o', at('t.json'), '--cache', at('cache'), '--seeds', '1', '--force'],
  rank: ['rank', flat, flat],
  verify: ['verify', slide, flat],
  synth: ['synth', '-o', at('s.ome.tiff'), '--force', ...size],
  formats: ['formats'],
  'a slide that is missing': ['flatten', at('missing.ome.tiff'), '-o', at('x.ome.tiff')],
};
/** Works for seconds, so that a line is drawn for certain. */
const long = ['synth'];

const progressRemains = /[━╌]|\d:\d\d left|(tiles|runs)\/s|^(opening|scoring|writing|recording|replaying)\b/;

describeWith(['script'], 'a command in a terminal', () => {
  it.each(Object.keys(runs).flatMap((name) => [60, 120].map((columns) => [name, columns] as const)))(
    'should leave nothing of its progress behind: %s, %i columns wide',
    (name, columns) => {
      const { screen, written, status } = inTerminal(columns, runs[name]);
      expect([name, status]).toEqual([name, name === 'a slide that is missing' ? 3 : 0]);
      expect(screen.filter((line) => progressRemains.test(line))).toEqual([]);
      expect(screen.filter((line) => line !== '').length).toBeGreaterThan(0);
      const drawn = ['opening', 'scoring', 'writing', 'recording', 'replaying'].filter((phase) =>
        written.includes(`\r\x1b[K${phase}`),
      );
      if (long.includes(name)) expect(drawn).not.toEqual([]);
    },
  );
});
