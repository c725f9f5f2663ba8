// From the last belief to the outcome: planes, glass calmed, how sure each is, and what there is to say.
import { type AccuracyEstimate, contentMask, exactAccuracy } from './contract/accuracy.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanOutcome } from './contract/plan-rounds.js';
import type { ScoreBoard } from './contract/score-table.js';
import { pinDown } from './model/condition-on-scores.js';
import type { Forecast } from './model/forecast.js';
import type { Sample } from './model/sample.js';
import { rateLooked } from './model/slide-model.js';
import type { Survey } from './model/survey-evidence.js';
import type { Outlooks } from './model/tile-risks.js';
import { sumOf } from './numeric/sum.js';
import { calmGlass } from './repair/smooth-background.js';
import type { Searched } from './search/best-first.js';

/** Of the loss that the target allows, what calming glass may risk at worst: were it content, and its plane the least sharp. */
const calming = 1;

export function finishPlan(
  board: ScoreBoard,
  { belief, views }: Searched,
  accuracy: AccuracyEstimate,
  survey: Survey,
  sample: Sample,
  { target }: PlanOptions,
  targetMet: boolean,
): PlanOutcome {
  const { fit, weights, kappa } = belief;
  const { scores } = board;
  rateLooked(board, belief, views, sample.tiles); // the audit has seen more
  const planes = calmGlass(board, views, weights, calming * (1 - target) * weights.whole);
  const depthMap = board.depthMap(planes, confidences(views, planes));
  return {
    depthMap,
    scores,
    curves: curvesOf(board, belief.forecast),
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
    return { accuracy, content, tilesWithContent: Math.round(sumOf(content)) };
  }
  const exact = exactAccuracy(scores, planeCount, planes);
  return {
    accuracy: exact,
    content: Float64Array.from(contentMask(scores, planeCount)),
    tilesWithContent: exact.tiles,
  };
}

/** How likely each plane is the sharpest; 0 where glass took the plane of its neighbours. */
function confidences({ plane, doubt }: Outlooks, planes: Uint16Array): Float32Array {
  const sure = new Float32Array(planes.length);
  for (let tile = 0; tile < planes.length; tile++) if (plane[tile] === planes[tile]) sure[tile] = 1 - doubt[tile];
  return sure;
}

/** Where nobody looked the curve is as it was foretold. The array of the forecast, which is of no use any more, becomes that of the curves. */
function curvesOf(board: ScoreBoard, { logF }: Forecast): Float64Array {
  pinDown(logF, board.scores, board.lookedTiles, board.problem.planeCount);
  return logF;
}
