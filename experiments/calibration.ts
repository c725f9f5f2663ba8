// What each kind of evidence is worth when every tile tells: how far its strongest plane lies from the sharpest, and the model's slope
// and spread. The expectations in src/planner/survey/survey.ts come from here.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { bestPlane } from '../src/planner/contract/accuracy.js';
import { contentMask } from '../src/planner/contract/content.js';
import { tileMajor } from '../src/planner/contract/number-table.js';
import { calibrate } from '../src/planner/model/calibration.js';
import { emptyShares, evidenceFrom, strongestPlane, tileNumbers } from '../src/planner/model/evidence.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { byTile } from './harness/record/by-tile.js';
import type { ScoreCube } from './harness/record/score-cube.js';
import { slideCube, slides, slideWeight } from './harness/slides/slides.js';

const kinds = ['lengths', 'level 1', 'level 2', 'level 3'] as const;
type Kind = (typeof kinds)[number];
/** Tells the fit next to nothing: here tiles speak for themselves. */
const expected = { slope: 1.6, spread: 0.08 };

type Row = {
  readonly slide: string;
  readonly real: boolean;
  readonly evidence: Kind;
  /** Mean of (strongest - sharpest) in planes, on tiles with content: which way it leans; and the standard deviation. */
  readonly offset: number;
  readonly offsetSpread: number;
  /** What choosing by it loses, in parts of the sharpness. */
  readonly loss: number;
  readonly slope: number;
  readonly spread: number;
  readonly falloff: number;
  /** Part of an empty tile that is best taken off. */
  readonly share: number;
};

export const calibration: Experiment = {
  question: 'What is each kind of evidence worth: where does it lean, and how much does it leave open?',
  takesSlides: true,
  async run({ quick, own, signal, each }) {
    const known = own ?? (quick ? slides.slice(0, 3) : slides);
    const found = await each(known, { name: ({ name }) => name, weight: slideWeight }, async (slide) => {
      const cube = await slideCube(slide, signal);
      if (!cube) return undefined;
      const rows: Row[] = [];
      for (const evidence of kinds) {
        const numbers = numbersOf(cube, evidence);
        if (numbers)
          rows.push({ slide: slide.name, real: slide.recipe === undefined, evidence, ...worthOf(cube, numbers) });
      }
      return rows;
    });
    const rows = found.flat();
    const groups = [false, true].flatMap((real) =>
      kinds.map((evidence) => {
        const own = rows.filter((row) => row.real === real && row.evidence === evidence);
        const average = (of: (row: Row) => number) => mean(own.map(of));
        return {
          slides: real ? 'real' : 'synthetic',
          evidence,
          offset: average(({ offset }) => offset),
          offsetSpread: average(({ offsetSpread }) => offsetSpread),
          loss: average(({ loss }) => loss),
          slope: average(({ slope }) => slope),
          spread: average(({ spread }) => spread),
          falloff: average(({ falloff }) => falloff),
        };
      }),
    );
    const text = [
      'Tiles with content. Offset: strongest minus sharpest plane, mean and standard deviation. Loss: of choosing by the evidence alone.',
      'Slope: log F per unit of log evidence. Spread: of log F from plane to plane that stays open, on a tile of mean content.\n',
      table(
        ['slides', 'evidence', 'offset', '+-', 'loss %', 'slope', 'spread', 'falloff'],
        groups.map((row) => [row.slides, row.evidence, ...figures(row)]),
      ),
      '\nBy slide\n',
      table(
        ['slide', 'evidence', 'offset', '+-', 'loss %', 'slope', 'spread', 'falloff', 'empty share'],
        rows.map((row) => [row.slide, row.evidence, ...figures(row), row.share]),
      ),
    ].join('\n');
    const title = 'What evidence leaves open, against what it loses alone';
    const series = kinds.map((evidence) => ({
      name: evidence,
      joined: false,
      points: rows
        .filter((row) => row.evidence === evidence)
        .map(({ spread, loss }) => [spread, Math.max(loss, 1e-5)] as const),
    }));
    const x = { label: 'spread of log F a plane', log: true };
    const y = { label: 'sharpness lost', log: true };
    return {
      slides: known.map(({ name }) => name),
      seeds: 0,
      settings: { expected },
      data: { groups, rows },
      text,
      pictures: { calibration: svgFile(lineChart({ title, x, y, series }), title) },
    };
  },
};

function figures({
  offset,
  offsetSpread,
  loss,
  slope,
  spread,
  falloff,
}: Omit<Row, 'slide' | 'real' | 'evidence' | 'share'>) {
  return [
    offset.toFixed(2),
    offsetSpread.toFixed(2),
    percent(loss, 2),
    slope.toFixed(2),
    spread.toFixed(3),
    falloff.toFixed(2),
  ];
}

function numbersOf({ problem: { lengths, planeCount }, evidence }: ScoreCube, kind: Kind): Float64Array | undefined {
  if (kind === 'lengths') return lengths.comparable ? byTile(lengths.bytes, planeCount) : undefined;
  return evidence.get(Number(kind.slice('level '.length)));
}

function worthOf({ scores, problem: { planeCount } }: ScoreCube, numbers: Float64Array) {
  const content = contentMask(scores, planeCount);
  const tiles = [...content.keys()].filter((tile) => content[tile] && numbers[tile * planeCount] > 0);
  const offsets: number[] = [];
  let kept = 0;
  let possible = 0;
  for (const tile of tiles) {
    const best = bestPlane(scores, planeCount, tile);
    const strongest = strongestPlane(numbers, planeCount, tile);
    offsets.push(strongest - best);
    kept += scores[tile * planeCount + strongest];
    possible += scores[tile * planeCount + best];
  }
  const all = tileMajor(numbers, planeCount);
  const { empty } = tileNumbers(all);
  const fits = emptyShares.map((share) => {
    const { slope, spread, falloff, likelihood } = calibrate(
      evidenceFrom(all, empty, share),
      scores,
      planeCount,
      tiles,
      expected,
    );
    return { slope, spread, falloff, likelihood, share };
  });
  const { likelihood: _, ...fit } = fits.reduce((best, other) => (other.likelihood > best.likelihood ? other : best));
  const offset = mean(offsets);
  const offsetSpread = Math.sqrt(mean(offsets.map((each) => (each - offset) ** 2)));
  return { offset, offsetSpread, loss: 1 - kept / possible, ...fit };
}
