// Planning below the tile, where blocks of a slide's tiles can be mixed.
import { chooseStorage, type LevelStorage } from '../output/level-storage.js';
import type { EngineListener } from '../pipeline/engine-event.js';
import type { PlanCounts } from '../pipeline/plan-counts.js';
import { type RunPlanOptions, runPlan } from '../pipeline/run-plan.js';
import { createBlockScorer } from '../pipeline/score-blocks.js';
import { type BlockOutcome, blockPlan } from '../planner/blocks/block-plan.js';
import type { PlanMethod, PlanOptions } from '../planner/contract/plan-options.js';
import { exhaustivePixels, type PlanOutcome, type PlanProblem, probeReasons } from '../planner/contract/plan-rounds.js';
import { blockSize } from '../slide/depth-map.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileCount, tilePixels } from '../slide/tile-grid.js';
import { type BlockMeasure, blockQuantum } from '../tile-jobs/block-jobs.js';

export type PlannedBlocks = { readonly blocks: BlockOutcome; readonly counts: PlanCounts };

/**
 * Chooses planes for blocks within what `maxCost` leaves; a text that says why where that can't be done. `asked`: block grain was asked for
 * by name, so that lossy tiles, which could be copied, may be encoded.
 */
export async function planBlocks(
  source: SlideSource,
  problem: PlanProblem,
  outcome: PlanOutcome,
  spent: PlanCounts,
  { maxCost, target, prove, seed, method }: PlanOptions & { readonly method: PlanMethod },
  asked: boolean,
  run: RunPlanOptions,
): Promise<PlannedBlocks | string> {
  const { level } = problem;
  const impossible = whyNever(source, problem);
  if (impossible) return `planes are chosen for whole tiles: ${impossible}`;
  const storage = await chooseStorage(source, level, { mixed: true, missing: false });
  const whole = await chooseStorage(source, level, { mixed: false, missing: false });
  const measure: BlockMeasure = storage.quiltable ? 'coefficients' : 'pixels';
  const sample = await firstTile(source, problem);
  if (!sample) return 'planes are chosen for whole tiles: the slide has no tile';
  const left = maxCost * exhaustivePixels(problem) - spent.pixelsDecoded;
  const rounds = blockPlan(problem, outcome, {
    allowance: Math.max(0, Math.floor(left / tilePixels(level.grid))),
    target,
    prove,
    seed,
    everything: method === 'exhaustive',
    quantum: blockQuantum(sample, measure),
    obstacle: asked || whole.obstacle ? undefined : whyWhole(source, problem, storage),
  });
  const score = createBlockScorer(source, problem, measure);
  const { outcome: blocks, counts } = await runPlan(problem, rounds, score, {
    ...run,
    onEvent: run.onEvent && goingOn(spent, run.onEvent),
  });
  return { blocks, counts: addCounts(spent, counts) };
}

/** Tells rounds and looks as those of one run, that of whole tiles before included. */
function goingOn(spent: PlanCounts, onEvent: EngineListener): EngineListener {
  const looks = probeReasons.reduce((sum, reason) => sum + spent.probes[reason], 0);
  return (event) => {
    if (event.type === 'round') onEvent({ ...event, round: spent.rounds + event.round });
    else if (event.type === 'scored') onEvent({ ...event, probes: looks + event.probes });
    else onEvent(event);
  };
}

/** Why blocks can't be mixed, whatever is asked for. */
function whyNever({ info: { planes } }: SlideSource, { level }: PlanProblem): string | undefined {
  const { tileWidth, tileHeight } = level.grid;
  if (planes.length === 1) return 'the slide has one';
  if (tileWidth % blockSize !== 0 || tileHeight % blockSize !== 0) {
    return `tiles of ${tileWidth} x ${tileHeight} pixels do not consist of blocks of ${blockSize}`;
  }
  return undefined;
}

/** Why blocks are mixed on demand alone: lossy tiles, which can be copied, would have to be encoded. */
function whyWhole(source: SlideSource, { level }: PlanProblem, { quiltable }: LevelStorage): string | undefined {
  const { retiled, planes } = source.info;
  const lossy = planes
    .map(({ plane }) => source.tileEncoding(level.level, plane).codec)
    .find((codec) => codec.startsWith('jpeg'));
  if (quiltable || retiled || lossy === undefined) return undefined;
  const why =
    lossy === 'jpeg2000'
      ? 'tiles are JPEG 2000, and would have to be encoded'
      : 'their JPEG streams differ in quantisation tables or coding, and would have to be encoded';
  return `${why}; --grain block does that`;
}

/** The first tile there is. */
async function firstTile(
  source: SlideSource,
  { level: { level, grid } }: PlanProblem,
): Promise<EncodedTile | undefined> {
  for (const { plane } of source.info.planes) {
    for (let index = 0; index < tileCount(grid); index++) {
      const address = { level, plane, row: Math.floor(index / grid.columns), column: index % grid.columns };
      if (source.hasTile(address)) return source.readTile(address);
    }
  }
  return undefined;
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
