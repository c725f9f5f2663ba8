// An audit for methods that predict nothing: tiles drawn evenly over the slide.
import { type AccuracyEstimate, contentThreshold } from '../contract/accuracy.js';
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { highestScore } from '../model/content.js';
import { Sample } from '../model/sample.js';
import { estimateAccuracy } from './estimate-accuracy.js';

export type UniformAudit = { readonly accuracy: AccuracyEstimate; readonly tilesWithContent: number };

/** What there is to say where no tile could be drawn, and all is unmeasured. */
const unknownAccuracy: AccuracyEstimate = {
  kind: 'audit',
  tiles: 0,
  agreement: 0,
  withinOne: 0,
  retained: 0,
  retainedInterval: [0, 1],
  worst: 0,
};

/** Where nothing was lost, one tile might still lose this part of its sharpness; unmeasured. */
const possibleLoss = 0.1;
/** Of a limited cost, what an audit may take; unmeasured: the search needs the rest. */
const partOfCost = 0.3;

/** Tiles drawn: the square root of all, but so many at least and at most; unmeasured. */
const drawn = { min: 8, max: 64 };

/** How many tiles are drawn, no more than `maxCost` leaves room for. */
export function auditSize(table: ScoreTable, maxCost: number): number {
  const wanted = Math.max(drawn.min, Math.min(drawn.max, Math.round(Math.sqrt(table.tiles))));
  const affordable = Math.floor((partOfCost * table.looksWithin(maxCost)) / table.problem.planeCount);
  return Math.min(table.tiles, wanted, affordable);
}

/** Draws `count` tiles, scores them on all planes, and measures there `planes`, chosen before the draw. */
export function* auditUniformly(
  table: ScoreTable,
  planes: ArrayLike<number>,
  seed: number,
  count: number,
): PlanStep<UniformAudit> {
  if (count === 0) return { accuracy: unknownAccuracy, tilesWithContent: 0 };
  const { planeCount } = table.problem;
  const sample = new Sample(table, seed);
  yield* sample.draw(new Float64Array(table.tiles).fill(1), count, 'audit');
  const { tiles } = sample;
  const best = tiles.map((tile) => highestScore(table.scores, planeCount, tile));
  const border = contentThreshold(best);
  const each = table.tiles / tiles.length;
  const withContent = best.filter((score) => score > border);
  const total = each * withContent.reduce((sum, score) => sum + score, 0);
  const tilesWithContent = Math.round(each * withContent.length);
  const audited = tiles.map((tile) => ({
    tile,
    inclusionProbability: sample.inclusionProbability[tile],
    chosen: planes[tile],
  }));
  const one = possibleLoss * (total / Math.max(1, tilesWithContent)) * (each - 1);
  const expected = { mean: 1, square: one };
  const accuracy = estimateAccuracy(audited, table.scores, planeCount, border, total, tilesWithContent, expected);
  return { accuracy, tilesWithContent };
}
