// The program that shows how a run is followed does what it says.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesizeSlide } from '../../src/api/synthesize-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at, scratch } = temporaryFolder();
const root = fileURLToPath(new URL('../..', import.meta.url));
beforeAll(() => synthesizeSlide(at('slide.ome.tiff'), { width: 1024, height: 1024, planeCount: 3 }));

/** Scratch files of the program; tsx keeps what it compiled. */
const leftBehind = () => scratch().filter((name) => !name.startsWith('tsx-'));

type Ended = { readonly code: number | null; readonly lines: readonly string[]; readonly errors: string };

/** Runs it on the slide; `heard` is told every line, and may stop it. */
function follow(heard: (line: string, stop: () => void) => void = () => undefined): Promise<Ended> {
  const args = ['--import', 'tsx', 'experiments/follow-a-run.ts', at('slide.ome.tiff')];
  const program = spawn(process.execPath, args, { cwd: root });
  let output = '';
  let errors = '';
  program.stderr.on('data', (text) => {
    errors += text;
  });
  program.stdout.on('data', (text) => {
    const before = output.split('\n').length - 1;
    output += text;
    for (const line of output.split('\n').slice(before, -1)) heard(line, () => program.kill('SIGINT'));
  });
  return new Promise((resolve) => {
    program.on('close', (code) => resolve({ code, lines: output.trimEnd().split('\n'), errors }));
  });
}

describe('the program that follows a run', () => {
  it('should always tell the slide, every round, what is written, and at last what came of it', async () => {
    const { code, lines, errors } = await follow();
    expect([code, errors]).toEqual([0, '']);
    expect(lines[0]).toMatch(/^opened .+: 3 planes$/);
    const rounds = lines.filter((line) => line.startsWith('round '));
    expect(rounds.map((line) => Number(/^round (\d+): \d+ looks$/.exec(line)?.[1]))).toEqual([...rounds.keys()]);
    expect(rounds.length).toBeGreaterThan(1);
    expect(lines.findIndex((line) => /^writing \d+ tiles$/.test(line))).toBeGreaterThan(rounds.length);
    expect(lines[lines.length - 1]).toMatch(/^kept [\d.]+ % for [\d.]+ % of the pixels$/);
    expect(leftBehind()).toEqual([]);
  });

  it('should always say that it was stopped at Ctrl-C, and leave nothing behind', async () => {
    const { code, lines, errors } = await follow((line, stop) => line.startsWith('round 0') && stop());
    expect([code, errors]).toEqual([130, 'stopped\n']);
    expect(lines[lines.length - 1]).not.toMatch(/^kept/);
    expect(leftBehind()).toEqual([]);
    expect(readdirSync(at())).toEqual(['scratch', 'slide.ome.tiff']);
  });
});
