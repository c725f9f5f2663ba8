// Planning below the tile, where a slide's tiles can be mixed from their compressed blocks.
import { chooseStorage } from '../output/level-storage.js';
import type { PlanCounts } from '../pipeline/plan-counts.js';
import { type RunPlanOptions, runPlan } from '../pipeline/run-plan.js';
import type { ProbeScorer } from '../pipeline/score-probe.js';
import type { BlockOutcome } from '../planner/blocks/block-map.js';
import { blockPlan } from '../planner/blocks/block-plan.js';
import { exhaustivePixels, type PlanOutcome, type PlanProblem, probeReasons } from '../planner/contract/plan-rounds.js';
import { blockSize } from '../slide/depth-map.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tilePixels } from '../slide/tile-grid.js';

export type PlannedBlocks = { readonly blocks: BlockOutcome; readonly counts: PlanCounts };

/** Chooses planes for blocks within what `maxCost` leaves; a text that says why where that can't be done. */
export async function planBlocks(
  source: SlideSource,
  problem: PlanProblem,
  outcome: PlanOutcome,
  spent: PlanCounts,
  maxCost: number,
  score: ProbeScorer,
  run: RunPlanOptions,
): Promise<PlannedBlocks | string> {
  const obstacle = await obstacleTo(source, problem);
  if (obstacle) return `planes are chosen for whole tiles: ${obstacle}`;
  const left = maxCost * exhaustivePixels(problem) - spent.pixelsDecoded;
  const allowance = Math.floor(left / tilePixels(problem.level.grid));
  const { outcome: blocks, counts } = await runPlan(problem, blockPlan(problem, outcome, allowance), score, run);
  return { blocks, counts: addCounts(spent, counts) };
}

async function obstacleTo(source: SlideSource, { level }: PlanProblem): Promise<string | undefined> {
  const { encoding, retiled, planes } = source.info;
  const { tileWidth, tileHeight } = level.grid;
  if (planes.length === 1) return 'the slide has one';
  if (retiled) return 'they are stored without tiles';
  if (encoding.codec !== 'jpeg') return `only JPEG tiles are mixed without decoding them, these are ${encoding.codec}`;
  if (tileWidth % blockSize !== 0 || tileHeight % blockSize !== 0) {
    return `tiles of ${tileWidth} x ${tileHeight} pixels do not consist of blocks of ${blockSize}`;
  }
  const { quiltable } = await chooseStorage(source, level, { mixed: true, missing: false });
  return quiltable ? undefined : 'their JPEG streams differ in quantisation tables or coding';
}

function addCounts(a: PlanCounts, b: PlanCounts): PlanCounts {
  const probes = Object.fromEntries(probeReasons.map((reason) => [reason, a.probes[reason] + b.probes[reason]]));
  return {
    probes: probes as PlanCounts['probes'],
    // Blocks are asked about for a reason of their own.
    looks: [...a.looks, ...b.looks],
    pixelsDecoded: a.pixelsDecoded + b.pixelsDecoded,
    rounds: a.rounds + b.rounds,
  };
}
