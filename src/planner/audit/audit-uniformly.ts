// An audit for methods that predict nothing: tiles drawn evenly over the slide.
import { type AccuracyEstimate, unknownAccuracy } from '../contract/accuracy.js';
import { contentRule, hasContent } from '../contract/content.js';
import { rowsOf, tileMajor } from '../contract/number-table.js';
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { highestScore } from '../model/content.js';
import { Sample } from '../model/sample.js';
import { sumOf } from '../numeric/sum.js';
import { estimateAccuracy } from './estimate-accuracy.js';

export type UniformAudit = { readonly accuracy: AccuracyEstimate; readonly tilesWithContent: number };

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
  if (count === 0) return { accuracy: unknownAccuracy('audit'), tilesWithContent: 0 };
  const { planeCount } = table.problem;
  const sample = new Sample(table, seed);
  yield* sample.draw(new Float64Array(table.tiles).fill(1), count, 'audit');
  const { tiles } = sample;
  const rule = contentRule(rowsOf(tileMajor(table.scores, planeCount), tiles), planeCount);
  const each = table.tiles / tiles.length;
  const withContent = tiles.filter((tile) => hasContent(table.scores, planeCount, tile, rule));
  const best = withContent.map((tile) => highestScore(table.scores, planeCount, tile));
  const total = each * sumOf(Float64Array.from(best));
  const tilesWithContent = Math.round(each * withContent.length);
  const audited = tiles.map((tile) => ({
    tile,
    inclusionProbability: sample.inclusionProbability[tile],
    chosen: planes[tile],
  }));
  const one = possibleLoss * (total / Math.max(1, tilesWithContent)) * (each - 1);
  const expected = { mean: 1, square: one };
  const accuracy = estimateAccuracy(audited, table.scores, planeCount, rule, total, tilesWithContent, expected);
  return { accuracy, tilesWithContent };
}
