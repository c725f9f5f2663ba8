// How cost, time, memory and bytes read grow with the slide, the stack and the share of tissue: the command in a process of its own
// each time, in interleaved rounds of which the first, which fills the file cache, does not count.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, percent, quantile, table } from './harness/experiment.js';
import { type ScaledSlide, scaledSlide } from './harness/slides/scaled-slides.js';
import { logSlope } from './harness/time/log-slope.js';
import { runFlatten, type ZflatRun } from './harness/time/zflat-process.js';

const usual: ScaledSlide = { side: 4096, planes: 7, terrain: 'gravel', clumps: 1 };

type Series = {
  readonly name: string;
  readonly slides: readonly ScaledSlide[];
  /** What grows, for people. */
  readonly label: string;
  readonly size: (row: Row) => number;
  /** What exponents are by; undefined where a power of it means nothing. */
  readonly by?: { readonly name: string; readonly of: (row: Row) => number };
};

/** From nearly clean glass to specimen everywhere. */
const tissue: readonly Pick<ScaledSlide, 'terrain' | 'clumps'>[] = [
  { terrain: 'gravel', clumps: 0.1 },
  { terrain: 'gravel', clumps: 1 },
  { terrain: 'gravel', clumps: 3 },
  { terrain: 'mixed', clumps: 1 },
  { terrain: 'bumps', clumps: 1 },
];

const allSeries: readonly Series[] = [
  {
    name: 'side',
    slides: [2048, 4096, 8192, 16384, 32768].map((side) => ({ ...usual, side })),
    label: 'pixels a side',
    size: ({ slide }) => slide.side,
    by: { name: 'tiles', of: ({ tiles }) => tiles },
  },
  {
    name: 'planes',
    slides: [3, 5, 7, 11, 15, 21, 31].map((planes) => ({ ...usual, planes })),
    label: 'planes',
    size: ({ slide }) => slide.planes,
    by: { name: 'planes', of: ({ slide }) => slide.planes },
  },
  {
    name: 'tissue',
    slides: tissue.map((specimen) => ({ ...usual, side: 8192, ...specimen })),
    label: 'share of specimen, %',
    size: ({ tissue }) => 100 * tissue,
  },
];

const methods = ['adaptive', 'exhaustive'] as const;
type Method = (typeof methods)[number];
/** Exhaustive runs of larger slides take too long for what they tell. */
const largestExhaustive = 16384;

type Row = {
  readonly slide: ScaledSlide;
  readonly tissue: number;
  readonly method: Method;
  readonly tiles: number;
  /** Medians of rounds. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly range: readonly [number, number];
  readonly cost: number;
  /** Sharpness, by the run's own audit. */
  readonly retained: number;
  readonly bytesRead: number;
  /** The most of all rounds. */
  readonly peakBytes: number;
};

export const scaling: Experiment = {
  question: 'How do cost, time and memory grow with the slide, the stack and the share of tissue?',
  async run({ quick, each }) {
    const series = allSeries.map((one) => ({ ...one, slides: quick ? one.slides.slice(0, 2) : one.slides }));
    const slides = distinct(series.flatMap((one) => one.slides));
    const made = await each(
      slides,
      { name: (slide) => `making ${nameOf(slide)}`, weight: pixelsOf },
      async (slide) => ({
        slide,
        ...(await scaledSlide(slide)),
      }),
    );
    const kinds = made.flatMap((each) =>
      methods
        .filter((method) => method === 'adaptive' || each.slide.side <= largestExhaustive)
        .map((method) => ({ ...each, method })),
    );
    const rounds = quick ? 1 : 3;
    const parts = Array.from({ length: rounds + 1 }, () => kinds).flat();
    const folder = mkdtempSync(join(tmpdir(), 'zflat-scaling-'));
    let runs: ZflatRun[];
    try {
      const name = ({ slide, method }: (typeof kinds)[number]) => `${nameOf(slide)}, ${method}`;
      const weight = ({ slide, method }: (typeof kinds)[number]) => (method === 'adaptive' ? 0.2 : 1) * pixelsOf(slide);
      runs = await each(parts, { name, weight }, ({ file, method }) =>
        runFlatten(file, join(folder, 'flat.ome.tiff'), ['--method', method]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const rows = kinds.map(({ slide, tissue, method }, i) =>
      rowOf(slide, tissue, method, runs.filter((_, run) => run % kinds.length === i).slice(1)),
    );
    const shown = series.map((one) => ({
      ...one,
      rows: rows.filter(({ slide }) => one.slides.some((other) => nameOf(other) === nameOf(slide))),
    }));
    const title = 'What grows with the slide, the stack and the tissue';
    const charts = shown.flatMap((one) => [
      chart(one, 'time, s', one.by !== undefined, ({ seconds }) => seconds),
      chart(one, 'peak memory, MB', false, ({ peakBytes }) => peakBytes / 1e6),
    ]);
    return {
      slides: slides.map(nameOf),
      seeds: 0,
      settings: { rounds, largestExhaustive },
      data: rows,
      text: [
        `Whole process, medians of interleaved rounds (${rounds}) after one that does not count. Slides are a synthetic one of 2048 x 2048`,
        'pixels repeated. Exponent: the power that a figure grows with (1: in proportion), by least squares over all rows, and over the',
        'two largest.\n',
        shown.map(seriesText).join('\n\n'),
      ].join('\n'),
      pictures: { scaling: svgFile(panels(charts, 2, title), title) },
    };
  },
};

function nameOf({ side, planes, terrain, clumps }: ScaledSlide): string {
  return `${side} x ${side} x ${planes}, ${terrain} ${clumps}`;
}

function pixelsOf({ side, planes }: ScaledSlide): number {
  return side * side * planes;
}

function distinct(slides: readonly ScaledSlide[]): ScaledSlide[] {
  return [...new Map(slides.map((slide) => [nameOf(slide), slide])).values()];
}

function rowOf(slide: ScaledSlide, tissue: number, method: Method, runs: readonly ZflatRun[]): Row {
  const median = (of: (run: ZflatRun) => number) => quantile(runs.map(of), 0.5);
  const seconds = runs.map((run) => run.seconds);
  const [{ report }] = runs;
  return {
    slide,
    tissue,
    method,
    tiles: report.plan.tiles,
    seconds: median((run) => run.seconds),
    cpuSeconds: median((run) => run.cpuSeconds),
    range: [Math.min(...seconds), Math.max(...seconds)],
    cost: report.plan.cost,
    retained: report.accuracy.retained,
    bytesRead: report.plan.bytesRead,
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
  };
}

type Shown = Series & { readonly rows: readonly Row[] };

function seriesText({ label, size, by, rows }: Shown): string {
  const tables = methods.map((method) => {
    const own = rows.filter((row) => row.method === method).sort((a, b) => size(a) - size(b));
    const figures = own.map((row) => [
      Number(size(row).toFixed(1)),
      row.slide.terrain,
      row.tiles,
      percent(row.cost),
      percent(row.retained, 2),
      row.seconds.toFixed(2),
      `${row.range[0].toFixed(2)} - ${row.range[1].toFixed(2)}`,
      row.cpuSeconds.toFixed(2),
      (row.peakBytes / 1e6).toFixed(0),
      (row.bytesRead / 1e6).toFixed(1),
    ]);
    if (by) figures.push(exponents(own, by));
    const head = [label, 'terrain', 'tiles', 'cost, %', 'retained, %', 'wall, s', 'range, s', 'CPU, s'];
    return `${method}\n\n${table([...head, 'peak memory, MB', 'read to decide, MB'], figures)}`;
  });
  return tables.join('\n\n');
}

function exponents(rows: readonly Row[], { name, of: size }: NonNullable<Series['by']>): string[] {
  const slope = (of: (row: Row) => number) => {
    const points = rows.map((row) => [size(row), of(row)] as const);
    return `${logSlope(points).toFixed(2)}, ${logSlope(points.slice(-2)).toFixed(2)}`;
  };
  const [cost, wall, cpu] = [slope((row) => row.cost), slope((row) => row.seconds), slope((row) => row.cpuSeconds)];
  const [memory, read] = [slope((row) => row.peakBytes), slope((row) => row.bytesRead)];
  return [`exponent by ${name}`, '', '', cost, '', wall, '', cpu, memory, read];
}

function chart({ label, size, by, rows }: Shown, what: string, log: boolean, of: (row: Row) => number) {
  const series = methods.map((method) => ({
    name: method,
    points: rows
      .filter((row) => row.method === method)
      .map((row) => [size(row), of(row)] as const)
      .sort(([a], [b]) => a - b),
  }));
  const range = log ? undefined : ([0, Math.max(...rows.map(of))] as const);
  const x = { label, log: by !== undefined };
  return lineChart({ title: `${what} by ${label}`, x, y: { label: what, log, range }, series });
}
