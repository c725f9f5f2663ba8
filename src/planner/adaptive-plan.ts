// The default: coarse to fine over evidence, looks spent where the expected loss is largest, and a map that knows how good it is.
//
//   survey     evidence that sees every tile: compressed lengths, or pixels of a coarser level
//   calibrate  a few tiles scored on all planes tell what the evidence is worth
//   search     looks, best first, until what is still expected to be lost is within the target
//   audit      tiles drawn at random tell how good the map is; not good enough: tighten, go on
//   repair     glass takes its neighbours' plane
import { auditMap, auditSizes } from './audit-map.js';
import { believe } from './believe.js';
import { countedWhole, outlooks, searchBestFirst } from './best-first.js';
import type { PlanOptions } from './plan-options.js';
import type { PlanProblem, PlanRounds } from './plan-rounds.js';
import { calmGlass } from './repair.js';
import { Sample } from './sample.js';
import { ScoreBoard } from './score-board.js';
import { type Survey, surveyedLevel, surveyLengths, surveyLevel } from './survey.js';

/** See the head of this page. */
export function* adaptivePlan(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const { planeCount, lengths } = problem;
  const { target, seed, maxCost, safety } = options;
  const board = new ScoreBoard(problem, options.subsample);
  const notes: string[] = [];

  // Survey
  let survey: Survey;
  if (lengths.comparable && options.scoreLevel === undefined) survey = surveyLengths(lengths.bytes, planeCount);
  else {
    const level = surveyedLevel(board, options.scoreLevel);
    if (!level) throw new RangeError('no survey');
    survey = yield* surveyLevel(board, level);
  }

  // Calibrate
  const sample = new Sample(board);
  const count = sampleSize(board.tiles);
  yield* sample.draw(calibrationSizes(survey, board.tiles, planeCount), count, seed, 'calibrate');

  // Search, audit, and again until it is good enough
  let allowed = (1 - target) * safety;
  for (let attempt = 1; ; attempt++) {
    const before = believe(survey, board, sample.tiles);
    const { leastSaving, kappa } = yield* searchBestFirst(board, before, allowed * countedWhole(before), maxCost);
    const belief = { ...before, kappa };
    yield* sample.draw(auditSizes(board, belief, leastSaving, sample.tiles), count, seed + 1000 * attempt, 'audit');
    const accuracy = auditMap(board, belief, leastSaving, sample);
    const enough = (options.prove ? accuracy.retainedInterval[0] : accuracy.retained) >= target;
    if (enough || attempt >= options.mostAudits || board.looksWithin(1) === 0) {
      const views = outlooks(board, belief.model);
      const planes = calmGlass(
        problem.level.grid,
        views,
        belief.weights,
        board.looked,
        noiseFloor(board),
        0.5 * (1 - target) * countedWhole(belief),
      );
      return {
        depthMap: board.depthMap(
          planes,
          Float32Array.from(views, ({ plane, doubt }, tile) => (plane === planes[tile] ? 1 - doubt : 0)),
        ),
        scores: board.scores,
        accuracy,
        tilesWithContent: Math.round(belief.weights.content.reduce((sum, q) => sum + q, 0)),
        targetMet: enough,
        notes: [
          ...notes,
          JSON.stringify({
            survey: survey.name,
            slope: belief.model.slope,
            spread: belief.model.spread,
            falloff: belief.model.falloff,
            kappa: belief.kappa,
            attempt,
          }),
        ],
      };
    }
    allowed *= Math.max(0.3, Math.min(1, (1 - target) / Math.max(1e-9, 1 - accuracy.retained)));
  }
}

/** Tiles drawn for calibration, and for an audit. */
function sampleSize(tiles: number): number {
  return Math.min(tiles, Math.max(4, Math.min(32, Math.round(0.4 * Math.sqrt(tiles)))));
}

/** Calibration tiles: likelier where there is more content, never impossible. */
function calibrationSizes({ candidates: [evidence] }: Survey, tiles: number, planeCount: number): Float64Array {
  const sizes = Float64Array.from({ length: tiles }, (_, tile) => {
    let strongest = 0;
    for (let plane = 0; plane < planeCount; plane++)
      strongest = Math.max(strongest, evidence[tile * planeCount + plane] || 0);
    return Math.exp(strongest / 2);
  });
  const median = sizes.slice().sort()[tiles >> 1];
  return sizes.map((size) => Math.max(size, 0.1 * median));
}

/** The least F seen on any plane of a tile: what noise alone gives. */
function noiseFloor({ scores }: ScoreBoard): number {
  let least = Number.POSITIVE_INFINITY;
  for (const score of scores) if (score < least) least = score;
  return Number.isFinite(least) ? least : 0;
}
