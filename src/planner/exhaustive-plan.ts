// The oracle: every tile on every plane; the sharpest plane wins, the lowest index on a tie.
import { findLevel } from '../slide/pyramid.js';
import { tileCount } from '../slide/tile-grid.js';
import { exactAccuracy, unknownAccuracy } from './contract/accuracy.js';
import { contentMask } from './contract/content.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanOutcome, PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { type Look, roundSize, ScoreTable } from './contract/score-table.js';
import { logScore } from './model/log-score.js';
import { sumOf } from './numeric/sum.js';

/**
 * Scores all, at the decision level or, with `scoreLevel`, at a coarser one. `earlierScores` [tile][plane] of the decision level are
 * those of a plan before: they are not asked again.
 */
export function* exhaustivePlan(
  problem: PlanProblem,
  { scoreLevel, subsample }: PlanOptions,
  earlierScores?: Float64Array,
): PlanRounds {
  const table = new ScoreTable(problem, subsample);
  if (problem.planeCount === 1) return onePlane(table);
  if (earlierScores) table.recall(earlierScores);
  const { planeCount } = problem;
  const coarse = scoreLevel === undefined ? undefined : findLevel(problem.coarser, scoreLevel);
  for (const looks of rounds(tileCount((coarse ?? problem.level).grid), planeCount)) {
    if (coarse) yield* table.survey(coarse, looks, table.scores);
    else yield* table.score(looks, 'search');
  }
  const planes = Uint16Array.from({ length: table.tiles }, (_, tile) => table.bestScored(tile) ?? 0);
  const content = Float64Array.from(contentMask(table.scores, planeCount));
  const accuracy = exactAccuracy(table.scores, planeCount, planes);
  return {
    depthMap: table.depthMap(planes, new Float32Array(table.tiles).fill(1)),
    scores: table.scores,
    curves: table.scores.map(logScore),
    content,
    accuracy,
    tilesWithContent: sumOf(content),
    targetMet: true,
    notes: coarse ? [`scored at level ${coarse.level}: the accuracy is relative to that level`] : [],
  };
}

/** One plane leaves nothing to choose: nothing is scored. */
function onePlane(table: ScoreTable): PlanOutcome {
  const sure = new Float32Array(table.tiles).fill(1);
  return {
    depthMap: table.depthMap(new Uint16Array(table.tiles), sure),
    scores: table.scores,
    curves: table.scores,
    content: new Float64Array(table.tiles),
    accuracy: unknownAccuracy('exhaustive'),
    tilesWithContent: 0,
    targetMet: true,
    notes: [],
  };
}

function* rounds(tiles: number, planeCount: number): Generator<Look[]> {
  const perRound = Math.max(1, Math.floor(roundSize / planeCount));
  for (let start = 0; start < tiles; start += perRound) {
    const looks: Look[] = [];
    for (let tile = start; tile < Math.min(start + perRound, tiles); tile++) {
      for (let plane = 0; plane < planeCount; plane++) looks.push({ tile, plane });
    }
    yield looks;
  }
}
