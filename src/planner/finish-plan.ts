// From the last belief to the outcome: planes, glass calmed, how sure each is, and what there is to say.
import { type AccuracyEstimate, exactAccuracy } from './accuracy.js';
import { type Belief, countedWhole, outlooks } from './belief.js';
import { expectedCurve } from './focus-curve.js';
import type { Forecast } from './forecast.js';
import type { PlanOptions } from './plan-options.js';
import type { PlanOutcome } from './plan-rounds.js';
import { calmGlass } from './repair.js';
import type { ScoreBoard } from './score-board.js';
import type { Survey } from './survey.js';

/** Of the loss that the target allows, what calming glass may risk at worst. */
const calming = 0.5;

export function finishPlan(
  board: ScoreBoard,
  belief: Belief,
  accuracy: AccuracyEstimate,
  survey: Survey,
  { target }: PlanOptions,
  targetMet: boolean,
): PlanOutcome {
  const { forecast, fit, weights, kappa } = belief;
  const { problem, scores } = board;
  const views = outlooks(board, forecast);
  const planes = calmGlass(board, views, weights, calming * (1 - target) * countedWhole(belief));
  const confidence = Float32Array.from(views, ({ plane, doubt }, tile) => (plane === planes[tile] ? 1 - doubt : 0));
  return {
    depthMap: board.depthMap(planes, confidence),
    scores,
    curves: curvesOf(board, forecast),
    content: weights.content,
    accuracy: board.isWhole ? exactAccuracy(scores, problem.planeCount, planes) : accuracy,
    tilesWithContent: Math.round(weights.content.reduce((sum, probability) => sum + probability, 0)),
    targetMet: targetMet || board.isWhole,
    evidence: { name: survey.name, slope: fit.slope, spread: fit.spread, kappa },
    notes: survey.notes,
  };
}

function curvesOf(board: ScoreBoard, forecast: Forecast): Float64Array {
  const { planeCount } = board.problem;
  const curves = new Float64Array(board.scores.length);
  for (let tile = 0; tile < board.tiles; tile++) {
    curves.set(expectedCurve(forecast, tile, board.scoresOf(tile)), tile * planeCount);
  }
  return curves;
}
