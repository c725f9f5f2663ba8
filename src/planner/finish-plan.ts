// From the last model to the outcome: planes, background smoothed, how sure each is, and what there is to say.
import { type AccuracyEstimate, exactAccuracy } from './contract/accuracy.js';
import { contentMask } from './contract/content.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanOutcome } from './contract/plan-rounds.js';
import type { ScoreTable } from './contract/score-table.js';
import { conditionOnScores } from './model/condition-on-scores.js';
import type { Forecast } from './model/forecast.js';
import type { Sample } from './model/sample.js';
import { rateScored } from './model/slide-model.js';
import type { SurveyEvidence } from './model/survey-evidence.js';
import type { TileRisks } from './model/tile-risks.js';
import { sumOf } from './numeric/sum.js';
import { smoothBackground } from './repair/smooth-background.js';
import type { SearchResult } from './search/best-first.js';

/**
 * Of the loss that the target allows, what smoothing the background may risk at worst: were it content, and its plane the least sharp;
 * unmeasured: as much as the target allows.
 */
const smoothingShare = 1;

export function finishPlan(
  table: ScoreTable,
  { model, risks }: SearchResult,
  accuracy: AccuracyEstimate,
  survey: SurveyEvidence,
  sample: Sample,
  { target }: PlanOptions,
  targetMet: boolean,
): PlanOutcome {
  const { fit, weights, lossCalibration } = model;
  const { scores } = table;
  rateScored(table, model, risks, sample.tiles); // the audit has seen more
  const planes = smoothBackground(table, risks, weights, smoothingShare * (1 - target) * weights.total);
  const depthMap = table.depthMap(planes, confidences(risks, planes));
  return {
    depthMap,
    scores,
    curves: curvesOf(table, model.forecast),
    ...exactWhereComplete(table, planes, accuracy, weights.content),
    targetMet: targetMet || table.isComplete,
    evidence: { name: survey.name, slope: fit.slope, spread: fit.spread, kappa: lossCalibration },
    notes: survey.notes,
  };
}

/** Where every tile was scored on every plane there is nothing to estimate. */
export function exactWhereComplete(
  { isComplete, scores, problem: { planeCount } }: ScoreTable,
  planes: Uint16Array,
  accuracy: AccuracyEstimate,
  content: Float64Array,
): Pick<PlanOutcome, 'accuracy' | 'content' | 'tilesWithContent'> {
  if (!isComplete) {
    return { accuracy, content, tilesWithContent: Math.round(sumOf(content)) };
  }
  const known = Float64Array.from(contentMask(scores, planeCount));
  return { accuracy: exactAccuracy(scores, planeCount, planes), content: known, tilesWithContent: sumOf(known) };
}

/** How likely each plane is the sharpest; 0 where background took its neighbours' plane. */
function confidences({ plane, doubt }: TileRisks, planes: Uint16Array): Float32Array {
  const sure = new Float32Array(planes.length);
  for (let tile = 0; tile < planes.length; tile++) if (plane[tile] === planes[tile]) sure[tile] = 1 - doubt[tile];
  return sure;
}

/**
 * Curves as they are predicted, conditioned on the scores. The array of the forecast, which is of no use any more, becomes that of
 * the curves.
 */
function curvesOf(table: ScoreTable, { logF }: Forecast): Float64Array {
  conditionOnScores(logF, table.scores, table.scoredTiles, table.problem.planeCount);
  return logF;
}
