// How long flattening takes, whole process from command to renamed file, beside what it is compared with: a plain copy of the result's
// bytes, the exhaustive method, and the usual way in Python. Runs are interleaved; medians count; the file is cached.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svgFile } from '../src/plot/drawing.js';
import { barChart } from './harness/bar-chart.js';
import { type Experiment, quantile, table } from './harness/experiment.js';
import type { EachPart } from './harness/parts.js';
import { slideFile, speedSlide } from './harness/slides.js';
import { builtCommand } from './harness/zflat-process.js';

const usualWay = fileURLToPath(new URL('harness/usual-way.py', import.meta.url));
/** Debian's, which has OpenCV and tifffile from packages. */
const python = '/usr/bin/python3';

type Timed = { readonly name: string; readonly seconds: readonly number[]; readonly rss: number };

export const speed: Experiment = {
  question: 'How long does flattening take, beside a plain copy, the exhaustive method and the usual way?',
  takesSlides: true,
  async run({ quick, own, each }) {
    const folder = mkdtempSync(join(tmpdir(), 'zflat-speed-'));
    const rounds = quick ? 1 : 5;
    const found: { slide: string; timed: Timed[] }[] = [];
    try {
      for (const slide of own ?? [speedSlide]) {
        const timed = await timeSlide(slide.name, (await slideFile(slide, 'speed')) as string, folder, rounds, each);
        found.push({ slide: slide.name, timed });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const median = (timed: Timed) => quantile(timed.seconds, 0.5);
    const text = found
      .map(({ slide, timed }) => {
        const tile = timed.find(({ name }) => name === 'flatten') as Timed;
        const rows = timed.map((each) => [
          each.name,
          median(each).toFixed(2),
          `${Math.min(...each.seconds).toFixed(2)} - ${Math.max(...each.seconds).toFixed(2)}`,
          (median(each) / median(tile)).toFixed(2),
          each.rss > 0 ? (each.rss / 1e3).toFixed(0) : '-',
        ]);
        return `${slide}\n\n${table(['', 'median, s', 'range, s', 'times flatten', 'peak memory, MB'], rows)}`;
      })
      .join('\n\n');
    const bars = found.flatMap(({ slide, timed }) =>
      timed.map((each) => ({ name: `${slide} ${each.name}`, values: [median(each)] })),
    );
    return {
      slides: found.map(({ slide }) => slide),
      seeds: 0,
      settings: { rounds },
      data: found,
      text,
      pictures: { speed: svgFile(barChart({ title: 'Median time, s', series: ['time'], bars }), 'Median time, s') },
    };
  },
};

async function timeSlide(
  name: string,
  slide: string,
  folder: string,
  rounds: number,
  each: EachPart,
): Promise<Timed[]> {
  const output = join(folder, 'flat.ome.tiff');
  const zflat = (...words: string[]) => {
    return () => timeProcess(process.execPath, [builtCommand(), 'flatten', slide, '-o', output, '--force', ...words]);
  };
  const kinds: Record<string, (() => { seconds: number; rss: number }) | undefined> = {
    flatten: zflat(),
    'plain copy of its bytes': () => timeCopy(output, join(folder, 'copy')),
    'flatten --grain block': zflat('--grain', 'block'),
    'flatten --method exhaustive': zflat('--method', 'exhaustive'),
    'usual way (Python, OpenCV, libvips)': hasPython()
      ? () => timeProcess(python, [usualWay, slide, join(folder, 'usual.tif')])
      : undefined,
  };
  const usable = Object.entries(kinds).flatMap(([kind, run]) => (run ? [{ kind, run }] : []));
  usable[0].run(); // fills the cache
  const parts = Array.from({ length: rounds }, (_, round) => round + 1);
  const found = await each(parts, { name: (round) => `${name}, round ${round}` }, async () =>
    usable.map(({ run }) => run()),
  );
  return usable.map(({ kind }, i) => ({
    name: kind,
    seconds: found.map((round) => round[i].seconds),
    rss: Math.max(...found.map((round) => round[i].rss)),
  }));
}

/** Seconds, and peak memory in kB as GNU time tells it; 0 where that is not installed. */
function timeProcess(program: string, words: readonly string[]): { seconds: number; rss: number } {
  const hasTime = spawnSync('/usr/bin/time', ['--version']).status === 0;
  const [first, ...rest] = hasTime ? ['/usr/bin/time', '-f', '%M', program, ...words] : [program, ...words];
  const start = performance.now();
  const { status, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed:\n${stderr}`);
  return { seconds, rss: hasTime ? Number(stderr.trim().split('\n').at(-1)) : 0 };
}

function timeCopy(from: string, to: string): { seconds: number; rss: number } {
  const start = performance.now();
  copyFileSync(from, to);
  return { seconds: (performance.now() - start) / 1000, rss: 0 };
}

function hasPython(): boolean {
  return (
    spawnSync(python, ['-c', 'import cv2, tifffile']).status === 0 && spawnSync('vips', ['--version']).status === 0
  );
}
