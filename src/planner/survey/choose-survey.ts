// Which survey to trust: the one whose search is foretold to cost least in all, judged on the same calibration tiles.

import type { PlanOptions } from '../contract/plan-options.js';
import type { Asking, ScoreBoard } from '../contract/score-table.js';
import { believe } from '../model/fit-model.js';
import { calibrationSizes, type Sample } from '../model/sample.js';
import { type Belief, lossOutlook, rateTiles, savings } from '../model/slide-model.js';
import type { Survey } from '../model/survey-evidence.js';
import type { Outlooks } from '../model/tile-risks.js';
import { LargestFirst } from '../numeric/largest-first.js';
import { surveyCost, surveyedLevel, surveyLengths } from './survey.js';
import { surveyRecursively } from './survey-recursion.js';

/**
 * Lengths are doubted where searching with them is foretold to cost more than a survey of pixels and this much: what searching after
 * it costs on slides that are hard for both (experiments/accuracy-vs-cost).
 */
const usualSearchCost = 0.2;
/**
 * Or where it is foretold to cost more than this many surveys, and on the calibration tiles choosing by lengths alone loses this much,
 * or they leave open this many times what lengths usually do: of planes of uneven quality they lose 2 to 50 % and leave open 2 to 7
 * times as much (experiments/accuracy-vs-cost). What is foretold of such lengths is too good.
 */
const doubtful = { surveys: 2, blindLoss: 0.01, spreads: 2 };

/** A survey, what calibration tiles teach about it, and what follows for all tiles. */
export type Trusted = { readonly survey: Survey; readonly belief: Belief; readonly views: Outlooks };

/**
 * Surveys and calibrates. Lengths, which cost nothing, come first; where they can't be compared, or where calibration foretells that
 * searching with them is dear, a coarser level is surveyed and the cheaper of both is taken. Undefined where there is no evidence.
 */
export function* chooseSurvey(
  board: ScoreBoard,
  sample: Sample,
  count: number,
  allowed: number,
  { scoreLevel, maxCost }: PlanOptions,
): Asking<Trusted | undefined> {
  const { lengths, planeCount } = board.problem;
  const level = surveyedLevel(board, scoreLevel, maxCost);
  const notes: string[] = [];
  if (scoreLevel === undefined && lengths.comparable) {
    const free = surveyLengths(lengths.bytes, planeCount);
    yield* sample.draw(calibrationSizes(free, board), count, 'calibrate');
    const lengthwise = trust(free, board, sample);
    if (!level) return lengthwise;
    const byLengths = searchCost(board, lengthwise, allowed);
    if (!isDoubtful(byLengths, lengthwise, surveyCost(board, level))) return lengthwise;
    const pixels = yield* surveyRecursively(board, level);
    const pixelwise = trust(pixels, board, sample);
    const byPixels = searchCost(board, pixelwise, allowed);
    if (byLengths <= byPixels) return lengthwise;
    const figures = `${percent(byLengths)} % of all looks foretold with them, ${percent(byPixels)} % with ${pixels.name}`;
    const why = `compressed lengths mislead on this slide and were dropped: ${figures}`;
    return { ...pixelwise, survey: { ...pixels, notes: [why] } };
  }
  if (!lengths.comparable) notes.push(`compressed lengths are not used: ${lengths.reason}`);
  if (!level) return undefined;
  const pixels = yield* surveyRecursively(board, level);
  yield* sample.draw(calibrationSizes(pixels, board), count, 'calibrate');
  const better = yield* completeIfWorthwhile(board, sample, pixels, allowed);
  return { ...better, survey: { ...better.survey, notes } };
}

/** What the tiles drawn so far teach about a survey. */
export function trust(survey: Survey, board: ScoreBoard, sample: Sample): Trusted {
  const belief = believe(survey, board, sample.tiles);
  return { survey, belief, views: rateTiles(board, belief) };
}

function isDoubtful(byLengths: number, { belief, survey }: Trusted, cost: number): boolean {
  if (byLengths > cost + usualSearchCost) return true;
  const { fit, blindLoss } = belief;
  const leavesOpen = fit.spread / survey.sources[0].expected.spread;
  const misleads = blindLoss > doubtful.blindLoss || leavesOpen > doubtful.spreads;
  return misleads && byLengths > doubtful.surveys * cost;
}

/**
 * Completes a survey that was left sparse where searching with what it has is foretold to cost more than completing it, and searching
 * as if every tile were known as well as those of its first source.
 */
function* completeIfWorthwhile(board: ScoreBoard, sample: Sample, survey: Survey, allowed: number): Asking<Trusted> {
  const sparse = trust(survey, board, sample);
  if (!survey.completion) return sparse;
  const { belief } = sparse;
  const { spread } = believe({ ...survey, sources: [survey.sources[0]] }, board, sample.tiles).fit;
  const { forecast } = belief;
  const openness = forecast.openness.map((variance) => Math.min(variance, spread * spread));
  const known = { ...belief, forecast: { ...forecast, openness } };
  const atBest = { belief: known, views: rateTiles(board, known) };
  const saved = searchCost(board, sparse, allowed) - searchCost(board, atBest, allowed);
  return saved > survey.completion.cost ? trust(yield* survey.completion.run(), board, sample) : sparse;
}

/** What the search would cost, in parts of exhaustive, if every look saved what is expected of it. */
function searchCost(board: ScoreBoard, { belief, views }: Pick<Trusted, 'belief' | 'views'>, allowed: number): number {
  const saving = savings(views, belief.weights);
  const candidates = new LargestFirst(saving);
  let excess = lossOutlook(views, belief).mean - allowed * belief.weights.whole;
  let looks = 0;
  for (let tile = candidates.next(); tile >= 0 && excess > 0; tile = candidates.next()) {
    const count = views.lookCount[tile];
    looks += count;
    excess -= belief.kappa * saving[tile] * count;
  }
  return board.costOf(looks);
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
