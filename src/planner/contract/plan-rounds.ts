// The contract of all planners: a generator that asks rounds of questions about tiles and is given the answers slot by slot, so
// that the order in which answers arrive can never matter. It does no I/O; run-plan-sync and the pipeline drive it.
import { blockSize, type DepthMap } from '../../slide/depth-map.js';
import { blockTiles, type Level, type Pyramid, tilesUnder } from '../../slide/pyramid.js';
import type { TileLengths } from '../../slide/slide-source.js';
import type { TileAddress } from '../../slide/tile-address.js';
import { tilePixels, tileRect } from '../../slide/tile-grid.js';
import type { AccuracyEstimate } from './accuracy.js';

/** Why a tile is asked about. */
export type ProbeReason = 'survey' | 'calibrate' | 'search' | 'audit' | 'blocks';
export const probeReasons: readonly ProbeReason[] = ['survey', 'calibrate', 'search', 'audit', 'blocks'];

/**
 * A question: how sharp is this tile? At the decision level the answer is one number; at a coarser level one number for every tile
 * of the decision level that the tile covers, row-major (see answerLength).
 */
export type TileProbe = TileAddress & {
  /** Every n-th pixel each way is scored: 1, 2, 4 or 8. */
  readonly subsample: number;
  readonly reason: ProbeReason;
  /** Asks about the blocks of 16 pixels inside the tile instead. */
  readonly blocks?: BlockQuestion;
};

/**
 * What is asked about the blocks of a tile that show the slide, row-major; a level above the decision level, their size there.
 *
 *   scores      of the probe's plane: all scores, then all mean luma (0 to 255); NaN where the slide lacks the tile
 *   shortlist   of all planes, a level above the decision level: for each tile below, row-major, 1 or 0 a plane (see shortlist). `own`
 *               has the plane of each of these tiles so far
 *   choice      of the planes named: see packChoice
 */
export type BlockQuestion =
  | { readonly ask: 'scores' }
  | { readonly ask: 'shortlist'; readonly own: readonly number[]; readonly noise: number }
  | { readonly ask: 'choice'; readonly planes: readonly number[]; readonly own: number; readonly noise: number };

/** What a planner knows before it asks. */
export type PlanProblem = {
  /** The decision level. */
  readonly level: Level;
  /** Coarser levels whose tiles nest in those of the decision level, from fine to coarse. */
  readonly coarser: Pyramid;
  readonly planeCount: number;
  /** Compressed lengths of the tiles of the decision level. */
  readonly lengths: TileLengths;
};

/** What calibration learned of the evidence. */
export type EvidenceSummary = {
  /** "compressed lengths", "level 2". */
  readonly name: string;
  /** log F per unit of log evidence. */
  readonly slope: number;
  /** Standard deviation of log F from plane to plane that the evidence does not explain. */
  readonly spread: number;
  /** Loss calibration: losses observed over losses predicted. */
  readonly kappa: number;
};

/** What a planner has decided. */
export type PlanOutcome = {
  readonly depthMap: DepthMap;
  /** What was measured at the decision level: [tile][plane], NaN where not scored. */
  readonly scores: Float64Array;
  /** Focus curves, scored or predicted: log F up to a constant of the tile, [tile][plane]; NaN where there is no evidence. */
  readonly curves: Float64Array;
  /** Probability of content, one a tile. */
  readonly content: Float64Array;
  /** How good the map is. */
  readonly accuracy: AccuracyEstimate;
  /** How many tiles of the slide have content; estimated, unless every tile was scored. */
  readonly tilesWithContent: number;
  /** The evidence that was used, and what calibration made of it; undefined for methods that use none. */
  readonly evidence?: EvidenceSummary;
  /** False where the cost allowed was spent before the target was met. */
  readonly targetMet: boolean;
  /** What a person should know of how it was decided, such as why evidence was dropped. */
  readonly notes: readonly string[];
};

/** A round of probes goes out; their answers come in, one after the other in the order of the probes. */
export type Rounds<Outcome> = Generator<readonly TileProbe[], Outcome, Float64Array>;
export type PlanRounds = Rounds<PlanOutcome>;

/** The level a probe asks about. */
export function probedLevel({ level, coarser }: PlanProblem, probe: TileProbe): Level {
  const probed = probe.level === level.level ? level : coarser.find((other) => other.level === probe.level);
  if (!probed) throw new RangeError(`no level ${probe.level} to probe`);
  return probed;
}

/** How many numbers answer a probe. */
export function answerLength(problem: PlanProblem, probe: TileProbe): number {
  const level = probedLevel(problem, probe);
  const below = () => blockTiles(tilesUnder(problem.level, level, probe.row, probe.column));
  switch (probe.blocks?.ask) {
    case 'scores':
      return 2 * shownBlocks(level, probe, blockSideAt(problem, level)).count;
    case 'shortlist':
      return problem.planeCount * below();
    case 'choice':
      return choiceHead + shownBlocks(level, probe).count;
    default:
      return level === problem.level ? 1 : below();
  }
}

/** Numbers of the answer to a `choice` before the planes of the blocks: see TileChoice. */
export const choiceHead = ['single', 'focus'].length;

/** The side of the decision level's blocks at a level, in its pixels. */
export function blockSideAt({ level }: PlanProblem, at: Level): number {
  return blockSize / 2 ** (at.level - level.level);
}

/** The blocks of a tile that show the slide: fewer at its right and lower edge. */
export function shownBlocks(
  { grid }: Level,
  { row, column }: { readonly row: number; readonly column: number },
  side = blockSize,
) {
  const { width, height } = tileRect(grid, row, column);
  const columns = Math.ceil(width / side);
  const rows = Math.ceil(height / side);
  return { columns, rows, count: columns * rows };
}

/** Tiles that are decoded to answer a probe: one, unless it asks about several planes. */
export function probedTiles({ planeCount }: PlanProblem, { blocks }: TileProbe): number {
  if (blocks?.ask === 'shortlist') return planeCount;
  return blocks?.ask === 'choice' ? blocks.planes.length : 1;
}

/** Pixels that a codec decodes to answer a probe, padding included. */
export function probePixels(problem: PlanProblem, probe: TileProbe): number {
  return probedTiles(problem, probe) * tilePixels(probedLevel(problem, probe).grid);
}

/** Pixels that the exhaustive method decodes: every tile of every plane. */
export function exhaustivePixels({ level: { grid }, planeCount }: PlanProblem): number {
  return grid.columns * grid.rows * planeCount * tilePixels(grid);
}
