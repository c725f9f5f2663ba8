// What each method and each kind of evidence costs, and what it keeps: the bars of the planner, and what every part buys.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { contentMask } from '../src/planner/contract/content.js';
import { defaultPlanOptions } from '../src/planner/contract/plan-options.js';
import { replayPlan } from '../src/planner/replay-plan.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { type ScoreCube, withoutLengths } from './harness/record/score-cube.js';
import { everything, noLengths, type Variant, variants } from './harness/record/variants.js';
import { type SlideClass, slideCube, slides, slideWeight } from './harness/slides/slides.js';

const defaultSeeds = 8;
const allClasses: readonly SlideClass[] = ['16k', '8k', '4k', 'real', 'own'];
/** The class of real stacks is of 40 tiles and more. */
const leastTiles = 40;
const barTargets = [0.995, 0.999] as const;
const curveTargets = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999] as const;

/** What a class may cost at most, in %: with lengths at .995 and .999, without at .995 and .999. */
const bars: Readonly<Partial<Record<SlideClass, readonly number[]>>> = {
  '16k': [1.7, 2.8, 14, 22],
  '8k': [3.4, 4.3, 18, 25],
  '4k': [6.3, 7.8, 28, 37],
  real: [24, 31, 32, 40],
};

type Row = {
  readonly variant: string;
  readonly slide: string;
  readonly kind: SlideClass;
  readonly tiles: number;
  readonly target: number;
  readonly cost: number;
  readonly survey: number;
  readonly calibrate: number;
  readonly search: number;
  readonly audit: number;
  readonly retained: number;
  readonly met: number;
  readonly agreement: number;
  readonly withinOne: number;
  readonly worst: number;
};

export const accuracyVsCost: Experiment = {
  question: 'What does each method and each kind of evidence cost, and what does it keep?',
  takesSlides: true,
  async run({ quick, seeds = quick ? 2 : defaultSeeds, own, signal, each }) {
    const few = slides.filter(({ kind }) => kind === '4k' || kind === 'real');
    const known = own ?? (quick ? few : slides);
    const found = await each(known, { name: ({ name }) => name, weight: slideWeight }, async (slide) => {
      const { name, kind } = slide;
      const cube = await slideCube(slide, signal);
      if (!cube) return undefined;
      const rows: Row[] = [];
      const tiles = cube.scores.length / cube.problem.planeCount;
      for (const variant of variants) {
        const isMain = variant.name === everything || variant.name === noLengths;
        const targets = isMain ? curveTargets : variant.targeted ? barTargets : [defaultPlanOptions.target];
        for (const target of targets) {
          const row = rowOf(cube, variant, target, variant.name === 'exhaustive' ? 1 : seeds);
          if (row) rows.push({ variant: variant.name, slide: name, kind, tiles, target, ...row });
        }
      }
      return { rows, glass: { slide: name, ...glassOf(cube, seeds) } };
    });
    const rows = found.flatMap((slide) => slide.rows);
    const glass = found.map((slide) => slide.glass);
    const classes = allClasses.filter((kind) => rows.some((row) => row.kind === kind));
    const calm: (readonly string[])[] = [];
    for (const { slide, survey, cost } of pick(rows, noLengths, 0.999)) {
      if (survey < 0.05) calm.push([slide, percent(survey, 2), percent(cost)]);
    }

    const inClass = rows.filter(({ kind, tiles }) => kind !== 'real' || tiles >= leastTiles);
    const main = classes.flatMap((kind) =>
      [everything, noLengths].flatMap((variant, i) =>
        barTargets.map((target, j) => ({ kind, variant, target, bar: bars[kind]?.[2 * i + j] })),
      ),
    );
    const classRows = main.flatMap(({ kind, variant, target, bar }) => {
      const own = pick(inClass, variant, target).filter((row) => row.kind === kind);
      return own.length === 0 ? [] : [{ kind, variant, target, bar, ...means(own) }];
    });
    const partRows = variants.flatMap(({ name, targeted }) =>
      (targeted ? barTargets : [defaultPlanOptions.target]).map((target) => ({
        name,
        target: targeted ? target : undefined,
        byClass: classes.map((kind) => pick(inClass, name, target).filter((row) => row.kind === kind)),
      })),
    );
    const text = [
      'Cost in % of what the exhaustive method decodes: mean over slides and seeds; met: share of runs that truly keep the target.\n',
      table(
        ['class', 'evidence', 'target', 'cost', 'bar', 'met %', 'retained', 'agreement', 'within one'],
        classRows.map((row) => [
          row.kind,
          row.variant === everything ? 'lengths' : 'no lengths',
          row.target,
          percent(row.cost, 2),
          row.bar ?? '-',
          percent(row.met, 0),
          row.retained.toFixed(5),
          row.agreement.toFixed(3),
          row.withinOne.toFixed(3),
        ]),
      ),
      '\nWhat each part buys: cost % / loss in parts of 10,000 / share of runs that keep the target, %\n',
      table(
        ['method and evidence', 'target', ...classes],
        partRows.map(({ name, target, byClass }) => [name, target ?? '-', ...byClass.map(threeFigures)]),
      ),
      '\nWhere the cost goes at .999, % (survey / calibration / search / audit)\n',
      table(
        ['evidence', ...classes],
        [everything, noLengths].map((variant) => [
          variant,
          ...classes.map((kind) => fourCosts(pick(inClass, variant, 0.999).filter((row) => row.kind === kind))),
        ]),
      ),
      '\nSlides calm enough for the recursive survey, no lengths, .999: survey % (a whole survey of level 2 is 6.25), cost %\n',
      table(['slide', 'survey', 'cost'], calm),
      '\nTiles without content: neighbours that differ in their plane, % of pairs, at .999\n',
      table(
        ['slide', 'pairs', 'lengths', 'no lengths', 'exhaustive'],
        glass
          .filter(({ pairs }) => pairs >= 20)
          .map((each) => [
            each.slide,
            each.pairs,
            percent(each.lengths),
            percent(each.noLengths),
            percent(each.exhaustive),
          ]),
      ),
      '\nBy slide at .999: cost % / loss in parts of 10,000 / runs that keep the target, %; worst tile of all\n',
      table(
        ['slide', 'tiles', 'lengths', 'worst', 'no lengths', 'worst'],
        known.flatMap(({ name }) => {
          const [one, other] = [everything, noLengths].map((each) =>
            pick(rows, each, 0.999).find(({ slide }) => slide === name),
          );
          if (!one || !other) return [];
          const figures = [one, other].flatMap((row) => [threeFigures([row]), row.worst.toFixed(2)]);
          return [[name, one.tiles, ...figures]];
        }),
      ),
    ].join('\n');
    const drawn = own ? rows : rows.filter(({ kind }) => kind !== 'real');
    const title = `${own ? '' : 'Synthetic slides: '}what is lost, against what it costs`;
    return {
      slides: known.map(({ name }) => name),
      seeds,
      settings: { barTargets, curveTargets },
      data: {
        classes: classRows,
        parts: partRows.map(({ name, target, byClass }) => ({
          name,
          target,
          ...Object.fromEntries(classes.map((kind, i) => [kind, means(byClass[i])])),
        })),
        glass,
        slides: rows.filter(
          ({ variant, target }) => (variant === everything || variant === noLengths) && target === 0.999,
        ),
      },
      text,
      pictures: { 'accuracy-vs-cost': svgFile(pareto(drawn, title), title) },
    };
  },
};

function rowOf(cube: ScoreCube, { run }: Variant, target: number, seeds: number) {
  const runs = Array.from({ length: seeds }, (_, i) => run(cube, { target, seed: i + 1 })).filter((each) => !!each);
  if (runs.length === 0) return undefined;
  const average = (of: (each: (typeof runs)[number]) => number) => mean(runs.map(of));
  return {
    cost: average(({ cost }) => cost),
    survey: average(({ costs }) => costs.survey),
    calibrate: average(({ costs }) => costs.calibrate),
    search: average(({ costs }) => costs.search),
    audit: average(({ costs }) => costs.audit),
    retained: average(({ truth }) => truth.retained),
    met: average(({ truth }) => (truth.retained >= target ? 1 : 0)),
    agreement: average(({ truth }) => truth.agreement),
    withinOne: average(({ truth }) => truth.withinOne),
    worst: Math.min(...runs.map(({ truth }) => truth.worst)),
  };
}

function pick(rows: readonly Row[], variant: string, target: number): Row[] {
  return rows.filter((row) => row.variant === variant && row.target === target);
}

function means(rows: readonly Row[]) {
  const average = (of: (row: Row) => number) => mean(rows.map(of));
  return {
    slides: rows.length,
    cost: average(({ cost }) => cost),
    retained: average(({ retained }) => retained),
    met: average(({ met }) => met),
    agreement: average(({ agreement }) => agreement),
    withinOne: average(({ withinOne }) => withinOne),
  };
}

function threeFigures(rows: readonly Row[]): string {
  if (rows.length === 0) return '-';
  const { cost, retained, met } = means(rows);
  return `${percent(cost)} / ${(1e4 * (1 - retained)).toFixed(1)} / ${percent(met, 0)}`;
}

function fourCosts(rows: readonly Row[]): string {
  const reasons = ['survey', 'calibrate', 'search', 'audit'] as const;
  return reasons.map((reason) => percent(mean(rows.map((row) => row[reason])), 2)).join(' / ');
}

type Glass = {
  readonly slide: string;
  readonly pairs: number;
  readonly lengths: number;
  readonly noLengths: number;
  readonly exhaustive: number;
};

/** How often neighbouring tiles without content, and without a plane worth the name, differ in their plane. */
function glassOf(cube: ScoreCube, seeds: number): Omit<Glass, 'slide'> {
  const { scores, problem } = cube;
  const { planeCount, level } = problem;
  const { columns } = level.grid;
  const content = contentMask(scores, planeCount);
  const quiet = content.map((has, tile) => (has || contrast(scores, planeCount, tile) > quietContrast ? 0 : 1));
  const pairs: [number, number][] = [];
  for (let tile = 0; tile < quiet.length; tile++) {
    if (!quiet[tile]) continue;
    if (tile % columns < columns - 1 && quiet[tile + 1]) pairs.push([tile, tile + 1]);
    if (quiet[tile + columns]) pairs.push([tile, tile + columns]);
  }
  const changes = (planes: Uint16Array) => pairs.filter(([a, b]) => planes[a] !== planes[b]).length / pairs.length;
  const planesOf = (seen: ScoreCube, seed: number) => replayPlan(seen, 'adaptive', { seed }).outcome.depthMap.planes;
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  return {
    pairs: pairs.length,
    lengths: mean(all.map((seed) => changes(planesOf(cube, seed)))),
    noLengths: mean(all.map((seed) => changes(planesOf(withoutLengths(cube), seed)))),
    exhaustive: changes(replayPlan(cube, 'exhaustive', {}).outcome.depthMap.planes),
  };
}

/** A tile whose F differs by no more than this between planes, in parts of the highest, shows glass. */
const quietContrast = 0.3;

function contrast(scores: Float64Array, planeCount: number, tile: number): number {
  const curve = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
  return 1 - Math.min(...curve) / Math.max(...curve);
}

function pareto(rows: readonly Row[], title: string) {
  /** What keeps all is drawn at the lower edge. */
  const leastLoss = 1e-5;
  const series = variants
    .filter(({ name }) => name !== 'exhaustive')
    .map(({ name }) => {
      const targets = [...new Set(rows.filter(({ variant }) => variant === name).map(({ target }) => target))];
      const points = targets.map((target) => {
        const { cost, retained } = means(pick(rows, name, target));
        return [100 * Math.max(cost, 0.001), Math.max(leastLoss, 1 - retained)] as const;
      });
      return { name, points };
    });
  return lineChart({
    title,
    x: { label: 'cost, % of exhaustive', log: true, range: [0.1, 100] },
    y: { label: 'sharpness lost', log: true },
    series,
    marks: [{ y: 0.001, name: 'target .999' }],
  });
}
