// From the last belief to the outcome: planes, glass calmed, how sure each is, and what there is to say.
import { type AccuracyEstimate, contentMask, exactAccuracy } from './accuracy.js';
import { type Belief, countedWhole, outlooks } from './belief.js';
import { expectedCurve } from './focus-curve.js';
import type { Forecast } from './forecast.js';
import type { PlanOptions } from './plan-options.js';
import type { PlanOutcome } from './plan-rounds.js';
import { calmGlass } from './repair.js';
import type { ScoreBoard } from './score-board.js';
import type { Survey } from './survey.js';

/** Of the loss that the target allows, what calming glass may risk at worst: were it content, and its plane the least sharp. */
const calming = 1;

export function finishPlan(
  board: ScoreBoard,
  belief: Belief,
  accuracy: AccuracyEstimate,
  survey: Survey,
  { target }: PlanOptions,
  targetMet: boolean,
): PlanOutcome {
  const { forecast, fit, weights, kappa } = belief;
  const { scores } = board;
  const views = outlooks(board, forecast);
  const planes = calmGlass(board, views, weights, calming * (1 - target) * countedWhole(belief));
  const confidence = Float32Array.from(views, ({ plane, doubt }, tile) => (plane === planes[tile] ? 1 - doubt : 0));
  return {
    depthMap: board.depthMap(planes, confidence),
    scores,
    curves: curvesOf(board, forecast),
    ...whatIsKnown(board, planes, accuracy, weights.content),
    targetMet: targetMet || board.isWhole,
    evidence: { name: survey.name, slope: fit.slope, spread: fit.spread, kappa },
    notes: survey.notes,
  };
}

/** Where every tile was looked at on every plane there is nothing to estimate. */
export function whatIsKnown(
  { isWhole, scores, problem: { planeCount } }: ScoreBoard,
  planes: Uint16Array,
  accuracy: AccuracyEstimate,
  content: Float64Array,
): Pick<PlanOutcome, 'accuracy' | 'content' | 'tilesWithContent'> {
  if (!isWhole) {
    return { accuracy, content, tilesWithContent: Math.round(content.reduce((sum, share) => sum + share, 0)) };
  }
  const exact = exactAccuracy(scores, planeCount, planes);
  return {
    accuracy: exact,
    content: Float64Array.from(contentMask(scores, planeCount)),
    tilesWithContent: exact.tiles,
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
