// Which survey to use: the one whose search is predicted to cost least in all, judged on the same calibration tiles.

import { formatPercent } from '../../system/format-figures.js';
import type { PlanOptions } from '../contract/plan-options.js';
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { fitModel } from '../model/fit-model.js';
import { scoreQuietTiles } from '../model/quiet-tiles.js';
import { type Sample, samplingWeights } from '../model/sample.js';
import { expectedLoss, rateTiles, type SlideModel, savings } from '../model/slide-model.js';
import type { SurveyEvidence } from '../model/survey-evidence.js';
import type { TileRisks } from '../model/tile-risks.js';
import { LargestFirst } from '../numeric/largest-first.js';
import { surveyCost, surveyedLevel, surveyLengths } from './survey.js';
import { surveyRecursively } from './survey-recursion.js';

/**
 * Lengths are doubted where searching with them is predicted to cost more than a survey of pixels and this much: what searching after
 * it costs on slides that are hard for both (experiments/accuracy-vs-cost).
 */
const usualSearchCost = 0.2;
/**
 * Or where it is predicted to cost more than this many surveys, and on the calibration tiles choosing by lengths alone loses this much,
 * or their residual spread is this many times that of lengths elsewhere: of planes of uneven quality they lose 2 to 50 % and have 2 to 7
 * times the spread (experiments/accuracy-vs-cost). What is predicted with such lengths is too good.
 */
const doubtful = { surveys: 2, blindLoss: 0.01, spreads: 2 };

/** A survey, what calibration tiles teach about it, and what follows for all tiles. */
export type FittedSurvey = { readonly survey: SurveyEvidence; readonly model: SlideModel; readonly risks: TileRisks };

/**
 * Surveys and calibrates. Lengths, which cost nothing, come first; where they can't be compared, or where calibration predicts that
 * searching with them is dear, a coarser level is surveyed and the cheaper of both is taken. Undefined where there is no evidence.
 */
export function* chooseSurvey(
  table: ScoreTable,
  sample: Sample,
  count: number,
  allowed: number,
  { scoreLevel, maxCost }: PlanOptions,
): PlanStep<FittedSurvey | undefined> {
  const { lengths, planeCount } = table.problem;
  const level = surveyedLevel(table, scoreLevel, maxCost);
  const notes: string[] = [];
  if (scoreLevel === undefined && lengths.comparable) {
    const free = surveyLengths(lengths.bytes, planeCount);
    yield* sample.draw(samplingWeights(free, table), count, 'calibrate');
    yield* scoreQuietTiles(free, table, maxCost);
    const lengthwise = fitSurvey(free, table, sample);
    if (!level) return lengthwise;
    const byLengths = searchCost(table, lengthwise, allowed);
    if (!isDoubtful(byLengths, lengthwise, surveyCost(table, level))) return lengthwise;
    const pixels = yield* surveyRecursively(table, level);
    const pixelwise = fitSurvey(pixels, table, sample);
    const byPixels = searchCost(table, pixelwise, allowed);
    if (byLengths <= byPixels) return lengthwise;
    const figures = `${formatPercent(byLengths)} of all looks predicted with them, ${formatPercent(byPixels)} with ${pixels.name}`;
    const why = `compressed lengths mislead on this slide and were dropped: ${figures}`;
    return { ...pixelwise, survey: { ...pixels, notes: [why] } };
  }
  if (!lengths.comparable) notes.push(`compressed lengths are not used: ${lengths.reason}`);
  if (!level) return undefined;
  const pixels = yield* surveyRecursively(table, level);
  yield* sample.draw(samplingWeights(pixels, table), count, 'calibrate');
  yield* scoreQuietTiles(pixels, table, maxCost);
  const better = yield* completeIfWorthwhile(table, sample, pixels, allowed);
  return { ...better, survey: { ...better.survey, notes } };
}

/** What the tiles drawn so far teach about a survey. */
export function fitSurvey(survey: SurveyEvidence, table: ScoreTable, sample: Sample): FittedSurvey {
  const model = fitModel(survey, table, sample.tiles);
  return { survey, model, risks: rateTiles(table, model) };
}

function isDoubtful(byLengths: number, { model, survey }: FittedSurvey, cost: number): boolean {
  if (byLengths > cost + usualSearchCost) return true;
  const { fit, blindLoss } = model;
  const leavesOpen = fit.spread / survey.sources[0].expected.spread;
  const misleads = blindLoss > doubtful.blindLoss || leavesOpen > doubtful.spreads;
  return misleads && byLengths > doubtful.surveys * cost;
}

/**
 * Completes a survey that was left sparse where searching with what it has is predicted to cost more than completing it, and searching
 * as if every tile were predicted as well as those of its first source.
 */
function* completeIfWorthwhile(
  table: ScoreTable,
  sample: Sample,
  survey: SurveyEvidence,
  allowed: number,
): PlanStep<FittedSurvey> {
  const sparse = fitSurvey(survey, table, sample);
  if (!survey.completion) return sparse;
  const { model } = sparse;
  const { spread } = fitModel({ ...survey, sources: [survey.sources[0]] }, table, sample.tiles).fit;
  const { forecast } = model;
  const residualVariance = forecast.residualVariance.map((variance) => Math.min(variance, spread * spread));
  const bestCase = { ...model, forecast: { ...forecast, residualVariance } };
  const atBest = { model: bestCase, risks: rateTiles(table, bestCase) };
  const saved = searchCost(table, sparse, allowed) - searchCost(table, atBest, allowed);
  return saved > survey.completion.cost ? fitSurvey(yield* survey.completion.run(), table, sample) : sparse;
}

/** What the search would cost, in parts of exhaustive, if every look saved what is expected of it. */
function searchCost(
  table: ScoreTable,
  { model, risks }: Pick<FittedSurvey, 'model' | 'risks'>,
  allowed: number,
): number {
  const saving = savings(risks, model.weights);
  const candidates = new LargestFirst(saving);
  let excess = expectedLoss(risks, model).mean - allowed * model.weights.total;
  let looks = 0;
  for (let tile = candidates.next(); tile >= 0 && excess > 0; tile = candidates.next()) {
    const count = risks.lookCount[tile];
    looks += count;
    excess -= model.lossCalibration * saving[tile] * count;
  }
  return table.costOf(looks);
}
