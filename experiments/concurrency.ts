// What --concurrency buys, on a local file and behind a slow network, and that it changes no byte of the result: the command in a process
// of its own each time, in interleaved rounds of which the first, which fills the file cache, does not count.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, quantile, table } from './harness/experiment.js';
import { slideFile, speedSlides } from './harness/slides/slides.js';
import { serveSlowly } from './harness/time/slow-server.js';
import { runFlatten } from './harness/time/zflat-process.js';

const concurrencies = [1, 2, 4, 8, 16, 32] as const;
const delayMs = 20;
const places = {
  'local file': { remote: false, words: [] },
  'local file, exhaustive': { remote: false, words: ['--method', 'exhaustive'] },
  'by HTTP': { remote: true, words: [] },
} as const satisfies Record<string, { readonly remote: boolean; readonly words: readonly string[] }>;
type Place = keyof typeof places;

type Run = {
  readonly slide: string;
  readonly place: Place;
  readonly concurrency: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** Answered by the server; 0 for local files. */
  readonly requests: number;
  readonly sha256: string;
};

type Row = Omit<Run, 'sha256'> & { readonly range: readonly [number, number] };

export const concurrency: Experiment = {
  question: 'What does --concurrency buy on a local file and behind a slow network, and is the result always the same?',
  takesSlides: true,
  async run({ quick, own, each }) {
    const rounds = quick ? 1 : 3;
    const folder = mkdtempSync(join(tmpdir(), 'zflat-concurrency-'));
    const runs: Run[] = [];
    try {
      for (const slide of own ?? speedSlides.slice(0, 1)) {
        const file = (await slideFile(slide, 'speed')) as string;
        const server = await serveSlowly(file, delayMs);
        const output = join(folder, 'flat.ome.tiff');
        const kinds = (Object.keys(places) as Place[]).flatMap((place) =>
          (quick ? ([1, 8] as const) : concurrencies).map((limit) => ({ place, limit })),
        );
        // The server has the file in memory: it needs no first round.
        const parts = Array.from({ length: rounds + 1 }, (_, round) => kinds.map((kind) => ({ ...kind, round })))
          .flat()
          .filter(({ place, round }) => round > 0 || !places[place].remote);
        const name = ({ place, limit }: (typeof kinds)[number]) => `${slide.name}, ${place}, ${limit} at once`;
        try {
          const found = await each(parts, { name, weight }, async ({ place, limit, round }) => {
            const { remote, words } = places[place];
            const input = remote ? server.url : file;
            server.requests();
            const { report, ...took } = await runFlatten(input, output, ['--concurrency', String(limit), ...words]);
            const sha256 = createHash('sha256')
              .update(await readFile(output))
              .digest('hex');
            return {
              slide: slide.name,
              place,
              concurrency: limit,
              round,
              ...took,
              requests: server.requests(),
              sha256,
            };
          });
          checkSame(found);
          runs.push(...found.filter(({ round }) => round > 0));
        } finally {
          server.close();
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const rows = rowsOf(runs);
    const charts = [...new Set(rows.map(({ slide }) => slide))].flatMap((slide) => {
      const ofSlide = rows.filter((row) => row.slide === slide);
      return [
        chart(slide, ofSlide, 'wall, s', true, ({ seconds }) => seconds),
        chart(slide, ofSlide, 'peak memory, MB', false, ({ peakBytes }) => peakBytes / 1e6),
      ];
    });
    const title = 'By how many tiles are in flight at once';
    return {
      slides: [...new Set(rows.map(({ slide }) => slide))],
      seeds: 0,
      settings: { rounds, delayMs },
      data: {
        rows,
        sha256: Object.fromEntries(runs.map(({ slide, place, sha256 }) => [`${slide}, ${place}`, sha256])),
      },
      text: textOf(rows, rounds),
      pictures: { concurrency: svgFile(panels(charts, 2, title), title) },
    };
  },
};

/** Seconds that a run takes, roughly. */
function weight({ place, limit }: { readonly place: Place; readonly limit: number }): number {
  if (places[place].remote) return 3 + 90 / limit;
  return place === 'local file' ? 1.5 : 5;
}

/** Throws unless every run of a slide from one place wrote the same bytes. */
export function checkSame(runs: readonly Pick<Run, 'place' | 'concurrency' | 'sha256'>[]): void {
  for (const place of new Set(runs.map((run) => run.place))) {
    const own = runs.filter((run) => run.place === place);
    if (own.every(({ sha256 }) => sha256 === own[0].sha256)) continue;
    const found = own.map((run) => `${run.concurrency} at once: ${run.sha256}`);
    throw new Error(`${place}: the result depends on it\n${[...new Set(found)].join('\n')}`);
  }
}

/** Medians over rounds; the most of peaks. */
function rowsOf(runs: readonly Run[]): Row[] {
  const keyOf = ({ slide, place, concurrency }: Run) => `${slide}\n${place}\n${concurrency}`;
  return [...new Set(runs.map(keyOf))].map((key) => {
    const own = runs.filter((run) => keyOf(run) === key);
    const median = (of: (run: Run) => number) => quantile(own.map(of), 0.5);
    const seconds = own.map((run) => run.seconds);
    const [{ slide, place, concurrency }] = own;
    return {
      slide,
      place,
      concurrency,
      seconds: median((run) => run.seconds),
      range: [Math.min(...seconds), Math.max(...seconds)],
      cpuSeconds: median((run) => run.cpuSeconds),
      peakBytes: Math.max(...own.map((run) => run.peakBytes)),
      requests: median((run) => run.requests),
    };
  });
}

function textOf(rows: readonly Row[], rounds: number): string {
  const slides = [...new Set(rows.map(({ slide }) => slide))];
  const tables = slides.flatMap((slide) =>
    (Object.keys(places) as Place[]).map((place) => {
      const own = rows.filter((row) => row.slide === slide && row.place === place);
      const figures = own.map((row) => [
        row.concurrency,
        row.seconds.toFixed(2),
        `${row.range[0].toFixed(2)} - ${row.range[1].toFixed(2)}`,
        (own[0].seconds / row.seconds).toFixed(2),
        row.cpuSeconds.toFixed(2),
        (row.peakBytes / 1e6).toFixed(0),
        places[place].remote ? row.requests : '-',
      ]);
      const head = ['at once', 'wall, s', 'range, s', 'times as fast as 1', 'CPU, s', 'peak memory, MB', 'requests'];
      return `${slide}, ${place}\n\n${table(head, figures)}`;
    }),
  );
  return [
    `Whole process, medians of interleaved rounds (${rounds}) after one that does not count; by HTTP, every answer comes ${delayMs} ms late.`,
    'All runs of a slide from one place wrote the same bytes (SHA-256 of the whole file).\n',
    tables.join('\n\n'),
  ].join('\n');
}

function chart(slide: string, rows: readonly Row[], what: string, log: boolean, of: (row: Row) => number) {
  const range = log ? undefined : ([0, Math.max(...rows.map(of))] as const);
  const series = (Object.keys(places) as Place[]).map((place) => ({
    name: place,
    points: rows.filter((row) => row.place === place).map((row) => [row.concurrency, of(row)] as const),
  }));
  return lineChart({
    title: `${slide}: ${what}`,
    x: { label: 'tiles at once', log: true },
    y: { label: what, log, range },
    series,
  });
}
