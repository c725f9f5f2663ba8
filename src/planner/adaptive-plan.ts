// The default: cheap evidence of every tile first, then looks at the tiles whose evidence is undecided, then an audit.
import { auditUniformly } from './audit.js';
import { lengthEvidence } from './evidence.js';
import { OpinionSampler } from './opinion-sampler.js';
import type { PlanOptions } from './plan-options.js';
import type { PlanProblem, PlanRounds } from './plan-rounds.js';
import { planeSet } from './plane-set.js';
import { fillFromNeighbours } from './repair.js';
import { ScoreBoard } from './score-board.js';
import { searchOutwards } from './search-outwards.js';

/** Planes whose evidence is this close to the best stay in play. */
const undecided = 0.05;
const quietContrast = 0.01;

/** See the head of this page. */
export function* adaptivePlan(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const { planeCount } = problem;
  const board = new ScoreBoard(problem, options.subsample);
  const notes: string[] = [];

  // Survey
  let opinionOf: (tile: number) => ReturnType<typeof planeSet>;
  if (problem.lengths.comparable) {
    const evidence = lengthEvidence(problem.lengths.bytes, planeCount);
    opinionOf = (tile) =>
      planeSet(evidence.subarray(tile * planeCount, (tile + 1) * planeCount), undecided, quietContrast);
  } else {
    notes.push(`compressed lengths are not used: ${problem.lengths.reason}`);
    const sampler = new OpinionSampler(board, options.scoreLevel);
    yield* sampler.sample(new Map(Array.from({ length: board.tiles }, (_, tile) => [tile, []])));
    opinionOf = (tile) => sampler.opinion(tile);
  }

  // Search
  const opinions = Array.from({ length: board.tiles }, (_, tile) => opinionOf(tile));
  const searches = opinions.flatMap(({ planes }, tile) => (planes.length > 1 ? [{ tile, start: planes }] : []));
  const curveOf = (tile: number) => board.scores.subarray(tile * planeCount, (tile + 1) * planeCount);
  yield* searchOutwards(searches, planeCount, curveOf, (looks) => board.look(looks, 'search'));

  // Repair and audit
  const planes = opinions.map(({ best }, tile) => board.bestLooked(tile) ?? best ?? -1);
  const chosen = fillFromNeighbours(problem.level.grid, planes);
  const { accuracy, tilesWithContent } = yield* auditUniformly(board, chosen, options.seed);
  return {
    depthMap: board.depthMap(chosen, new Float32Array(board.tiles).fill(accuracy.agreement)),
    scores: board.scores,
    accuracy,
    tilesWithContent,
    targetMet: accuracy.retained >= options.target,
    notes,
  };
}
