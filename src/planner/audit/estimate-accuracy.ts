// How good a map is, estimated from tiles drawn at random and scored on all planes: likelier where loss is still expected, each
// counting by how unlikely its draw was (Horvitz & Thompson, J. Am. Stat. Assoc. 47, 1952).
import { type AccuracyEstimate, bestPlane, unknownAccuracy } from '../contract/accuracy.js';
import { type ContentRule, hasContent } from '../contract/content.js';
import { type ExpectedDraw, rareEventInterval } from '../numeric/rare-events.js';

/** A tile that was drawn and scored on all planes. */
export type AuditedTile = {
  readonly tile: number;
  /** How likely it was to be drawn: above 0, at most 1. */
  readonly inclusionProbability: number;
  /** The plane that the map would name had the tile not been drawn. */
  readonly chosen: number;
};

/**
 * The accuracy of a map. `total` is what all tiles with content count together, `rule` tells which have.
 * Tiles that were drawn are right in the map; what they would have lost stands for the others.
 */
export function estimateAccuracy(
  audited: readonly AuditedTile[],
  scores: Float64Array,
  planeCount: number,
  rule: ContentRule,
  total: number,
  tilesWithContent: number,
  expected: ExpectedDraw,
): AccuracyEstimate {
  let tiles = 0;
  let lost = 0;
  let squares = 0;
  let largest = 0;
  let wrong = 0;
  let far = 0;
  let worst = 1;
  for (const { tile, inclusionProbability, chosen } of audited) {
    const best = bestPlane(scores, planeCount, tile);
    const bestScore = scores[tile * planeCount + best];
    if (!hasContent(scores, planeCount, tile, rule)) continue;
    const chosenScore = scores[tile * planeCount + chosen];
    const others = 1 / inclusionProbability - 1;
    const loss = (bestScore - chosenScore) * others;
    tiles++;
    lost += loss;
    squares += loss * loss;
    largest = Math.max(largest, loss);
    if (chosen !== best) wrong += others;
    if (Math.abs(chosen - best) > 1) far += others;
    worst = Math.min(worst, chosenScore / bestScore);
  }
  if (tiles === 0 || !(total > 0)) return unknownAccuracy('audit');
  const share = (count: number) => Math.max(0, 1 - count / Math.max(1, tilesWithContent));
  // The largest loss observed may have been the only one of its kind, and speak of no other tile.
  const [low] = rareEventInterval(lost - largest, squares - largest * largest, expected);
  const [, high] = rareEventInterval(lost, squares, expected);
  const retained = (loss: number) => Math.max(0, 1 - loss / total);
  return {
    kind: 'audit',
    tiles,
    agreement: share(wrong),
    withinOne: share(far),
    retained: retained(lost),
    retainedInterval: [retained(Math.max(high, lost)), retained(low)],
    worst,
  };
}
