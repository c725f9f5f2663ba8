// An audit for methods that foretell nothing: tiles drawn evenly over the slide.
import { type AccuracyEstimate, contentThreshold } from './accuracy.js';
import { estimateAccuracy } from './audit.js';
import { highestScore } from './content.js';
import { Sample } from './sample.js';
import type { Asking, ScoreBoard } from './score-board.js';

export type UniformAudit = { readonly accuracy: AccuracyEstimate; readonly tilesWithContent: number };

/** Where nothing was lost, one tile might still lose this much of its sharpness. */
const possibleLoss = 0.1;

/** Draws tiles, scores them on all planes, and measures `planes` there. */
export function* auditUniformly(board: ScoreBoard, planes: ArrayLike<number>, seed: number): Asking<UniformAudit> {
  const { planeCount } = board.problem;
  const sample = new Sample(board, seed);
  const count = Math.min(board.tiles, Math.max(8, Math.min(64, Math.round(Math.sqrt(board.tiles)))));
  yield* sample.draw(new Float64Array(board.tiles).fill(1), count, 'audit');
  const { tiles } = sample;
  const best = tiles.map((tile) => highestScore(board.scores, planeCount, tile));
  const border = contentThreshold(best);
  const each = board.tiles / tiles.length;
  const withContent = best.filter((score) => score > border);
  const whole = each * withContent.reduce((sum, score) => sum + score, 0);
  const tilesWithContent = Math.round(each * withContent.length);
  const audited = tiles.map((tile) => ({ tile, inclusion: sample.inclusion[tile], chosen: planes[tile] }));
  const one = possibleLoss * (whole / Math.max(1, tilesWithContent)) * (each - 1);
  const expected = { mean: 1, square: one };
  const accuracy = estimateAccuracy(audited, board.scores, planeCount, border, whole, tilesWithContent, expected);
  return { accuracy, tilesWithContent };
}
