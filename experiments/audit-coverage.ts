// How often the audit's 95 % interval of retained sharpness contains the true value, and how often the truth lies below it.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { type PlanReplay, replayPlan } from '../src/planner/replay-plan.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, mean, percent, quantile, table } from './harness/experiment.js';
import { withoutLengths } from './harness/record/score-cube.js';
import { coarseSlides, slideCube, slides, slideWeight } from './harness/slides/slides.js';

const defaultSeeds = 200;
const targets = [0.995, 0.999] as const;
/** Room for sums in another order. */
const rounding = 1e-9;

type Row = {
  readonly slide: string;
  readonly evidence: 'lengths' | 'none';
  readonly target: number;
  readonly covered: number;
  /** Share of runs whose true value is below the interval: the dangerous side. */
  readonly below: number;
  readonly met: number;
  readonly width: number;
};

export const auditCoverage: Experiment = {
  question: 'How often does the interval of the audit contain the true retained sharpness?',
  takesSlides: true,
  async run({ quick, seeds = quick ? 10 : defaultSeeds, own, signal, each }) {
    const few = slides.filter(({ kind }) => kind === '4k' || kind === 'real');
    const known = own ?? (quick ? few : [...slides, ...coarseSlides]);
    const found = await each(known, { name: ({ name }) => name, weight: slideWeight }, async (slide) => {
      const cube = await slideCube(slide, signal);
      if (!cube) return undefined;
      const rows: Row[] = [];
      for (const evidence of ['lengths', 'none'] as const) {
        const seen = evidence === 'lengths' ? cube : withoutLengths(cube);
        for (const target of targets) {
          const runs = Array.from({ length: seeds }, (_, i) => replayPlan(seen, 'adaptive', { target, seed: i + 1 }));
          rows.push({ slide: slide.name, evidence, target, ...intervalFigures(runs, target) });
        }
      }
      return rows;
    });
    const rows = found.flat();
    const groups = (['lengths', 'none'] as const).flatMap((evidence) =>
      targets.map((target) => {
        const own = rows.filter((row) => row.evidence === evidence && row.target === target);
        const average = (of: (row: Row) => number) => mean(own.map(of));
        const name = `${evidence === 'lengths' ? 'with lengths' : 'no lengths'}, ${target}`;
        const worst = own.reduce((a, b) => (b.covered < a.covered ? b : a));
        const mostBelow = own.reduce((a, b) => (b.below > a.below ? b : a));
        return {
          name,
          covered: average(({ covered }) => covered),
          below: average(({ below }) => below),
          worst,
          mostBelow,
        };
      }),
    );
    const all = { covered: mean(rows.map(({ covered }) => covered)), below: mean(rows.map(({ below }) => below)) };
    const text = [
      `Mean over slides: the true value is inside in ${percent(all.covered)} % of runs, below in ${percent(all.below)} %.\n`,
      table(
        ['evidence, target', 'inside %', 'below %', 'worst inside', 'most below'],
        groups.map(({ name, covered, below, worst, mostBelow }) => [
          name,
          percent(covered),
          percent(below),
          `${percent(worst.covered, 0)} (${worst.slide})`,
          `${percent(mostBelow.below, 0)} (${mostBelow.slide})`,
        ]),
      ),
      '\nBy slide: inside / below %, median width in parts of 10,000\n',
      bySlide(rows),
    ].join('\n');
    const bars = known
      .filter(({ name }) => rows.some(({ slide }) => slide === name))
      .map(({ name }) => ({
        name,
        values: rows.filter(({ slide, target }) => slide === name && target === 0.999).map((row) => 100 * row.covered),
      }));
    const title = 'Runs whose interval contains the truth, %, target .999';
    return {
      slides: known.map(({ name }) => name),
      seeds,
      settings: { targets },
      data: { all, rows },
      text,
      pictures: {
        'audit-coverage': svgFile(barChart({ title, series: ['with lengths', 'no lengths'], bars, most: 100 }), title),
      },
    };
  },
};

function intervalFigures(runs: readonly PlanReplay[], target: number) {
  const share = (holds: (run: PlanReplay) => boolean) => runs.filter(holds).length / runs.length;
  const below = share(({ outcome, truth }) => truth.retained < outcome.accuracy.retainedInterval[0] - rounding);
  const above = share(({ outcome, truth }) => truth.retained > outcome.accuracy.retainedInterval[1] + rounding);
  const widths = runs.map(({ outcome: { accuracy } }) => accuracy.retainedInterval[1] - accuracy.retainedInterval[0]);
  return {
    covered: 1 - below - above,
    below,
    met: share(({ truth }) => truth.retained >= target),
    width: quantile(widths, 0.5),
  };
}

function bySlide(rows: readonly Row[]): string {
  const kinds = (['lengths', 'none'] as const).flatMap((evidence) => targets.map((target) => ({ evidence, target })));
  const names = [...new Set(rows.map(({ slide }) => slide))];
  return table(
    ['slide', ...kinds.map(({ evidence, target }) => `${evidence === 'lengths' ? 'lengths' : 'no lengths'} ${target}`)],
    names.map((name) => [
      name,
      ...kinds.map(({ evidence, target }) => {
        const row = rows.find((each) => each.slide === name && each.evidence === evidence && each.target === target);
        if (!row) return '-';
        return `${percent(row.covered, 0)} / ${percent(row.below, 0)}, ${(1e4 * row.width).toFixed(1)}`;
      }),
    ]),
  );
}
