// The default: coarse to fine over evidence, looks spent where the expected loss is largest, and a map that knows how good it is.
//
//   survey     evidence that sees every tile: compressed lengths, or pixels of a coarser level
//   calibrate  a few tiles scored on all planes tell what the evidence is worth
//   search     looks, best first, until what is still expected to be lost is within the target
//   audit      tiles drawn at random tell how good the map is; not good enough: tighten, go on, in the limit to exhaustive
//   repair     empty background takes its neighbours' plane

import { auditMap, auditWeights } from './audit/audit-map.js';
import { meetsTarget } from './contract/accuracy.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { type PlanStep, roundSize, ScoreTable } from './contract/score-table.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import { finishPlan } from './finish-plan.js';
import { Sample, sampleSize } from './model/sample.js';
import { negligible } from './numeric/negligible.js';
import { quadtreePlan } from './quadtree-plan.js';
import { searchBestFirst } from './search/best-first.js';
import { chooseSurvey, fitSurvey } from './survey/choose-survey.js';

/**
 * An audit that missed the target tightens what is allowed by as much as it was missed: to `max` of it at most, to `min` at least.
 * unmeasured: one bad draw must not drive the search to the end, nor a narrow miss be met again and again.
 */
const tightening = { max: 0.7, min: 0.3 };

/** After this many audits that missed the target, the model is given up: all that is left is scored; unmeasured. */
const maxMissedAudits = 12;
/** A plan that has cost this much of the exhaustive method is carried on to the end: then nothing is left to estimate; unmeasured. */
const nearlyExhaustive = 0.75;
/** Where calibration and audit take more than this share of all looks, the exhaustive method takes them all; unmeasured. */
const exhaustiveShare = 0.5;

/** See the head of this page. */
export function* adaptivePlan(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const { target, seed, maxCost, prove, safety } = options;
  // A level to survey is no level to be content with: what is planned exhaustively is planned at the decision level
  const exhaustiveOptions = { ...options, scoreLevel: undefined };
  if (problem.planeCount === 1 || (maxCost >= 1 && target >= 1))
    return yield* exhaustivePlan(problem, exhaustiveOptions);
  const table = new ScoreTable(problem, options.subsample);
  const sample = new Sample(table, seed);
  const count = sampleSize(table, options);
  // On a handful of tiles, calibrating and auditing alone would look at nearly all of them
  if (table.costOf(2 * count * problem.planeCount) > exhaustiveShare && maxCost >= 1)
    return yield* exhaustivePlan(problem, exhaustiveOptions);

  // Survey and calibrate; without any evidence, looks are all there is
  let allowed = safety * (1 - target);
  let fitted = yield* chooseSurvey(table, sample, count, allowed, options);
  if (!fitted) return yield* withoutEvidence(problem, options);

  // Search and audit, until it is good enough or nothing more can be done
  for (let attempt = 1; ; attempt++) {
    const affordable = Math.floor(table.looksWithin(maxCost) / problem.planeCount);
    const audits = Math.min(prove ? count * attempt : count, affordable);
    const maxSearchCost = maxCost - table.costOf(audits * problem.planeCount);
    const result = yield* searchBestFirst(table, fitted, allowed * fitted.model.weights.total, maxSearchCost);
    yield* sample.draw(auditWeights(table, result, sample), audits, 'audit');
    const accuracy = auditMap(table, result, sample);
    const met = count > 0 && meetsTarget(accuracy, options);
    // Where nothing counts nothing can be estimated, and where little is saved there is nothing to gamble for
    const tellAll = (accuracy.tiles === 0 || table.cost > nearlyExhaustive) && maxCost >= 1;
    if ((met && !tellAll) || table.isComplete || table.looksWithin(maxCost) < problem.planeCount) {
      return finishPlan(table, result, accuracy, fitted.survey, sample, options, met);
    }
    const missed = (1 - target) / Math.max(negligible, 1 - accuracy.retained);
    allowed *= Math.min(tightening.max, Math.max(tightening.min, missed));
    if (tellAll || attempt >= maxMissedAudits) yield* scoreTheRest(table, maxCost);
    fitted = fitSurvey(fitted.survey, table, sample);
  }
}

/** Corners of cells are all there is to go by; where that is not good enough, every tile is scored. */
function* withoutEvidence(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const sparse = yield* quadtreePlan(problem, options);
  if (sparse.targetMet || options.maxCost < 1) return sparse;
  return yield* exhaustivePlan(problem, { ...options, scoreLevel: undefined }, sparse.scores);
}

/** Scores all tiles that were not yet scored on all planes, as many as may be paid. */
function* scoreTheRest(table: ScoreTable, maxCost: number): PlanStep {
  const { planeCount } = table.problem;
  const perRound = Math.ceil(roundSize / planeCount);
  let affordable = Math.floor(table.looksWithin(maxCost) / planeCount);
  let round: number[] = [];
  for (let tile = 0; tile < table.tiles && affordable > 0; tile++) {
    if (table.isTileComplete(tile)) continue;
    round.push(tile);
    affordable--;
    if (round.length < perRound) continue;
    yield* table.scoreAllPlanes(round, 'search');
    round = [];
  }
  yield* table.scoreAllPlanes(round, 'search');
}
