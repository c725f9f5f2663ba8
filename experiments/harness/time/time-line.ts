// Where the time of a run goes: milestones of runs in processes of their own.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v8Flags } from '../../../src/cli/v8-flags.js';
import { tileCount } from '../../../src/slide/tile-grid.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { quantile, table } from '../experiment.js';
import { plainEnvironment } from './own-process.js';
import { builtCommand } from './zflat-process.js';

const child = fileURLToPath(new URL('time-line-child.js', import.meta.url));

/** Medians of wall-clock and CPU milliseconds since the process began. */
export type Milestone = { readonly what: string; readonly ms: number; readonly cpuMs: number };

/** Flattens a slide several times; its levels must all be written as they are. */
export async function timeLine(slide: string, output: string, runs: number): Promise<Milestone[]> {
  const source = await openSlide(slide);
  const tiles = source.info.levels.map(({ grid }) => String(tileCount(grid)));
  await source.close();
  const library = join(dirname(dirname(builtCommand())), 'index.js');
  const all = Array.from({ length: runs }, () => {
    const start = performance.now();
    const told = execFileSync(process.execPath, [...v8Flags, child, library, slide, output, ...tiles], {
      encoding: 'utf8',
      env: plainEnvironment,
    });
    const milestones = JSON.parse(told) as Milestone[];
    const { cpuMs } = milestones[milestones.length - 1];
    return [...milestones, { what: 'the process has ended', ms: performance.now() - start, cpuMs }];
  });
  return all[0].map(({ what }, i) => ({
    what,
    ms: quantile(
      all.map((run) => run[i].ms),
      0.5,
    ),
    cpuMs: quantile(
      all.map((run) => run[i].cpuMs),
      0.5,
    ),
  }));
}

export function timeLineTable(milestones: readonly Milestone[]): string {
  const rows = milestones.map(({ what, ms, cpuMs }, i) => {
    const before = milestones[i - 1] ?? { ms: 0, cpuMs: 0 };
    return [what, ms.toFixed(0), (ms - before.ms).toFixed(0), (cpuMs - before.cpuMs).toFixed(0)];
  });
  return table(['', 'ms since the start', 'ms it took', 'CPU ms it took'], rows);
}
