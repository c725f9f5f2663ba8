// The oracle: every tile on every plane; the sharpest plane wins, the lowest index on a tie.
import { findLevel } from '../slide/pyramid.js';
import { tileCount } from '../slide/tile-grid.js';
import { contentMask, exactAccuracy } from './contract/accuracy.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { type Look, roundSize, ScoreBoard } from './contract/score-table.js';
import { logScore } from './model/log-score.js';

/**
 * Scores all, at the decision level or, with `scoreLevel`, at a coarser one. `known` are scores [tile][plane] of the decision level that
 * a plan before has seen: they are not asked again.
 */
export function* exhaustivePlan(
  problem: PlanProblem,
  { scoreLevel, subsample }: PlanOptions,
  known?: Float64Array,
): PlanRounds {
  const board = new ScoreBoard(problem, subsample);
  if (known) board.recall(known);
  const { planeCount } = problem;
  const coarse = scoreLevel === undefined ? undefined : findLevel(problem.coarser, scoreLevel);
  for (const looks of rounds(tileCount((coarse ?? problem.level).grid), planeCount)) {
    if (coarse) yield* board.survey(coarse, looks, board.scores);
    else yield* board.look(looks, 'search');
  }
  const planes = Uint16Array.from({ length: board.tiles }, (_, tile) => board.bestLooked(tile) ?? 0);
  const accuracy = exactAccuracy(board.scores, planeCount, planes);
  return {
    depthMap: board.depthMap(planes, new Float32Array(board.tiles).fill(1)),
    scores: board.scores,
    curves: board.scores.map(logScore),
    content: Float64Array.from(contentMask(board.scores, planeCount)),
    accuracy,
    tilesWithContent: accuracy.tiles,
    targetMet: true,
    notes: coarse ? [`scored at level ${coarse.level}: the accuracy is relative to that level`] : [],
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
