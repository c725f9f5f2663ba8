// How often an island of one tile, at a height of its own, is found: against how far it stands out.
//
// Recorded calm slides, one tile of which is moved: its scores and all its evidence are shifted along z by half the stack, and faded
// towards what they have out of focus. The rest of the slide, noise included, stays as it was recorded.

import { svgFile } from '../src/drawing/plot/drawing.js';
import { lineChart } from '../src/drawing/plot/line-chart.js';
import { contentMask } from '../src/planner/contract/content.js';
import { uniform } from '../src/planner/numeric/seeded.js';
import { replayPlan } from '../src/planner/replay-plan.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { type ScoreCube, withoutLengths } from './harness/record/score-cube.js';
import { slideCube, slides, slideWeight } from './harness/slides/slides.js';

const defaultSeeds = 40;
const calmSlides = ['flat', 'flat-8k', 'tilt-8k', 'step'] as const;
/** How much of its sharpness above blur the island keeps. */
const strengths = [0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1] as const;

type Row = {
  readonly slide: string;
  readonly evidence: 'lengths' | 'none';
  readonly strength: number;
  /** Share of runs that give the island the plane it has, or one beside it. */
  readonly found: number;
  /** Share of runs in which the island has content (above 1.2 x the 10th percentile of best F). */
  readonly content: number;
  readonly cost: number;
};

export const island: Experiment = {
  question: 'Is an island of one tile, at a height of its own, found?',
  async run({ quick, seeds = quick ? 5 : defaultSeeds, signal, each }) {
    const calm = slides.filter(({ name }) => calmSlides.some((other) => other === name));
    const found = await each(calm, { name: ({ name }) => name, weight: slideWeight }, async (slide) => {
      const cube = await slideCube(slide, signal);
      if (!cube) return undefined;
      const rows: Row[] = [];
      for (const evidence of ['lengths', 'none'] as const) {
        for (const strength of strengths) {
          const runs = Array.from({ length: seeds }, (_, i) => seek(cube, evidence, strength, i + 1));
          rows.push({
            slide: slide.name,
            evidence,
            strength,
            found: mean(runs.map(({ found }) => (found ? 1 : 0))),
            content: mean(runs.map(({ content }) => (content ? 1 : 0))),
            cost: mean(runs.map(({ cost }) => cost)),
          });
        }
      }
      return rows;
    });
    const rows = found.flat();
    const groups = calmSlides.flatMap((slide) =>
      (['lengths', 'none'] as const).map((evidence) => ({
        name: `${slide}, ${evidence === 'lengths' ? 'lengths' : 'no lengths'}`,
        own: rows.filter((row) => row.slide === slide && row.evidence === evidence),
      })),
    );
    const text = [
      'Share of runs in which the island is found, %, by the sharpness above blur that it keeps; in brackets the share of runs in which',
      'it counts as a tile with content.\n',
      table(
        ['slide', ...strengths.map(String)],
        groups.map(({ name, own }) => [
          name,
          ...own.map(({ found, content }) => `${percent(found, 0)} (${percent(content, 0)})`),
        ]),
      ),
      '\nCost, %\n',
      table(
        ['slide', ...strengths.map(String)],
        groups.map(({ name, own }) => [name, ...own.map(({ cost }) => percent(cost))]),
      ),
    ].join('\n');
    const title = 'Islands of one tile that are found, %';
    const series = groups.map(({ name, own }) => ({
      name,
      points: own.map(({ strength, found }) => [strength, 100 * found] as const),
    }));
    const x = { label: 'sharpness above blur that the island keeps', log: true };
    const y = { label: 'found, %', range: [0, 100] as const };
    return {
      slides: calmSlides,
      seeds,
      settings: { strengths },
      data: { rows },
      text,
      pictures: { island: svgFile(lineChart({ title, x, y, series }), title) },
    };
  },
};

function seek(cube: ScoreCube, evidence: Row['evidence'], strength: number, seed: number) {
  const { planeCount } = cube.problem;
  const content = contentMask(cube.scores, planeCount);
  const candidates = [...content.keys()].filter((tile) => content[tile]);
  const tile = candidates[Math.floor(uniform(seed, 71) * candidates.length)];
  const moved = withIsland(cube, tile, strength);
  const { outcome, cost } = replayPlan(evidence === 'lengths' ? moved : withoutLengths(moved), 'adaptive', { seed });
  const curve = Array.from(moved.scores.subarray(tile * planeCount, (tile + 1) * planeCount));
  const height = curve.indexOf(Math.max(...curve));
  const found = Math.abs(outcome.depthMap.planes[tile] - height) <= 1;
  return { found, cost, content: contentMask(moved.scores, planeCount)[tile] === 1 };
}

/** The cube with one tile raised by half the stack, or lowered where there is no room above it. */
function withIsland(cube: ScoreCube, tile: number, strength: number): ScoreCube {
  const { problem, scores } = cube;
  const { planeCount, lengths } = problem;
  const curve = Array.from(scores.subarray(tile * planeCount, (tile + 1) * planeCount));
  const height = curve.indexOf(Math.max(...curve));
  const half = Math.floor(planeCount / 2);
  const shift = height + half < planeCount ? half : -half;
  const move = (numbers: Float64Array, slot: (plane: number) => number) => {
    const moved = numbers.slice();
    const own = Array.from({ length: planeCount }, (_, plane) => numbers[slot(plane)]);
    const blurred = Math.min(...own);
    for (let plane = 0; plane < planeCount; plane++) {
      const from = Math.min(planeCount - 1, Math.max(0, plane - shift));
      moved[slot(plane)] = blurred + strength * (own[from] - blurred);
    }
    return moved;
  };
  const byTile = (plane: number) => tile * planeCount + plane;
  const tiles = scores.length / planeCount;
  const byPlane = (plane: number) => plane * tiles + tile;
  return {
    ...cube,
    scores: move(scores, byTile),
    evidence: new Map(Array.from(cube.evidence, ([level, numbers]) => [level, move(numbers, byTile)])),
    problem: {
      ...problem,
      lengths: lengths.comparable ? { comparable: true, bytes: move(lengths.bytes, byPlane) } : lengths,
    },
  };
}
