// The four ideas that the method started from, each alone and together, on the slides themselves: score every n-th pixel, score a
// coarser zoom level, break coarse tiles up, subdivide only where neighbours disagree. Held against every pixel of every tile.
import { type PlanSlideOptions, planSlide } from '../src/api/plan-slide.js';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { type AccuracyEstimate, bestPlane, exactAccuracy } from '../src/planner/contract/accuracy.js';
import { findLevel, tilesUnder } from '../src/slide/pyramid.js';
import type { SlideSource } from '../src/slide/slide-source.js';
import { tileCount, tileIndex } from '../src/slide/tile-grid.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { type SlideClass, slideFile, slides } from './harness/slides/slides.js';

type Idea = {
  readonly name: string;
  readonly group: 'pixels' | 'zoom level' | 'broken up' | 'recursion' | 'together' | 'today';
  readonly options: PlanSlideOptions;
  /** Levels that the slide is left: all, or the finest alone. */
  readonly levels?: 'finest';
  /** One plane for all that a coarse tile covers. */
  readonly unbroken?: true;
};

const exhaustive = { method: 'exhaustive' } as const;
const quadtree = { method: 'quadtree' } as const;
const depths = [1, 2, 3] as const;
const steps = [2, 4, 8] as const;

const ideas: readonly Idea[] = [
  ...steps.map(
    (n): Idea => ({
      name: n === 2 ? 'every 2nd pixel' : `every ${n}th pixel`,
      group: 'pixels',
      options: { ...exhaustive, subsample: n },
    }),
  ),
  ...depths.map(
    (n): Idea => ({
      name: `zoom level -${n}`,
      group: 'zoom level',
      options: { ...exhaustive, scoreLevel: n },
      unbroken: true,
    }),
  ),
  ...depths.map(
    (n): Idea => ({ name: `level -${n}, broken up`, group: 'broken up', options: { ...exhaustive, scoreLevel: n } }),
  ),
  { name: 'recursion', group: 'recursion', options: quadtree, levels: 'finest' },
  { name: 'recursion, every 4th pixel', group: 'recursion', options: { ...quadtree, subsample: 4 }, levels: 'finest' },
  ...depths.flatMap((n) =>
    [1, 4].map(
      (subsample): Idea => ({
        name: `${subsample === 1 ? 'all but pixels' : 'all four'}, level -${n}`,
        group: 'together',
        options: { ...quadtree, scoreLevel: n, subsample },
      }),
    ),
  ),
  { name: 'adaptive', group: 'today', options: { method: 'adaptive' } },
  { name: 'exhaustive', group: 'today', options: exhaustive },
];

type Row = {
  readonly slide: string;
  readonly kind: SlideClass;
  readonly idea: string;
  readonly cost: number;
  readonly seconds: number;
  /** Seconds over those of the exhaustive method on the slide. */
  readonly time: number;
  readonly agreement: number;
  readonly withinOne: number;
  readonly retained: number;
  readonly worst: number;
};

const chosen = ['gravel', 'gravel-tissue', 'dense-gravel', 'tilt', 'step', 'island', 'noisy'];
const real = ['organoids-256', 'boards-256'];
const timesEach = 3;

export const seedIdeas: Experiment = {
  question: 'What do the four ideas that the method started from buy, each alone and together?',
  takesSlides: true,
  async run({ quick, own, each }) {
    const names = quick ? chosen.slice(0, 1) : [...chosen, ...real];
    const known = own ?? slides.filter(({ name }) => names.includes(name));
    const tried = await each(known, { name: ({ name }) => name }, async (slide) => {
      const file = await slideFile(slide);
      if (file === undefined) return undefined;
      const source = await openSlide(file);
      try {
        const found = await tryIdeas(source, quick ? 1 : timesEach);
        return found.map((row): Row => ({ slide: slide.name, kind: slide.kind, ...row }));
      } finally {
        await source.close();
      }
    });
    const rows = tried.flat();
    const kinds = [
      ['synthetic', rows.filter(({ kind }) => kind !== 'real' && kind !== 'own')],
      ['real', rows.filter(({ kind }) => kind === 'real')],
      ['own', rows.filter(({ kind }) => kind === 'own')],
    ] as const;
    const [[drawnKind, drawn]] = kinds.filter(([, rows]) => rows.length > 0);
    const text = kinds
      .filter(([, own]) => own.length > 0)
      .map(([kind, own]) => {
        const count = new Set(own.map(({ slide }) => slide)).size;
        return `Mean of ${count} ${kind} slides; time in parts of the exhaustive method's, the fastest of ${timesEach} runs\n\n${ideaTable(own)}`;
      });
    text.unshift(
      'Coarser levels are scored by the 3 x 3 Laplacian, as zflat does; zoom level: one plane for all that a coarse tile covers.',
    );
    text.push(`Sharpness retained by slide, %\n\n${slideTable(rows)}`);
    const title = `Four ideas: what is lost, against what it costs (mean of the ${drawnKind} slides)`;
    const groups = [...new Set(ideas.map(({ group }) => group))];
    const series = groups.map((group) => ({
      name: group,
      points: ideas
        .filter((idea) => idea.group === group && idea.name !== 'exhaustive')
        .map(({ name }) => {
          const { cost, retained } = meanOf(drawn, name);
          return [100 * cost, Math.max(1e-5, 1 - retained)] as const;
        }),
      joined: group === 'zoom level' || group === 'broken up',
    }));
    const x = { label: 'cost, % of exhaustive', log: true };
    const y = { label: 'sharpness lost', log: true };
    const marks = [{ y: 0.001, name: '.999' }];
    return {
      slides: [...new Set(rows.map(({ slide }) => slide))],
      seeds: 1,
      settings: { timesEach },
      data: rows,
      text: text.join('\n\n'),
      pictures: { 'seed-ideas': svgFile(lineChart({ title, x, y, series, marks }), title) },
    };
  },
};

/** Every idea on a slide; runs are interleaved, so that all meet the same machine. */
async function tryIdeas(source: SlideSource, times: number): Promise<Omit<Row, 'slide' | 'kind'>[]> {
  const oracle = (await planSlide(source, { ...exhaustive, grain: 'tile' })).outcome.scores;
  const coarser = source.info.levels.map(({ level }) => level);
  const usable = ideas.filter(
    ({ options: { scoreLevel } }) => scoreLevel === undefined || coarser.includes(scoreLevel),
  );
  const found = usable.map((idea) => ({
    idea,
    seconds: Number.POSITIVE_INFINITY,
    cost: 0,
    truth: oracleItself(oracle),
  }));
  for (let time = 0; time < times; time++) {
    for (const each of found) {
      const { options, levels, unbroken } = each.idea;
      const left = levels === 'finest' ? withoutCoarserLevels(source) : source;
      const { outcome, problem, counts, elapsedMs } = await planSlide(left, { ...options, grain: 'tile' });
      const planes = unbroken
        ? unbrokenPlanes(source, options.scoreLevel as number, outcome.scores)
        : outcome.depthMap.planes;
      const { columns, rows, tileWidth, tileHeight } = problem.level.grid;
      each.seconds = Math.min(each.seconds, elapsedMs / 1000);
      each.cost = counts.pixelsDecoded / (columns * rows * problem.planeCount * tileWidth * tileHeight);
      each.truth = exactAccuracy(oracle, problem.planeCount, planes);
    }
  }
  const whole = found[found.length - 1].seconds;
  return found.map(({ idea, seconds, cost, truth }) => {
    const { agreement, withinOne, retained, worst } = truth;
    return { idea: idea.name, cost, seconds, time: seconds / whole, agreement, withinOne, retained, worst };
  });
}

/** What stands until an idea has run. */
function oracleItself(scores: Float64Array): AccuracyEstimate {
  return exactAccuracy(scores, scores.length, [0]);
}

function withoutCoarserLevels(source: SlideSource): SlideSource {
  return { ...source, info: { ...source.info, levels: source.info.levels.slice(0, 1) } };
}

/** The sharpest plane of each tile of `level`, for all tiles below it; `parts` [tile of level 0][plane] are what it was broken into. */
function unbrokenPlanes({ info }: SlideSource, level: number, parts: Float64Array): Uint16Array {
  const [finest] = info.levels;
  const coarse = findLevel(info.levels, level);
  if (!coarse) throw new RangeError(`no level ${level}`);
  const planeCount = info.planes.length;
  const planes = new Uint16Array(tileCount(finest.grid));
  for (let tile = 0; tile < tileCount(coarse.grid); tile++) {
    const block = tilesUnder(finest, coarse, Math.floor(tile / coarse.grid.columns), tile % coarse.grid.columns);
    const below: number[] = [];
    for (let row = block.row; row < block.rowEnd; row++) {
      for (let column = block.column; column < block.columnEnd; column++)
        below.push(tileIndex(finest.grid, row, column));
    }
    const sums = Float64Array.from({ length: planeCount }, (_, plane) =>
      below.reduce((sum, each) => sum + (parts[each * planeCount + plane] || 0), 0),
    );
    for (const each of below) planes[each] = bestPlane(sums, planeCount, 0);
  }
  return planes;
}

function meanOf(rows: readonly Row[], idea: string) {
  const own = rows.filter((row) => row.idea === idea);
  const average = (of: (row: Row) => number) => mean(own.map(of));
  return {
    cost: average(({ cost }) => cost),
    time: average(({ time }) => time),
    agreement: average(({ agreement }) => agreement),
    withinOne: average(({ withinOne }) => withinOne),
    retained: average(({ retained }) => retained),
    least: Math.min(...own.map(({ retained }) => retained)),
    worst: Math.min(...own.map(({ worst }) => worst)),
  };
}

function ideaTable(rows: readonly Row[]): string {
  return table(
    ['idea', 'cost %', 'time %', 'agreement %', 'within one %', 'retained %', 'least slide %', 'worst tile'],
    ideas.map(({ name }) => {
      const { cost, time, agreement, withinOne, retained, least, worst } = meanOf(rows, name);
      const shares = [percent(cost), percent(time), percent(agreement), percent(withinOne)];
      return [name, ...shares, percent(retained, 2), percent(least, 2), worst.toFixed(2)];
    }),
  );
}

function slideTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ slide }) => slide))];
  return table(
    ['idea', ...names],
    ideas.map(({ name }) => [
      name,
      ...names.map((slide) => {
        const row = rows.find((each) => each.slide === slide && each.idea === name);
        return row ? percent(row.retained, 2) : '-';
      }),
    ]),
  );
}
