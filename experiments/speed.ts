// How long flattening takes, whole process from command to renamed file, beside what it is compared with: a plain copy of the result's
// bytes, the exhaustive method, and the usual way in Python. Runs are interleaved; medians count; the file is cached. Then the parts
// alone: phases of a run, the work on one tile, planning without any work on tiles.
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svgFile } from '../src/drawing/plot/drawing.js';
import type { RunReport } from '../src/report/run-report.js';
import { barChart } from './harness/draw/bar-chart.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, quantile, table } from './harness/experiment.js';
import type { EachPart } from './harness/record/parts.js';
import { type ExperimentSlide, fullSlide, largeSlide, slideFile, speedSlides } from './harness/slides/slides.js';
import type { CopyTimes } from './harness/time/copy-alone.js';
import { type MicroTime, microTimes } from './harness/time/micro-bench.js';
import { inOwnProcess } from './harness/time/own-process.js';
import type { LargePlan } from './harness/time/plan-large-slide.js';
import { type Milestone, timeLine, timeLineTable } from './harness/time/time-line.js';
import { runFlatten } from './harness/time/zflat-process.js';

const usualWay = fileURLToPath(new URL('harness/usual-way.py', import.meta.url));
/** Debian's, which has OpenCV and tifffile from packages. */
const python = '/usr/bin/python3';

/** What a run took, and where it told: its phases in milliseconds, and how many tiles it scored. */
type Ran = {
  readonly seconds: number;
  readonly cpuSeconds?: number;
  readonly bytes?: number;
  readonly phases?: RunReport['elapsedMs'];
  readonly scored?: number;
};

type Timed = { readonly name: string; readonly runs: readonly Ran[] };

type Found = {
  readonly slide: string;
  readonly timed: readonly Timed[];
  readonly milestones: readonly Milestone[];
};

type Copied = { readonly slide: string; readonly times: CopyTimes };

export const speed: Experiment = {
  question: 'How long does flattening take, beside a plain copy, the exhaustive method and the usual way?',
  takesSlides: true,
  async run({ quick, own, each }) {
    const folder = mkdtempSync(join(tmpdir(), 'zflat-speed-'));
    const rounds = quick ? 1 : 5;
    const found: Found[] = [];
    const copied: Copied[] = [];
    const files: string[] = [];
    const copy = ({ name }: ExperimentSlide, file: string) => {
      const times = inOwnProcess('copy-alone-child.ts', file, folder, String(3 * rounds)) as CopyTimes;
      copied.push({ slide: name, times });
    };
    try {
      for (const slide of own ?? (quick ? speedSlides.slice(0, 1) : [...speedSlides, largeSlide])) {
        const file = (await slideFile(slide, 'speed')) as string;
        files.push(file);
        const timed = await timeSlide(slide, file, folder, rounds, each);
        const milestones = await timeLine(file, join(folder, 'line.ome.tiff'), rounds);
        found.push({ slide: slide.name, timed, milestones });
        // Slides of others may keep their planes in several files, or tiles in strips
        if (!own) copy(slide, file);
      }
      if (!own) copy(fullSlide, (await slideFile(fullSlide, 'speed')) as string);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const [micro] = await each([0], { name: () => 'parts of the work on a tile' }, () =>
      microTimes(files[0], quick ? 50 : 500),
    );
    const plans = await each(
      Array.from({ length: rounds }, (_, round) => round + 1),
      { name: (round) => `planning 500,000 tiles, round ${round}` },
      async () => inOwnProcess('plan-large-slide-child.ts') as Omit<LargePlan, 'outcome'>,
    );
    const plan = {
      ...plans[0],
      cpuSeconds: quantile(
        plans.map(({ cpuSeconds }) => cpuSeconds),
        0.5,
      ),
    };
    const charts = found.map(({ slide, timed }) =>
      barChart({
        title: `${slide}: median time, s`,
        series: ['time'],
        bars: timed.map((kind) => ({ name: kind.name, values: [median(kind, 'seconds')] })),
      }),
    );
    return {
      slides: found.map(({ slide }) => slide),
      seeds: 0,
      settings: { rounds },
      data: { found, copied, micro, plan },
      text: [
        ...found.map(({ slide, timed, milestones }) =>
          [
            slideTable(slide, timed),
            phaseTable(timed),
            `Where the time of flatten goes, medians of runs of the library:\n\n${timeLineTable(milestones)}`,
          ].join('\n\n'),
        ),
        ...(own ? [] : [copyTable(copied)]),
        microTable(micro),
        `Planning alone, ${plan.tiles.toLocaleString('en')} tiles x ${plan.planes} planes from lengths: ${plan.cpuSeconds.toFixed(2)} s of CPU, answers included; ${plan.probes.toLocaleString('en')} looks in ${plan.rounds} rounds.`,
      ].join('\n\n'),
      pictures: { speed: svgFile(panels(charts, charts.length), 'Median time, s') },
    };
  },
};

function median({ runs }: Timed, figure: 'seconds' | 'cpuSeconds' | 'bytes'): number {
  return quantile(
    runs.map((run) => run[figure] ?? Number.NaN),
    0.5,
  );
}

const meanings: Readonly<Record<string, string>> = {
  flatten: 'flatten with --grain tile',
  'plain copy': 'a copy of what it wrote',
  'plain copy, synced': 'one that is on the disk when it ends, as what zflat writes is',
  'by block': 'flatten as it is by default',
  exhaustive: 'with --method exhaustive',
  'usual way': 'Python, OpenCV and libvips',
};

function slideTable(slide: string, timed: readonly Timed[]): string {
  const flatten = median(timed.find(({ name }) => name === 'flatten') as Timed, 'seconds');
  const rows = timed.map((kind) => {
    const seconds = kind.runs.map((run) => run.seconds);
    const known = (value: number, text: string) => (Number.isNaN(value) ? '-' : text);
    const [cpu, bytes] = [median(kind, 'cpuSeconds'), median(kind, 'bytes')];
    return [
      kind.name,
      quantile(seconds, 0.5).toFixed(3),
      `${Math.min(...seconds).toFixed(3)} - ${Math.max(...seconds).toFixed(3)}`,
      (quantile(seconds, 0.5) / flatten).toFixed(2),
      known(cpu, cpu.toFixed(2)),
      known(bytes, (bytes / 1e6).toFixed(0)),
    ];
  });
  const head = ['', 'median, s', 'range, s', 'times flatten', 'CPU, s', 'peak memory, MB'];
  const names = timed.map(({ name }) => meanings[name]).join('; ');
  return `${slide}: ${names}.\n\n${table(head, rows)}`;
}

/** Where the time goes: the phases that a run reports, and what comes before and after. */
function phaseTable(timed: readonly Timed[]): string {
  const rows = timed.flatMap(({ name, runs }) => {
    const of = (value: (run: Ran & Required<Pick<Ran, 'phases' | 'scored'>>) => number) =>
      quantile(
        runs.map((run) => value(run as never)),
        0.5,
      );
    if (!runs[0].phases) return [];
    const scored = of((run) => run.scored);
    const planning = of(({ phases }) => phases.plan);
    return [
      [
        name,
        of(({ seconds, phases }) => 1000 * seconds - phases.total).toFixed(0),
        of(({ phases }) => phases.open).toFixed(0),
        planning.toFixed(0),
        of(({ phases }) => phases.write).toFixed(0),
        scored.toFixed(0),
        ((1000 * scored) / planning).toFixed(0),
      ],
    ];
  });
  return table(
    ['ms', 'start and end of the process', 'open', 'plan', 'write', 'tiles scored', 'a second, planning included'],
    rows,
  );
}

function copyTable(copied: readonly Copied[]): string {
  const rows = copied.map(({ slide, times: { tiles, bytes, zflatFirstMs, zflatMs, loopMs, plainMs } }) => {
    const speed = (ms: number) => (bytes / 1000 / ms).toFixed(0);
    const speeds = [zflatFirstMs, zflatMs, loopMs, plainMs].map(speed);
    return [slide, String(tiles), (bytes / 1000 / tiles).toFixed(1), ...speeds, (plainMs / zflatMs).toFixed(2)];
  });
  const head = ['', 'tiles', 'KB a tile', 'the first time', 'later', 'a loop', 'plain copy', 'later, in plain copies'];
  const what = [
    'Copying alone, level 0, without directories and sync, in MB/s: zflat, the first time in a process and later; a loop that reads',
    'tile by tile and writes 4 MB at a time; a plain copy of what came out, in one piece.',
  ];
  return `${what.join(' ')}\n\n${table(head, rows)}`;
}

function microTable(micro: readonly MicroTime[]): string {
  const rows = micro.map(({ work, medianMs, fastestMs }) => [work, medianMs.toFixed(3), fastestMs.toFixed(3)]);
  return `A tile of 256 x 256 pixels, one thread:\n\n${table(['', 'median, ms', 'fastest, ms'], rows)}`;
}

/** What is timed, by name; undefined where it can't be had. */
type Ways = Readonly<Record<string, (() => Ran | Promise<Ran>) | undefined>>;

async function timeSlide(
  { name }: ExperimentSlide,
  slide: string,
  folder: string,
  rounds: number,
  each: EachPart,
): Promise<Timed[]> {
  const output = join(folder, 'flat.ome.tiff');
  const zflat = (...words: string[]) => {
    return async (): Promise<Ran> => {
      const { seconds, cpuSeconds, peakBytes, report } = await runFlatten(slide, output, words);
      const scored = Object.values(report.plan.probes).reduce((sum, count) => sum + count, 0);
      return { seconds, cpuSeconds, bytes: peakBytes, phases: report.elapsedMs, scored };
    };
  };
  const copies: Ways = {
    flatten: zflat('--grain', 'tile'),
    'plain copy': () => timeCopy(output, join(folder, 'copy'), false),
    'plain copy, synced': () => timeCopy(output, join(folder, 'copy'), true),
  };
  const looksAtAll: Ways = {
    'by block': zflat(),
    exhaustive: zflat('--grain', 'tile', '--method', 'exhaustive'),
    'usual way': hasPython() ? () => timeProcess(python, [usualWay, slide, join(folder, 'usual.tif')]) : undefined,
  };
  const kinds = name === largeSlide.name ? copies : { ...copies, ...looksAtAll };
  const usable = Object.entries(kinds).flatMap(([kind, run]) => (run ? [{ kind, run }] : []));
  await usable[0].run(); // fills the cache
  const parts = Array.from({ length: rounds }, (_, round) => round + 1);
  const found = await each(parts, { name: (round) => `${name}, round ${round}` }, async () => {
    const ran: Ran[] = [];
    for (const { run } of usable) ran.push(await run());
    return ran;
  });
  return usable.map(({ kind }, i) => ({ name: kind, runs: found.map((round) => round[i]) }));
}

/** Seconds, and peak memory as GNU time tells it where that is installed. */
function timeProcess(program: string, words: readonly string[]): Ran {
  const hasTime = spawnSync('/usr/bin/time', ['--version']).status === 0;
  const [first, ...rest] = hasTime ? ['/usr/bin/time', '-f', '%M %U %S', program, ...words] : [program, ...words];
  const start = performance.now();
  const { status, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed:\n${stderr}`);
  if (!hasTime) return { seconds };
  const [kilobytes, user, system] = (stderr.trim().split('\n').at(-1) as string).split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, bytes: 1024 * kilobytes };
}

/** `synced` as the files that zflat writes are: on the disk when it ends. */
function timeCopy(from: string, to: string, synced: boolean): Ran {
  rmSync(to, { force: true });
  const start = performance.now();
  copyFileSync(from, to);
  if (synced) {
    const file = openSync(to, 'r+');
    fsyncSync(file);
    closeSync(file);
  }
  return { seconds: (performance.now() - start) / 1000 };
}

function hasPython(): boolean {
  return (
    spawnSync(python, ['-c', 'import cv2, tifffile']).status === 0 && spawnSync('vips', ['--version']).status === 0
  );
}
