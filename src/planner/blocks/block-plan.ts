// Planes for blocks of 16 pixels inside tiles: the recursion over zoom levels, carried on below the tile where a plan of tiles has ended.
//
//   sample      tiles drawn by chance are scored block by block on all planes, on their level and the one above: how noisy blocks are,
//               whether planes lie over each other, how few looks are enough, what the result keeps
//   shortlist   every tile of the level above is scored on all planes: a quarter of the work. A plane by which some block below gains
//               more than noise is listed; tiles whose own plane stays alone are not looked at
//   choice      the blocks of all others choose among the planes listed
//
// Planes that drift against each other are never mixed: objects would double and step at every seam.
import type { DepthMap } from '../../slide/depth-map.js';
import { tileCount } from '../../slide/tile-grid.js';
import { meetsTarget } from '../contract/accuracy.js';
import type { PlanOutcome, PlanProblem, Rounds } from '../contract/plan-rounds.js';
import { askChoices } from './ask-blocks.js';
import type { BlockAccuracy } from './block-audit.js';
import { BlockMap } from './block-map.js';
import { type BlockSample, coarseTilesOver, drawSample, levelAbove, sampleSize } from './block-sample.js';
import { choiceQuestions, lookCost } from './choice-questions.js';
import { decideTile } from './decide-tile.js';
import { DriftGauge, mostDrift } from './drift-gauge.js';
import { chooseRule } from './look-rule.js';

export type BlockPlanOptions = {
  /** The most that may be spent, in tiles of the decision level decoded. */
  readonly allowance: number;
  /** See PlanOptions. */
  readonly target: number;
  readonly seed: number;
  readonly prove: boolean;
  /** Every block of every plane is scored, whatever fewer would keep. */
  readonly everything?: boolean | undefined;
  /** The least that a score of a block can change by. */
  readonly quantum: number;
  /** Why tiles can't be mixed, if they can't: then the sample tells what that costs, and no more is asked. */
  readonly obstacle?: string | undefined;
};

/** What choosing by block came to. */
export type BlockOutcome = {
  /** The map with the planes of blocks. */
  readonly depthMap: DepthMap;
  /** False where tiles stay whole: `accuracy` then tells what mixing would keep. */
  readonly isMixed: boolean;
  /** Tiles whose blocks were scored. */
  readonly tilesScored: number;
  /** Tiles that mix planes. */
  readonly tilesMixed: number;
  /** Focus of all blocks scored, as chosen, over that of each tile's best single plane; 1 where nothing was scored. */
  readonly gain: number;
  /** See DriftGauge; 0 where nothing was scored. */
  readonly drift: number;
  /** Undefined where nothing could be paid for. */
  readonly accuracy: BlockAccuracy | undefined;
  /** Whether a mixed result keeps what the target asks for; undefined where tiles stay whole or no block has content. */
  readonly targetMet: boolean | undefined;
  readonly notes: readonly string[];
};

export function* blockPlan(
  problem: PlanProblem,
  outcome: PlanOutcome,
  options: BlockPlanOptions,
): Rounds<BlockOutcome> {
  const { allowance, target, seed, quantum, obstacle } = options;
  const { depthMap } = outcome;
  const map = new BlockMap(problem, depthMap);
  const count = sampleSize(problem, allowance);
  if (count === 0) return outcomeOf(map, options, false, 0, undefined, [spentNote(tileCount(problem.level.grid))]);

  const sample = yield* drawSample(problem, count, seed, quantum);
  if (sample.tiles.length === 0) return outcomeOf(map, options, false, 0, undefined, []);
  const gauge = new DriftGauge();
  for (const { stack } of sample.tiles) gauge.add(stack);
  const planeOf = (tile: number) => depthMap.planes[tile];
  const { rule, accuracy } = chooseRule(sample, planeOf, options.everything ? 1 : target);
  const whole = obstacle ?? (gauge.isAligned ? undefined : driftText(gauge.drift));
  for (const { tile, stack } of sample.tiles) {
    map.take(tile, stack.planes.length, decideTile(stack, planeOf(tile), sample.noise));
  }
  if (whole) return outcomeOf(map, options, false, gauge.drift, accuracy, [wholeNote(whole, accuracy)]);

  const left = allowance - spentOn(problem, sample);
  const { questions, skipped } = yield* choiceQuestions(problem, outcome, sample, rule, left);
  yield* askChoices(problem, questions, sample.noise, ({ tile, planes }, choice) =>
    map.take(tile, planes.length, choice),
  );
  const kept = withSkipped(accuracy, skipped / tileCount(problem.level.grid));
  return outcomeOf(map, options, true, gauge.drift, kept, skipped > 0 ? [spentNote(skipped)] : []);
}

function outcomeOf(
  map: BlockMap,
  options: BlockPlanOptions,
  isMixed: boolean,
  drift: number,
  accuracy: BlockAccuracy | undefined,
  notes: readonly string[],
): BlockOutcome {
  const depthMap = isMixed ? map.depthMap : map.unmixed;
  const targetMet = isMixed && accuracy && accuracy.blocks > 0 ? meetsTarget(accuracy, options) : undefined;
  return { depthMap, isMixed, ...map.figures, tilesMixed: depthMap.blocks.size, drift, accuracy, targetMet, notes };
}

/** Tiles that nobody could pay for keep what one plane a tile keeps. */
function withSkipped(accuracy: BlockAccuracy, share: number): BlockAccuracy {
  if (share === 0) return accuracy;
  const { retained, retainedInterval, tileRetained } = accuracy;
  const lessened = (kept: number) => kept - share * Math.max(0, kept - tileRetained);
  const [low, high] = retainedInterval;
  return {
    ...accuracy,
    kind: 'audit',
    retained: lessened(retained),
    retainedInterval: [lessened(low), high],
    worst: Math.min(accuracy.worst, tileRetained),
  };
}

/** What the sample took, in tiles of the decision level decoded. */
function spentOn(problem: PlanProblem, { tiles }: BlockSample): number {
  const above = levelAbove(problem);
  const sampled = new Set(tiles.map(({ tile }) => tile));
  const coarse = above ? coarseTilesOver(problem, above, (tile) => sampled.has(tile)).length : 0;
  return problem.planeCount * tiles.length + (above ? coarse * lookCost(problem, above) : 0);
}

function spentNote(tiles: number): string {
  return `blocks of ${tiles} tiles were left alone: --max-cost is spent`;
}

function driftText(drift: number): string {
  return `planes do not lie over each other (drift ${drift.toFixed(2)}, at most ${mostDrift} is mixed)`;
}

/** Why tiles stay whole, and what that keeps of what mixing would. */
function wholeNote(why: string, { tileRetained, blocks }: BlockAccuracy): string {
  const kept = blocks === 0 ? '' : `; one plane a tile keeps ${(100 * tileRetained).toFixed(1)} % of what blocks would`;
  return `blocks are not mixed: ${why}${kept}`;
}
