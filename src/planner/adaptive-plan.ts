// The default: coarse to fine over evidence, looks spent where the expected loss is largest, and a map that knows how good it is.
//
//   survey     evidence that sees every tile: compressed lengths, or pixels of a coarser level
//   calibrate  a few tiles scored on all planes tell what the evidence is worth
//   search     looks, best first, until what is still expected to be lost is within the target
//   audit      tiles drawn at random tell how good the map is; not good enough: tighten, go on, in the limit to exhaustive
//   repair     glass takes its neighbours' plane

import { auditMap, auditSizes } from './audit/audit-map.js';
import { meetsTarget } from './contract/accuracy.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { type Asking, roundSize, ScoreBoard } from './contract/score-table.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import { finishPlan } from './finish-plan.js';
import { Sample, sampleSize } from './model/sample.js';
import { quadtreePlan } from './quadtree-plan.js';
import { searchBestFirst } from './search/best-first.js';
import { chooseSurvey, trust } from './survey/choose-survey.js';

/** An audit that missed the target tightens what is allowed to this part at most, and to that at least. */
const tightening = { most: 0.7, least: 0.3 };

/** After this many audits that missed the target, evidence is not believed any more: all that is left is looked at. */
const patience = 12;
/** Where calibration and audit take more than this share of all looks, all of them are taken. */
const wholeShare = 0.5;

/** See the head of this page. */
export function* adaptivePlan(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const { target, seed, maxCost, prove, safety } = options;
  // A level to survey is no level to be content with: whatever is taken whole is taken at the decision level
  const whole = { ...options, scoreLevel: undefined };
  if (maxCost >= 1 && (problem.planeCount === 1 || target >= 1)) return yield* exhaustivePlan(problem, whole);
  const board = new ScoreBoard(problem, options.subsample);
  const sample = new Sample(board, seed);
  const count = sampleSize(board, options);
  // On a handful of tiles, calibrating and auditing alone would look at nearly all of them
  if (board.costOf(2 * count * problem.planeCount) > wholeShare && maxCost >= 1)
    return yield* exhaustivePlan(problem, whole);

  // Survey and calibrate; without any evidence, looks are all there is
  let allowed = safety * (1 - target);
  let trusted = yield* chooseSurvey(board, sample, count, allowed, options);
  if (!trusted) return yield* withoutEvidence(problem, options);

  // Search and audit, until it is good enough or nothing more can be done
  for (let attempt = 1; ; attempt++) {
    const affordable = Math.floor(board.looksWithin(maxCost) / problem.planeCount);
    const audits = Math.min(prove ? count * attempt : count, affordable);
    const mostForSearch = maxCost - board.costOf(audits * problem.planeCount);
    const searched = yield* searchBestFirst(board, trusted, allowed * trusted.belief.weights.whole, mostForSearch);
    yield* sample.draw(auditSizes(board, searched, sample), audits, 'audit');
    const accuracy = auditMap(board, searched, sample);
    const met = count > 0 && meetsTarget(accuracy, options);
    if (met || board.isWhole || board.looksWithin(maxCost) < problem.planeCount) {
      return finishPlan(board, searched, accuracy, trusted.survey, sample, options, met);
    }
    const missed = (1 - target) / Math.max(1e-9, 1 - accuracy.retained);
    allowed *= Math.min(tightening.most, Math.max(tightening.least, missed));
    if (attempt >= patience) yield* lookAtTheRest(board, maxCost);
    trusted = trust(trusted.survey, board, sample);
  }
}

/** Corners of cells are all there is to go by; where that is not good enough, every tile is looked at. */
function* withoutEvidence(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const sparse = yield* quadtreePlan(problem, options);
  if (sparse.targetMet || options.maxCost < 1) return sparse;
  return yield* exhaustivePlan(problem, { ...options, scoreLevel: undefined }, sparse.scores);
}

/** All tiles that are not known on all planes, as many as may be paid. */
function* lookAtTheRest(board: ScoreBoard, maxCost: number): Asking {
  const { planeCount } = board.problem;
  const perRound = Math.ceil(roundSize / planeCount);
  let affordable = Math.floor(board.looksWithin(maxCost) / planeCount);
  let round: number[] = [];
  for (let tile = 0; tile < board.tiles && affordable > 0; tile++) {
    if (board.isComplete(tile)) continue;
    round.push(tile);
    affordable--;
    if (round.length < perRound) continue;
    yield* board.lookAtAllPlanes(round, 'search');
    round = [];
  }
  yield* board.lookAtAllPlanes(round, 'search');
}
