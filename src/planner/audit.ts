// How good a map is, estimated from tiles drawn at random and scored on all planes.

import { type AccuracyEstimate, exactAccuracy } from './accuracy.js';
import type { TileProbe } from './plan-rounds.js';
import type { ScoreBoard } from './score-board.js';
import { uniform } from './seeded.js';

export type Audit = { readonly accuracy: AccuracyEstimate; readonly tilesWithContent: number };

/** Draws tiles evenly over the slide, scores them on all planes, and measures `planes` there. */
export function* auditUniformly(
  board: ScoreBoard,
  planes: ArrayLike<number>,
  seed: number,
): Generator<readonly TileProbe[], Audit, Float64Array> {
  const { planeCount } = board.problem;
  const count = Math.min(board.tiles, Math.max(8, Math.min(48, Math.round(Math.sqrt(board.tiles)))));
  const start = uniform(seed, board.tiles);
  const drawn = Array.from({ length: count }, (_, i) => Math.floor(((i + start) * board.tiles) / count));
  yield* board.lookAtAllPlanes(drawn, 'audit');
  const scores = new Float64Array(count * planeCount);
  for (const [i, tile] of drawn.entries()) {
    scores.set(board.scores.subarray(tile * planeCount, (tile + 1) * planeCount), i * planeCount);
  }
  const chosen = drawn.map((tile) => planes[tile]);
  const { tiles, ...figures } = exactAccuracy(scores, planeCount, chosen);
  // With few tiles, one lost tile more or less is possible: the rule of three (Hanley & Lippman-Hand, JAMA 249, 1983).
  const margin = (3 / Math.max(1, tiles)) * (1 - figures.worst + 0.05);
  const interval = [Math.max(0, figures.retained - margin), Math.min(1, figures.retained + margin)] as const;
  return {
    accuracy: { ...figures, tiles, kind: 'audit', retainedInterval: interval },
    tilesWithContent: Math.round((tiles / count) * board.tiles),
  };
}
