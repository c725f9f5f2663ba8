// Which focus measure is nearest to the truth of slides whose truth is known, and which serves best as evidence from coarser levels.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { type FocusMeasureName, focusMeasureNames } from '../src/focus/focus-measure.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { measureKey } from './harness/record/measure-slide.js';
import { type Fit, leastTissue, strongest, tilesWithTissue, truthFit } from './harness/record/truth-fit.js';
import { type KnownSlide, slidesOfTruth } from './harness/slides/slides-of-truth.js';
import { measuredStacks } from './harness/slides/stacks.js';

const coarseLevels = [1, 2, 3] as const;
/** Measures whose own plane, at the decision level, coarse evidence is held against. */
const oracles: readonly FocusMeasureName[] = ['box-difference', 'laplacian', 'dct-mid'];

export const truth: Experiment = {
  question: 'Which focus measure is nearest to the truth, and which serves best as coarse evidence?',
  async run({ quick, each }) {
    const found = await each(slidesOfTruth(quick), { name: ({ name }) => name }, async ({ load }) => {
      const slide = await load();
      if (!slide) return undefined;
      const tiles = tilesWithTissue(slide.truth);
      const { planeCount } = slide.measured;
      const fitOf = (numbers: Float64Array) => truthFit(slide, planeCount, tiles, numbers);
      const fits: Record<string, Fit> = { length: fitOf(slide.measured.lengths) };
      for (const [name, numbers] of slide.measured.numbers) fits[name] = fitOf(numbers);
      const { name, terrain, noise } = slide;
      const coarse = coarseLosses(name, 'synthetic', slide.measured, tiles);
      return { name, terrain, noise, tiles: tiles.length, fits, coarse };
    });
    const perSlide = found.map(({ coarse, ...slide }) => slide);
    const coarse = found.flatMap((slide) => slide.coarse);
    for (const { name, measured } of quick ? [] : await measuredStacks()) {
      const all = Array.from({ length: measured.columns * measured.rows }, (_, tile) => tile);
      coarse.push(...coarseLosses(name, 'real', measured, all));
    }

    const names = [...focusMeasureNames, 'length'] as const;
    const key = (name: string) => (name === 'length' ? name : measureKey(name as FocusMeasureName, 0));
    const average = (of: (fit: Fit) => number, name: string) => mean(perSlide.map(({ fits }) => of(fits[key(name)])));
    const summary = names.map((name) => ({
      name,
      agreement: average((each) => each.agreement, name),
      withinOne: average((each) => each.withinOne, name),
      regret: mean(perSlide.map(({ fits }) => fits[key(name)].regret).filter((regret) => !Number.isNaN(regret))),
    }));
    const text = [
      'Mean over slides, at the decision level, % of tiles with more than 5 % specimen. Regret: excess of the squared error to the',
      'sharp picture, in % of what a plane drawn at random has.\n',
      table(
        ['measure', 'true plane', 'within one', 'regret'],
        summary.map(({ name, agreement, withinOne, regret }) => [
          name,
          percent(agreement),
          percent(withinOne),
          percent(regret, 2),
        ]),
      ),
      '\nBy slide: true plane / regret, %\n',
      table(
        ['slide', 'terrain', 'noise', 'tiles', ...names],
        perSlide.map(({ name, terrain, noise, tiles, fits }) => [
          name,
          terrain,
          Number.isNaN(noise) ? '-' : noise,
          tiles,
          ...names.map((each) => `${percent(fits[key(each)].agreement)} / ${percent(fits[key(each)].regret, 1)}`),
        ]),
      ),
      '\nLoss (%) of taking the plane of strongest coarse evidence, held against the same slide decided by the measure named first\n',
      coarseTable(coarse),
      '\nTrue plane by coarse evidence alone, % (mean over synthetic slides)\n',
      table(
        ['measure', ...coarseLevels.map((level) => `level ${level}`)],
        focusMeasureNames.map((name) => [
          name,
          ...coarseLevels.map((level) =>
            percent(mean(perSlide.map(({ fits }) => fits[measureKey(name, level)].agreement))),
          ),
        ]),
      ),
    ].join('\n');
    const bars = summary.map(({ name, agreement, withinOne }) => ({
      name,
      values: [100 * agreement, 100 * withinOne],
    }));
    const title = 'Tiles seen sharpest at their true plane, %';
    return {
      slides: perSlide.map(({ name }) => name),
      seeds: 0,
      settings: { leastTissue },
      data: { summary, perSlide: perSlide.map(({ fits, ...slide }) => ({ ...slide, fits: atDecisionLevel(fits) })) },
      text,
      pictures: {
        truth: svgFile(barChart({ title, series: ['exactly', 'within one'], bars }), title),
      },
    };
  },
};

function atDecisionLevel(fits: Readonly<Record<string, Fit>>): Record<string, Fit> {
  return Object.fromEntries(Object.entries(fits).filter(([key]) => !key.includes('@') || key.endsWith('@0')));
}

type Coarse = {
  readonly slide: string;
  readonly kind: 'synthetic' | 'real';
  readonly oracle: FocusMeasureName;
  readonly level: number;
  readonly evidence: FocusMeasureName;
  readonly loss: number;
};

/** What argmax over coarse evidence loses against argmax at the decision level. */
function coarseLosses(
  slide: string,
  kind: Coarse['kind'],
  { planeCount, numbers }: KnownSlide['measured'],
  tiles: readonly number[],
): Coarse[] {
  const found: Coarse[] = [];
  for (const oracle of oracles) {
    const scores = numbers.get(measureKey(oracle, 0)) as Float64Array;
    for (const level of coarseLevels) {
      for (const evidence of focusMeasureNames) {
        const coarse = numbers.get(measureKey(evidence, level));
        if (!coarse) continue;
        let kept = 0;
        let possible = 0;
        for (const tile of tiles) {
          kept += scores[tile * planeCount + strongest(coarse, planeCount, tile)];
          possible += scores[tile * planeCount + strongest(scores, planeCount, tile)];
        }
        found.push({ slide, kind, oracle, level, evidence, loss: 1 - kept / possible });
      }
    }
  }
  return found;
}

function coarseTable(coarse: readonly Coarse[]): string {
  const lossOf = (oracle: FocusMeasureName, evidence: FocusMeasureName, level: number, kind: Coarse['kind']) => {
    const fitting = coarse.filter(
      (each) => each.oracle === oracle && each.evidence === evidence && each.level === level && each.kind === kind,
    );
    return percent(mean(fitting.map(({ loss }) => loss)), 2);
  };
  const head = [
    'decided by',
    'evidence',
    ...coarseLevels.flatMap((level) => [`L${level} synthetic`, `L${level} real`]),
  ];
  const rows = oracles.flatMap((oracle) =>
    focusMeasureNames.map((evidence) => [
      oracle,
      evidence,
      ...coarseLevels.flatMap((level) => [
        lossOf(oracle, evidence, level, 'synthetic'),
        lossOf(oracle, evidence, level, 'real'),
      ]),
    ]),
  );
  return table(head, rows);
}
