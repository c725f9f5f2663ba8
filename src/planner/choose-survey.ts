// Which survey to trust: the one whose search is foretold to cost least in all, judged on the same calibration tiles.

import { type Belief, countedWhole, lossOutlook, rateTiles, savings } from './belief.js';
import { believe } from './believe.js';
import { LargestFirst } from './largest-first.js';
import type { PlanOptions } from './plan-options.js';
import { calibrationSizes, type Sample } from './sample.js';
import type { Asking, ScoreBoard } from './score-board.js';
import { type Survey, surveyCost, surveyedLevel, surveyLengths } from './survey.js';
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
): Asking<Survey | undefined> {
  const { lengths, planeCount } = board.problem;
  const level = surveyedLevel(board, scoreLevel, maxCost);
  const notes: string[] = [];
  if (scoreLevel === undefined && lengths.comparable) {
    const free = surveyLengths(lengths.bytes, planeCount);
    yield* sample.draw(calibrationSizes(free, board), count, 'calibrate');
    const belief = believe(free, board, sample.tiles);
    const byLengths = searchCost(board, belief, allowed);
    if (!level || !isDoubtful(byLengths, belief, free, surveyCost(board, level))) return free;
    const pixels = yield* surveyRecursively(board, level);
    const byPixels = searchCost(board, believe(pixels, board, sample.tiles), allowed);
    if (byLengths <= byPixels) return free;
    const figures = `${percent(byLengths)} % of all looks foretold with them, ${percent(byPixels)} % with ${pixels.name}`;
    return { ...pixels, notes: [`compressed lengths mislead on this slide and were dropped: ${figures}`] };
  }
  if (!lengths.comparable) notes.push(`compressed lengths are not used: ${lengths.reason}`);
  if (!level) return undefined;
  const pixels = yield* surveyRecursively(board, level);
  yield* sample.draw(calibrationSizes(pixels, board), count, 'calibrate');
  const better = yield* completeIfWorthwhile(board, sample, pixels, allowed);
  return { ...better, notes };
}

function isDoubtful(byLengths: number, { blindLoss, fit }: Belief, { sources }: Survey, cost: number): boolean {
  if (byLengths > cost + usualSearchCost) return true;
  const leavesOpen = fit.spread / sources[0].expected.spread;
  const misleads = blindLoss > doubtful.blindLoss || leavesOpen > doubtful.spreads;
  return misleads && byLengths > doubtful.surveys * cost;
}

/**
 * Completes a survey that was left sparse where searching with what it has is foretold to cost more than completing it, and searching
 * as if every tile were known as well as those of its first source.
 */
function* completeIfWorthwhile(board: ScoreBoard, sample: Sample, survey: Survey, allowed: number): Asking<Survey> {
  if (!survey.completion) return survey;
  const belief = believe(survey, board, sample.tiles);
  const [first] = survey.sources;
  const { spread } = believe({ ...survey, sources: [first] }, board, sample.tiles).fit;
  const { forecast } = belief;
  const known = { ...forecast, openness: forecast.openness.map((variance) => Math.min(variance, spread * spread)) };
  const saved = searchCost(board, belief, allowed) - searchCost(board, { ...belief, forecast: known }, allowed);
  return saved > survey.completion.cost ? yield* survey.completion.run() : survey;
}

/** What the search would cost, in parts of exhaustive, if every look saved what is expected of it. */
function searchCost(board: ScoreBoard, belief: Belief, allowed: number): number {
  const views = rateTiles(board, belief);
  const saving = savings(views, belief.weights);
  const candidates = new LargestFirst(saving, 0);
  let excess = lossOutlook(views, belief).mean - allowed * countedWhole(belief);
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
