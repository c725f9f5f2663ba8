// From survey and sample to a belief: which transformation of the evidence is best, what it is worth, what tiles weigh, and how
// losses foretold compare with losses that happened.

import { bestPlane } from './accuracy.js';
import { type Belief, priorEvents } from './belief.js';
import { calibrate, type EvidenceModel } from './calibration.js';
import { weighTiles } from './content.js';
import { type Evidence, leans, straighten, strongestPlane } from './evidence.js';
import { tileOutlook } from './focus-curve.js';
import type { ScoreBoard } from './score-board.js';
import type { Survey } from './survey.js';

/** A lean is believed only if straightening it saves this many standard errors. */
const leanSignificance = 2;
const leastKappa = 0.3;

/** What `tiles`, scored on all planes, teach about the survey. */
export function believe(survey: Survey, board: ScoreBoard, tiles: readonly number[]): Belief {
  const { scores, problem } = board;
  const { planeCount } = problem;
  const fitted = survey.candidates.map((evidence) => calibrate(evidence, scores, planeCount, tiles, survey.expected));
  const plain = fitted.reduce((best, model) => (model.likelihood > best.likelihood ? model : best));
  const evidence = straightened(plain.evidence, scores, planeCount, tiles);
  const model = evidence === plain.evidence ? plain : calibrate(evidence, scores, planeCount, tiles, survey.expected);
  const weights = weighTiles(model.evidence, scores, planeCount, tiles);
  return { model, weights, kappa: observedOverForetold(model, scores, planeCount, tiles, weights.foretold) };
}

/** The evidence without its lean, where the tiles show one. */
function straightened(
  evidence: Evidence,
  scores: Float64Array,
  planeCount: number,
  tiles: readonly number[],
): Evidence {
  const plain = tiles.map((tile) => lossOfStrongest(evidence, scores, planeCount, tile));
  let best = evidence;
  let saved = 0;
  for (const lean of leans) {
    const straight = straighten(evidence, planeCount, lean);
    const savings = tiles.map((tile, i) => plain[i] - lossOfStrongest(straight, scores, planeCount, tile));
    const mean = savings.reduce((sum, saving) => sum + saving, 0) / savings.length;
    const squares = savings.reduce((sum, saving) => sum + (saving - mean) ** 2, 0);
    const error = Math.sqrt(squares / Math.max(1, savings.length - 1) / savings.length);
    if (mean > saved && mean > leanSignificance * error) {
      best = straight;
      saved = mean;
    }
  }
  return best;
}

/** What choosing the strongest plane of a tile would lose, in parts of its best F. */
function lossOfStrongest(evidence: Evidence, scores: Float64Array, planeCount: number, tile: number): number {
  const plane = strongestPlane(evidence, planeCount, tile);
  const best = scores[tile * planeCount + bestPlane(scores, planeCount, tile)];
  return plane < 0 || !(best > 0) ? 0 : 1 - scores[tile * planeCount + plane] / best;
}

function observedOverForetold(
  model: EvidenceModel,
  scores: Float64Array,
  planeCount: number,
  tiles: readonly number[],
  counted: Float64Array,
): number {
  const blank = new Float64Array(planeCount).fill(Number.NaN);
  let observed = 0;
  let foretold = 0;
  let squares = 0;
  for (const tile of tiles) {
    const evidence = model.evidence.subarray(tile * planeCount, (tile + 1) * planeCount);
    const { loss, secondMoment } = tileOutlook({ ...model, evidence }, blank, planeCount, 0);
    observed += counted[tile] * lossOfStrongest(model.evidence, scores, planeCount, tile);
    foretold += counted[tile] * loss;
    squares += counted[tile] ** 2 * secondMoment;
  }
  if (foretold === 0) return 1;
  const prior = (priorEvents * squares) / foretold;
  return Math.max(leastKappa, (observed + prior) / (foretold + prior));
}
