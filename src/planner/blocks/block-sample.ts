// Tiles drawn by chance whose blocks are scored on all planes before all others: how noisy blocks are, whether planes lie over each other,
// how few looks are enough elsewhere, and what the result keeps are all told by them.
import type { Level } from '../../slide/pyramid.js';
import { tilesPerSide } from '../../slide/pyramid.js';
import { blockSideAt, type PlanProblem, type Rounds, shownBlocks } from '../contract/plan-rounds.js';
import { drawTiles } from '../numeric/draw-tiles.js';
import { askStacks, type BlockStack } from './ask-blocks.js';
import { blockNoise } from './block-noise.js';
import { blocksBelow, cutBlocks } from './shortlist.js';

/** Tiles drawn: so many square roots of all tiles, but at least and at most so many. unmeasured: 48 was enough on every slide tried. */
const perRoot = 1.5;
const fewest = 16;
const most = 48;
/** Of what blocks may cost, the part that the sample may take; unmeasured. */
const partOfAllowance = 0.3;

export type SampledTile = {
  readonly tile: number;
  /** On the decision level. */
  readonly stack: BlockStack;
  /** Scores of the same blocks a level above, [plane][block], 0 on planes that lack the tile; empty where there is no such level. */
  readonly above: readonly Float64Array[];
};

export type BlockSample = {
  readonly tiles: readonly SampledTile[];
  /** How likely each tile of the slide was to be drawn. */
  readonly inclusion: number;
  /** See blockNoise: on the decision level, and a level above. */
  readonly noise: number;
  readonly noiseAbove: number;
};

/** The level whose blocks tell of those of the decision level: that of half its scale, where its tiles nest and blocks are 8 pixels. */
export function levelAbove({ level, coarser }: PlanProblem): Level | undefined {
  const above = coarser.find((other) => other.level === level.level + 1);
  return above && tilesPerSide(level, above) ? above : undefined;
}

/** Looks that the sample takes, in tiles of the decision level. */
export function sampleSize({ level: { grid }, planeCount, coarser, level }: PlanProblem, allowance: number): number {
  const tiles = grid.columns * grid.rows;
  const wanted = Math.min(tiles, Math.max(fewest, Math.min(most, Math.round(perRoot * Math.sqrt(tiles)))));
  // Each is scored on two levels
  const looks = planeCount * (coarser.some((other) => other.level === level.level + 1) ? 2 : 1);
  const affordable = Math.floor(((tiles <= wanted ? 1 : partOfAllowance) * allowance) / looks);
  return Math.min(wanted, affordable);
}

/** Draws `count` tiles and scores them; `quantum` is the least that a score can change by. */
export function* drawSample(problem: PlanProblem, count: number, seed: number, quantum: number): Rounds<BlockSample> {
  const { grid } = problem.level;
  const tiles = grid.columns * grid.rows;
  const draw = drawTiles(new Float64Array(tiles).fill(1), grid.columns, count, [seed, sampleDraw]);
  const places = draw.tiles.map((tile) => ({ row: Math.floor(tile / grid.columns), column: tile % grid.columns }));
  const stacks = yield* askStacks(problem, problem.level, places);
  const above = yield* scoresAbove(problem, draw.tiles);
  const sampled = draw.tiles
    .map((tile, i) => ({ tile, stack: stacks[i], above: above.get(tile) ?? [] }))
    // A tile that no plane has tells nothing
    .filter(({ stack }) => stack.planes.length > 0);
  return {
    tiles: sampled,
    inclusion: count / tiles,
    noise: blockNoise(
      sampled.map(({ stack }) => stack),
      quantum,
    ),
    noiseAbove: blockNoise(
      sampled.map(({ above: scores }) => ({ scores })),
      quantum,
    ),
  };
}

/** Tells this draw from others of the same seed; unmeasured, any number does. */
const sampleDraw = 4;

/** By tile: its blocks a level above, [plane][block]. */
function* scoresAbove(problem: PlanProblem, tiles: readonly number[]): Rounds<Map<number, Float64Array[]>> {
  const scores = new Map<number, Float64Array[]>();
  const above = levelAbove(problem);
  if (!above) return scores;
  const wanted = new Set(tiles);
  const coarse = coarseTilesOver(problem, above, (tile) => wanted.has(tile));
  const stacks = yield* askStacks(problem, above, coarse);
  const side = blockSideAt(problem, above);
  for (const [i, { row, column }] of coarse.entries()) {
    const { columns } = shownBlocks(above, { row, column }, side);
    const { planes, scores: known } = stacks[i];
    for (const below of blocksBelow(problem, above, row, column)) {
      if (!wanted.has(below.tile)) continue;
      const byPlane: Float64Array[] = Array.from(
        { length: problem.planeCount },
        () => new Float64Array(below.rows * below.columns),
      );
      for (const [k, plane] of planes.entries()) byPlane[plane] = cutBlocks(known[k], columns, below);
      scores.set(below.tile, byPlane);
    }
  }
  return scores;
}

/** Tiles of a coarser level that cover a wanted tile, row-major. */
export function coarseTilesOver(problem: PlanProblem, above: Level, isWanted: (tile: number) => boolean) {
  const over: { row: number; column: number }[] = [];
  for (let row = 0; row < above.grid.rows; row++) {
    for (let column = 0; column < above.grid.columns; column++) {
      if (blocksBelow(problem, above, row, column).some(({ tile }) => isWanted(tile))) over.push({ row, column });
    }
  }
  return over;
}
