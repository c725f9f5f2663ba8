// What bad scanning does to every focus measure, by dose, against the truth of synthetic slides; how far measures agree on real stacks;
// and what CPU time each takes. How near each is to the truth on slides scanned well is the question of truth.ts.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { defaultMeasure, type FocusMeasureName, focusMeasureNames } from '../src/focus/focus-measure.js';
import { exactAccuracy } from '../src/planner/contract/accuracy.js';
import type { TunedSlide } from '../src/tuning/try-settings.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, type ExperimentOptions, mean, percent, table } from './harness/experiment.js';
import { byTile } from './harness/record/by-tile.js';
import { type Fit, leastTissue, strongest, tilesWithTissue, truthFit } from './harness/record/truth-fit.js';
import {
  type Disturbance,
  disturbances,
  disturbed,
  type Scene,
  scenes,
  undisturbed,
} from './harness/slides/disturbed-slides.js';
import { type ExperimentSlide, recordedSlide, slideFile, slides } from './harness/slides/slides.js';
import { errorsOf, truthOf } from './harness/slides/truth-of.js';
import { type MeasureCost, measureCosts } from './harness/time/measure-cost.js';

const rounds = 25;
/** What can choose planes: the measures, and the compressed lengths. */
const choosers = [...focusMeasureNames, 'length'] as const;
type Chooser = (typeof choosers)[number];

type Row = {
  readonly scene: string;
  readonly disturbance: string;
  readonly dose: number | string;
  readonly tiles: number;
  readonly fits: Readonly<Record<Chooser, Fit>>;
};

/** The planes of one stack that `chooser` chooses, judged by `judge`. */
type Pair = {
  readonly slide: string;
  readonly chooser: Chooser;
  readonly judge: FocusMeasureName;
  readonly agreement: number;
  readonly retained: number;
};

export const measures: Experiment = {
  question:
    'What do noise, JPEG, stain and brightness drift do to each focus measure, how far do measures agree, and what do they cost?',
  takesSlides: true,
  async run(options) {
    const { quick, own, each, signal } = options;
    const rows = own ? [] : await scannedBadly(options);
    const stacks = own ?? slides.filter(({ kind }) => kind === 'real').slice(0, quick ? 1 : undefined);
    const pairs = (await each(stacks, { name: ({ name }) => name }, (slide) => comparedOn(slide, signal))).flat();
    const timed = own?.[0] ?? undisturbed(scenes[0]);
    const costs = (
      await each([timed], { name: () => 'CPU time' }, (slide) => costsOn(slide, quick ? 3 : rounds))
    ).flat();
    const text = [pairsText(pairs), costText(costs, timed.name)];
    if (rows.length > 0) text.unshift(dosesText(rows));
    const title = 'Regret by dose: excess error of the chosen planes, % of what a plane drawn at random has';
    const charts = disturbances
      .filter(({ doses }) => typeof doses[0].dose === 'number')
      .map((disturbance) => chart(rows, disturbance));
    const pictures: Record<string, string> =
      rows.length > 0 ? { measures: svgFile(panels(charts, 2, title), title) } : {};
    return {
      slides: [...new Set([...rows.map(({ scene }) => scene), ...pairs.map(({ slide }) => slide)])],
      seeds: 0,
      settings: { leastTissue, rounds },
      data: { fits: 'agreement, within one, regret', rows: rows.map(inFew), pairs, costs },
      text: text.join('\n\n'),
      pictures,
    };
  },
};

/** A row whose fits take less room in a file. */
function inFew({ fits, ...row }: Row) {
  const few = Object.entries(fits).map(([name, { agreement, withinOne, regret }]) => [
    name,
    [agreement, withinOne, regret],
  ]);
  return { ...row, fits: Object.fromEntries(few) };
}

/** Every scene with every dose. */
async function scannedBadly({ quick, each, signal }: ExperimentOptions): Promise<Row[]> {
  const parts = scenes.slice(0, quick ? 1 : undefined).flatMap((scene) => [
    // The usual dose of all disturbances is one slide.
    { scene, disturbance: disturbances[0], dose: disturbances[0].doses[0] },
    ...disturbances.flatMap((disturbance) =>
      disturbance.doses.slice(quick ? -1 : 1).map((dose) => ({ scene, disturbance, dose })),
    ),
  ]);
  const name = ({ scene, disturbance, dose }: (typeof parts)[number]) =>
    `${scene.name}, ${disturbance.name} ${dose.dose}`;
  return each(parts, { name }, async ({ scene, disturbance, dose }) => {
    const file = await slideFile(disturbed(scene, disturbance, dose), 'measures');
    const recorded = await recordedSlide(file as string, focusMeasureNames, signal);
    const usual = dose === disturbance.doses[0];
    return {
      scene: scene.name,
      disturbance: usual ? 'none' : disturbance.name,
      dose: usual ? 'usual' : dose.dose,
      ...(await fitsOf(scene, recorded)),
    };
  });
}

/** Judged by the truth of the scene as it is scanned well. */
async function fitsOf(scene: Scene, recorded: TunedSlide): Promise<Pick<Row, 'tiles' | 'fits'>> {
  const well = undisturbed(scene);
  const truth = await truthOf(well);
  if (!truth) throw new RangeError(`${scene.name} has no truth`);
  const errors = await errorsOf(well, truth, leastTissue);
  const tiles = tilesWithTissue(truth);
  const fits = Object.fromEntries(
    [...numbersOf(recorded)].map(([chooser, numbers]) => [
      chooser,
      truthFit({ truth, errors }, truth.planeCount, tiles, numbers),
    ]),
  );
  return { tiles: tiles.length, fits: fits as Row['fits'] };
}

/** By what chooses: [tile][plane]. */
function numbersOf({ looks, problem: { lengths, planeCount } }: TunedSlide): Map<Chooser, Float64Array> {
  const numbers = new Map(looks as ReadonlyMap<Chooser, Float64Array>);
  if (lengths.comparable) numbers.set('length', byTile(lengths.bytes, planeCount));
  return numbers;
}

async function comparedOn(slide: ExperimentSlide, signal: AbortSignal): Promise<Pair[] | undefined> {
  const file = await slideFile(slide);
  if (file === undefined) return undefined;
  const recorded = await recordedSlide(file, focusMeasureNames, signal);
  const { planeCount } = recorded.problem;
  return [...numbersOf(recorded)].flatMap(([chooser, numbers]) => {
    const tiles = numbers.length / planeCount;
    const planes = Array.from({ length: tiles }, (_, tile) => strongest(numbers, planeCount, tile));
    return [...recorded.looks].map(([judge, scores]) => {
      const { agreement, retained } = exactAccuracy(known(scores), planeCount, planes);
      return { slide: slide.name, chooser, judge: judge as FocusMeasureName, agreement, retained };
    });
  });
}

/** What a slide lacks has no sharpness. */
function known(scores: Float64Array): Float64Array {
  return scores.map((score) => (Number.isNaN(score) ? 0 : score));
}

/** Undefined where the slide's data is missing. */
async function costsOn(slide: ExperimentSlide, times: number): Promise<MeasureCost[] | undefined> {
  const file = await slideFile(slide, 'measures');
  return file === undefined ? undefined : measureCosts(file, times);
}

/** Mean over scenes. */
function meanFit(rows: readonly Row[], disturbance: string, dose: number | string, chooser: Chooser): Fit {
  const own = rows.filter((row) => row.disturbance === disturbance && row.dose === dose);
  const average = (of: (fit: Fit) => number) => mean(own.map(({ fits }) => of(fits[chooser])));
  return {
    agreement: average((f) => f.agreement),
    withinOne: average((f) => f.withinOne),
    regret: average((f) => f.regret),
  };
}

/** By dose, in the order of doses; those that were not measured are left out. */
function fitsByDose(rows: readonly Row[], { name, doses }: Disturbance, chooser: Chooser) {
  return doses
    .map(({ dose }, i) => ({
      dose,
      fit: i === 0 ? meanFit(rows, 'none', 'usual', chooser) : meanFit(rows, name, dose, chooser),
    }))
    .filter(({ fit }) => !Number.isNaN(fit.agreement))
    .sort((a, b) => Number(a.dose) - Number(b.dose) || 0);
}

function dosesText(rows: readonly Row[]): string {
  const tables = disturbances.map((disturbance) => {
    const columns = choosers.map((chooser) => fitsByDose(rows, disturbance, chooser));
    const lines = columns[0].map(({ dose }, i) => [
      dose === disturbance.doses[0].dose && dose !== 'usual' ? `${dose} (usual)` : dose,
      ...columns.map((fits) => `${percent(fits[i].fit.agreement)} / ${percent(fits[i].fit.regret, 2)}`),
    ]);
    return `${disturbance.name}: ${disturbance.unit}\n\n${table(['dose', ...choosers], lines)}`;
  });
  return [
    'Tiles whose true plane is chosen / regret, %, by dose: mean over scenes of drawn cells and of tissue, tiles with more than 5 % specimen.',
    'True planes and regret are those of the scene scanned well; regret is the excess of the squared error to the sharp picture, in % of',
    'what a plane drawn at random has.\n',
    tables.join('\n\n'),
    '\nTrue planes lost at the strongest dose, in % of tiles: mean over scenes, and in brackets the scene that loses most\n',
    lossTable(rows),
  ].join('\n');
}

/** The strongest doses, held against the same scene scanned well. */
function lossTable(rows: readonly Row[]): string {
  const lines = disturbances.flatMap(({ name, doses }) => {
    const worst = name === 'stain colour' ? doses.slice(1) : doses.slice(-1);
    return worst.map(({ dose }) => {
      const disturbed = rows.filter((row) => row.disturbance === name && row.dose === dose);
      const losses = choosers.map((chooser) =>
        disturbed.map(({ scene, fits }) => {
          const well = rows.find((row) => row.scene === scene && row.disturbance === 'none');
          return (well?.fits[chooser].agreement ?? Number.NaN) - fits[chooser].agreement;
        }),
      );
      return [`${name} ${dose}`, ...losses.map((own) => `${percent(mean(own))} (${percent(Math.max(...own))})`)];
    });
  });
  return table(['dose', ...choosers], lines);
}

function pairsText(pairs: readonly Pair[]): string {
  const judges = focusMeasureNames.filter((name) => pairs.some(({ judge }) => judge === name));
  const shown = choosers.filter((name) => pairs.some(({ chooser }) => chooser === name));
  const cell = (chooser: Chooser, judge: FocusMeasureName) => {
    const own = pairs.filter((pair) => pair.chooser === chooser && pair.judge === judge);
    return `${percent(mean(own.map((each) => each.retained)), 2)} / ${percent(mean(own.map((each) => each.agreement)), 0)}`;
  };
  const stacks = [...new Set(pairs.map(({ slide }) => slide))];
  if (stacks.length === 0) return 'No real stacks: their data is missing.';
  return [
    `Measures against each other on stacks (${stacks.join(', ')}): sharpness retained by the planes that one chooses, judged by another,`,
    'and tiles where both choose the same plane, %; mean over stacks, tiles with content.\n',
    table(
      ['chosen by', ...judges.map((judge) => `judged by ${judge}`)],
      shown.map((chooser) => [chooser, ...judges.map((judge) => cell(chooser, judge))]),
    ),
  ].join('\n');
}

function costText(costs: readonly MeasureCost[], slide: string): string {
  return [
    `CPU time on JPEG tiles of ${slide}, decoding included; times ${defaultMeasure} in the same round: median, and the range of rounds.\n`,
    table(
      ['measure', `times ${defaultMeasure}`, 'range', 'ms a megapixel', 'of that measuring'],
      costs.map(({ name, ratio, ratios: [least, most], ms, measuring }) => [
        name,
        ratio.toFixed(2),
        `${least.toFixed(2)} - ${most.toFixed(2)}`,
        ms.toFixed(2),
        Number.isNaN(measuring) ? '-' : measuring.toFixed(2),
      ]),
    ),
  ].join('\n');
}

function chart(rows: readonly Row[], disturbance: Disturbance) {
  const series = choosers.map((chooser) => ({
    name: chooser,
    points: fitsByDose(rows, disturbance, chooser).map(({ dose, fit }) => [Number(dose), 100 * fit.regret] as const),
  }));
  return lineChart({ title: disturbance.name, x: { label: disturbance.unit }, y: { label: 'regret, %' }, series });
}
