// Planning, joined to a slide: which level is decided, what evidence there is, who answers the planner's questions.
import { SlideError } from '../errors.js';
import { defaultMeasure, type FocusMeasureName } from '../focus/focus-measure.js';
import { pickOptions } from '../options/option-table.js';
import { type PlanningOptions, planningOptions } from '../options/planning.js';
import { defaultConcurrency } from '../options/running.js';
import type { FollowOptions } from '../pipeline/engine-event.js';
import type { PlanCounts } from '../pipeline/plan-counts.js';
import { runPlan } from '../pipeline/run-plan.js';
import { createProbeScorer } from '../pipeline/score-probe.js';
import type { BlockOutcome } from '../planner/blocks/block-plan.js';
import {
  defaultPlanOptions,
  type PlanGrain,
  type PlanMethod,
  type PlanOptions,
} from '../planner/contract/plan-options.js';
import { exhaustivePixels, type PlanOutcome, type PlanProblem } from '../planner/contract/plan-rounds.js';
import { planners } from '../planner/planners.js';
import { findLevel } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileCount, tilePixels } from '../slide/tile-grid.js';
import { type ReadCounts, withReadCounts } from '../slide-source/with-read-counts.js';
import { checkMeasurable } from '../tile-jobs/measure-tile.js';
import { startThreads } from '../tile-jobs/run-tile-job.js';
import { planBlocks } from './plan-blocks.js';

/** How the work is run and followed. */
export type RunOptions = FollowOptions & {
  /** How many tiles are in flight at once, 1 to 1024; 8 for each core by default. */
  readonly concurrency?: number | undefined;
};

export type PlanSlideOptions = PlanningOptions & RunOptions;

export type SlidePlan = {
  readonly problem: PlanProblem;
  readonly outcome: PlanOutcome;
  /** What choosing by block came to, where it was done; the map of `outcome` has it. */
  readonly blocks: BlockOutcome | undefined;
  readonly counts: PlanCounts;
  readonly bytesRead: number;
  readonly elapsedMs: number;
  /** As they were in force, defaults included. */
  readonly options: PlanOptions & {
    readonly method: PlanMethod;
    readonly measure: FocusMeasureName;
    readonly grain: PlanGrain;
    readonly level: number;
    readonly preset?: string;
  };
};

/** Tiles of all planes from which on threads are worth their start: they come up while evidence is read and weighed. */
const muchToDo = 2048;

const onePlane = 'one plane: there is nothing to choose';

/** Decides the plane of every tile. */
export async function planSlide(source: SlideSource, options: PlanSlideOptions = {}): Promise<SlidePlan> {
  const chosen = planOptions(options);
  const { method, measure, level } = chosen;
  const { concurrency = defaultConcurrency } = options;
  const start = performance.now();
  checkMeasurable(source.info, measure, chosen.subsample);
  if (tilesOf(source, level) >= muchToDo) startThreads();
  const problem = await planProblem(source, level);
  if (chosen.scoreLevel !== undefined) checkScoreLevel(source, problem, chosen.scoreLevel);
  if (method === 'exhaustive') checkExhaustiveCost(problem, chosen);
  const reads: ReadCounts = { tiles: 0, bytes: 0 };
  const readCounted = withReadCounts(source, reads);
  const score = createProbeScorer(readCounted, problem, measure);
  const rounds = planners[method](problem, chosen);
  const { signal, onEvent } = options;
  const run = { concurrency, signal, onEvent };
  const tiles = await runPlan(problem, rounds, score, run);
  const below =
    chosen.grain === 'block'
      ? await planBlocks(readCounted, problem, tiles.outcome, tiles.counts, chosen, options.grain === 'block', run)
      : undefined;
  const notes = [...tiles.outcome.notes];
  if (problem.planeCount === 1) notes.unshift(onePlane);
  else if (typeof below === 'string') notes.push(below);
  const planned = typeof below === 'object' ? below : undefined;
  if (planned) notes.push(...planned.blocks.notes);
  for (const text of notes) onEvent?.({ type: 'note', text });
  return {
    problem,
    outcome: {
      ...tiles.outcome,
      depthMap: planned?.blocks.depthMap ?? tiles.outcome.depthMap,
      // At the grain of the result
      targetMet: planned?.blocks.targetMet ?? tiles.outcome.targetMet,
      notes,
    },
    blocks: planned?.blocks,
    counts: planned?.counts ?? tiles.counts,
    bytesRead: reads.bytes,
    elapsedMs: performance.now() - start,
    options: chosen,
  };
}

/** Tiles of all planes at a level; 0 where there is no such level. */
function tilesOf({ info: { levels, planes } }: SlideSource, level: number): number {
  const found = findLevel(levels, level);
  return found ? tileCount(found.grid) * planes.length : 0;
}

/** What a planner is given of a slide, to decide the tiles of `level`. */
export async function planProblem(source: SlideSource, level: number): Promise<PlanProblem> {
  const { levels, planes, files } = source.info;
  const decision = findLevel(levels, level);
  if (!decision) {
    const hint = `its levels are ${levels.map((other) => other.level).join(', ')}`;
    throw new SlideError('usage', `there is no level ${level}`, { file: files[0], hint });
  }
  const coarser = levels.filter((other) => other.level > level);
  return { level: decision, coarser, planeCount: planes.length, lengths: await source.tileLengths(level) };
}

/** Options in force: what is given, else the default. */
function planOptions(options: PlanSlideOptions): SlidePlan['options'] {
  const usual = { method: 'adaptive', measure: defaultMeasure, grain: 'block', level: 0 } as const;
  return {
    ...defaultPlanOptions,
    ...usual,
    ...pickOptions<PlanningOptions>(planningOptions, options),
  } as SlidePlan['options'];
}

/** The exhaustive method can't stop half-way: what it costs is known before. */
function checkExhaustiveCost(problem: PlanProblem, { scoreLevel, maxCost }: PlanOptions): void {
  const { grid } = findLevel(problem.coarser, scoreLevel ?? problem.level.level) ?? problem.level;
  const cost = (tileCount(grid) * tilePixels(grid) * problem.planeCount) / exhaustivePixels(problem);
  if (cost <= maxCost) return;
  const hint = 'leave --max-cost out, or choose --method adaptive';
  throw new SlideError('usage', `max-cost: the exhaustive method costs ${cost}, allowed are ${maxCost}`, { hint });
}

function checkScoreLevel(source: SlideSource, { level, coarser }: PlanProblem, scoreLevel: number): void {
  if (scoreLevel === level.level || findLevel(coarser, scoreLevel)) return;
  const known = [level, ...coarser].map((other) => other.level).join(', ');
  const hint = `levels that can be scored are ${known}`;
  throw new SlideError('usage', `level ${scoreLevel} can't be scored`, { file: source.info.files[0], hint });
}
