// What a choice by block keeps of the sharpness that there is, told by tiles drawn by chance and scored on all planes.
import type { AccuracyEstimate } from '../contract/accuracy.js';
import { rareEventInterval } from '../numeric/rare-events.js';
import type { SampledTile } from './block-sample.js';
import type { TileChoice } from './decide-tile.js';
import type { BlockScores } from './shortlist.js';

/** A block has content where its focus varies over the planes by more than so many times the noise: as in experiments/eye. */
const contentNoises = 6;
/** Where nothing was lost, one tile might still lose this much of its sharpness. unmeasured. */
const possibleLoss = 0.03;

/** Over blocks with content (NaN where there are none), against the exhaustive method at this grain: every block of every plane is scored. */
export type BlockAccuracy = Pick<AccuracyEstimate, 'kind' | 'retained' | 'retainedInterval' | 'worst'> & {
  /** Tiles that the figures are of, and their blocks with content. */
  readonly tiles: number;
  readonly blocks: number;
  /** What one plane a tile keeps of the same. */
  readonly tileRetained: number;
};

/** A tile that was scored on all planes: what it chose among them, what it would have chosen undrawn, and its plane as a whole. */
export type AuditedBlocks = SampledTile & {
  readonly best: TileChoice;
  readonly chosen: TileChoice;
  readonly own: number;
};

/** `inclusion`: how likely each tile was to be drawn; tiles that were drawn are right in the map. */
export function auditBlocks(audited: readonly AuditedBlocks[], inclusion: number, noise: number): BlockAccuracy {
  const others = 1 / inclusion - 1;
  let blocks = 0;
  let whole = 0;
  let keptByTile = 0;
  let lost = 0;
  let squares = 0;
  let largest = 0;
  let worst = 1;
  for (const { stack, best, chosen, own } of audited) {
    const content = contentBlocks(stack.scores, noise);
    if (content.length === 0) continue;
    const focus = (planeOf: (block: number) => number) =>
      content.reduce((sum, block) => sum + (stack.scores[stack.planes.indexOf(planeOf(block))]?.[block] ?? 0), 0);
    const most = focus((block) => best.blocks[block]);
    const kept = Math.min(
      most,
      focus((block) => chosen.blocks[block]),
    );
    blocks += content.length;
    whole += most;
    keptByTile += Math.min(
      most,
      focus(() => own),
    );
    const loss = (most - kept) * others;
    lost += loss;
    squares += loss * loss;
    largest = Math.max(largest, loss);
    worst = Math.min(worst, kept / most);
  }
  if (!(whole > 0)) return unknown(others > 0 ? 'audit' : 'exhaustive', audited.length);
  const one = ((possibleLoss * whole) / Math.max(1, audited.length)) * others;
  const expected = { mean: 1, square: one };
  // What was found is found: the largest loss may have been the only one of its kind
  const [low] = rareEventInterval(lost - largest, squares - largest * largest, expected);
  const [, high] = rareEventInterval(lost, squares, expected);
  const retained = (loss: number) => Math.max(0, 1 - loss / (whole / inclusion));
  return {
    kind: others > 0 ? 'audit' : 'exhaustive',
    tiles: audited.length,
    blocks,
    retained: retained(lost),
    retainedInterval: [retained(Math.max(high, lost)), retained(low)],
    worst,
    tileRetained: keptByTile / whole,
  };
}

function unknown(kind: BlockAccuracy['kind'], tiles: number): BlockAccuracy {
  const nothing = Number.NaN;
  return {
    kind,
    tiles,
    blocks: 0,
    retained: nothing,
    retainedInterval: [nothing, nothing],
    worst: nothing,
    tileRetained: nothing,
  };
}

function contentBlocks(scores: readonly BlockScores[], noise: number): number[] {
  return Array.from(scores[0] ?? [], (_, block) => block).filter((block) => {
    const values = scores.map((plane) => plane[block]);
    return Math.max(...values) - Math.min(...values) > contentNoises * noise;
  });
}
