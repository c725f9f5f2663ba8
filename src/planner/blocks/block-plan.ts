// Planes for blocks of 16 pixels inside tiles: goes on below the tile where a plan of tiles has ended.
//
//   candidates   the planes in play in every tile; a tile with one of them stays as it is
//   sample       tiles spread over the slide are scored block by block first: do the planes lie over each other at all?
//   choose       all others; each tile's blocks choose among its candidates
//
// Planes that drift against each other are never mixed: objects would double and step at every seam.

import type { PlanOutcome, PlanProblem, Rounds } from '../contract/plan-rounds.js';
import { type BlockCandidates, blockCandidates } from './block-candidates.js';
import { BlockMap, type BlockOutcome, bestSingle } from './block-map.js';
import type { ScoredBlocks } from './choose-blocks.js';
import { DriftGauge } from './drift-gauge.js';
import { roundsOf, scoreBlocks } from './score-blocks.js';

/** Tiles scored before all others, to see whether planes lie over each other. */
const sampleTiles = 48;

/** `allowance`: how many looks may be spent. */
export function* blockPlan(problem: PlanProblem, outcome: PlanOutcome, allowance: number): Rounds<BlockOutcome> {
  const candidates = blockCandidates(problem, outcome);
  const { tiles, skipped } = affordable(candidates, outcome.depthMap.planes.length, allowance);
  const notes = skipped > 0 ? [`blocks of ${skipped} tiles were left alone: --max-cost is spent`] : [];

  const sample = spread(tiles, sampleTiles);
  const scored = yield* scoreBlocks(problem, candidates, sample);
  const gauge = new DriftGauge();
  for (const each of scored) gauge.add(each);
  const map = new BlockMap(problem, outcome, typicalFocus(scored));
  for (const each of scored) map.choose(each);

  const sampled = new Set(sample);
  const others = tiles.filter((tile) => !sampled.has(tile));
  for (const round of gauge.isAligned ? roundsOf(others, candidates) : []) {
    for (const each of yield* scoreBlocks(problem, candidates, round)) {
      gauge.add(each);
      map.choose(each);
    }
  }
  return map.finish(gauge, notes);
}

/** The tiles that have something to choose, in order; where not all can be paid for, the most promising. */
function affordable({ planesOf, promise }: BlockCandidates, tileCount: number, allowance: number) {
  const open: number[] = [];
  let looks = 0;
  for (let tile = 0; tile < tileCount; tile++) {
    const { length } = planesOf(tile);
    if (length < 2) continue;
    open.push(tile);
    looks += length;
  }
  if (looks <= allowance) return { tiles: open, skipped: 0 };
  const promises = new Map(open.map((tile) => [tile, promise(tile)]));
  const byPromise = [...open].sort((a, b) => (promises.get(b) as number) - (promises.get(a) as number) || a - b);
  const tiles: number[] = [];
  let left = allowance;
  for (const tile of byPromise) {
    left -= planesOf(tile).length;
    if (left < 0) break;
    tiles.push(tile);
  }
  return { tiles: tiles.sort((a, b) => a - b), skipped: open.length - tiles.length };
}

/** At most `count` of the tiles, evenly spaced. */
function spread(tiles: readonly number[], count: number): number[] {
  if (tiles.length <= count) return [...tiles];
  return Array.from({ length: count }, (_, i) => tiles[Math.floor(((i + 0.5) * tiles.length) / count)]);
}

/** Mean focus of a block on its tile's best plane; 0 where nothing was scored. */
function typicalFocus(scored: readonly ScoredBlocks[]): number {
  const blocks = scored.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
  return blocks === 0 ? 0 : scored.reduce((sum, each) => sum + bestSingle(each), 0) / blocks;
}
