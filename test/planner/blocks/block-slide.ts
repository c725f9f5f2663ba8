// A slide as its blocks, which answers what planning asks about them.

import { type BlockOutcome, type BlockPlanOptions, blockPlan } from '../../../src/planner/blocks/block-plan.js';
import { blocksBelow, shortlistBelow } from '../../../src/planner/blocks/shortlist.js';
import {
  type PlanOutcome,
  type PlanProblem,
  probedLevel,
  shownBlocks,
  type TileProbe,
} from '../../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../../src/planner/contract/run-plan-sync.js';
import { blocksPerTile, emptyDepthMap } from '../../../src/slide/depth-map.js';
import { layTileGrid, tileCount, tileRect } from '../../../src/slide/tile-grid.js';
import { choiceAmong } from '../../../src/tile-jobs/block-jobs.js';

const tileSide = 64;

/** How sharp each block of a tile is on each plane, and how bright; NaN where the plane lacks the tile. */
export type BlockSlide = {
  readonly problem: PlanProblem;
  readonly score: (tile: number, plane: number, row: number, column: number) => number;
  readonly luma: (tile: number, plane: number, row: number, column: number) => number;
  /** What the level above shows of a block, where it is not a quarter of `score`. */
  readonly above?: BlockSlide['score'];
};

/** `levels`: 1, or 2 where there is a level above. */
export function blockProblem(width: number, height: number, planeCount: number, levels = 2): PlanProblem {
  const tile = { width: tileSide, height: tileSide };
  const half = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  return {
    level: { level: 0, grid: layTileGrid({ width, height }, tile) },
    coarser: levels > 1 ? [{ level: 1, grid: layTileGrid(half, tile) }] : [],
    planeCount,
    lengths: { comparable: false, reason: 'there are none' },
  };
}

/** Background: equally sharp on all planes. A third of the tiles, so that noise can be told. */
export const isBackground = (tile: number) => tile % 3 === 2;

/** Focus falls with the distance from the block's height, as steeply everywhere but on background. */
export function surface(
  problem: PlanProblem,
  heightOf: (tile: number, row: number, column: number) => number,
  sharpness: (tile: number, row: number, column: number) => number = () => 1000,
): BlockSlide {
  return {
    problem,
    score: (tile, plane, row, column) =>
      isBackground(tile)
        ? 1
        : sharpness(tile, row, column) * Math.exp(-0.7 * Math.abs(plane - heightOf(tile, row, column))),
    luma: (tile, _plane, row, column) => 100 + 7 * ((tile + row + column) % 3),
  };
}

export function placeOf({ level: { grid } }: PlanProblem, tile: number) {
  return { row: Math.floor(tile / grid.columns), column: tile % grid.columns };
}

/** What an exhaustive plan of whole tiles knows of the slide. */
export function planTiles({ problem, score }: BlockSlide): PlanOutcome {
  const { level, planeCount } = problem;
  const tiles = tileCount(level.grid);
  const scores = new Float64Array(tiles * planeCount);
  const depthMap = emptyDepthMap(0, level.grid, planeCount);
  for (let tile = 0; tile < tiles; tile++) {
    const shown = shownBlocks(level, placeOf(problem, tile));
    for (let plane = 0; plane < planeCount; plane++) {
      for (let row = 0; row < shown.rows; row++) {
        for (let column = 0; column < shown.columns; column++)
          scores[tile * planeCount + plane] += score(tile, plane, row, column);
      }
    }
    const own = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
    depthMap.planes[tile] = own.indexOf(Math.max(...own.filter((value) => !Number.isNaN(value))));
  }
  return {
    depthMap,
    scores,
    curves: scores.map(Math.log),
    content: new Float64Array(tiles).fill(1),
    accuracy: {
      kind: 'exhaustive',
      tiles,
      agreement: 1,
      withinOne: 1,
      retained: 1,
      retainedInterval: [1, 1],
      worst: 1,
    },
    tilesWithContent: tiles,
    targetMet: true,
    notes: [],
  };
}

const defaults: BlockPlanOptions = {
  allowance: Number.POSITIVE_INFINITY,
  target: 0.999,
  prove: false,
  seed: 1,
  quantum: 1e-6,
};

/** Plans the blocks of a slide; every question that was asked comes with the outcome. */
export function replayBlocks(slide: BlockSlide, options: Partial<BlockPlanOptions> = {}, tiles = planTiles(slide)) {
  const probes: TileProbe[] = [];
  const plan = blockPlan(slide.problem, tiles, { ...defaults, ...options });
  const outcome: BlockOutcome = runPlanSync(plan, (probe) => {
    probes.push(probe);
    return answer(slide, probe);
  });
  return { outcome, probes };
}

function answer(slide: BlockSlide, { blocks, ...probe }: TileProbe): Float64Array {
  const { problem } = slide;
  const level = probedLevel(problem, probe);
  const { width, height } = tileRect(level.grid, probe.row, probe.column);
  const scoresOf = (plane: number) => numbersOf(slide, { ...probe, plane }).subarray(0, numberOfBlocks(slide, probe));
  switch (blocks?.ask) {
    case 'shortlist': {
      const planes = Array.from({ length: problem.planeCount }, (_, plane) => scoresOf(plane));
      const below = blocksBelow(problem, level, probe.row, probe.column);
      return shortlistBelow(planes, Math.ceil(width / 8), below, blocks.own, blocks.noise);
    }
    case 'choice':
      return choiceAmong(blocks.planes, blocks.planes.map(scoresOf), { width, height }, blocks.own, blocks.noise);
    default:
      return numbersOf(slide, probe);
  }
}

function numberOfBlocks({ problem }: BlockSlide, probe: TileProbe): number {
  return shownBlocks(probedLevel(problem, probe), probe, probe.level === 0 ? 16 : 8).count;
}

/** Scores and luma of all blocks that a tile shows of a plane. */
function numbersOf({ problem, score, luma, above = quarter(score) }: BlockSlide, probe: TileProbe): Float64Array {
  const { columns, count } = shownBlocks(probedLevel(problem, probe), probe, probe.level === 0 ? 16 : 8);
  const { grid } = problem.level;
  const perTile = blocksPerTile(grid);
  const scale = probe.level === 0 ? 1 : 2;
  const numbers = new Float64Array(2 * count);
  for (let block = 0; block < count; block++) {
    const row = scale * probe.row * perTile.rows + Math.floor(block / columns);
    const column = scale * probe.column * perTile.columns + (block % columns);
    const tile = Math.floor(row / perTile.rows) * grid.columns + Math.floor(column / perTile.columns);
    const place = [tile, probe.plane, row % perTile.rows, column % perTile.columns] as const;
    numbers[block] = (probe.level === 0 ? score : above)(...place);
    numbers[count + block] = luma(...place);
  }
  return numbers;
}

function quarter(score: BlockSlide['score']): BlockSlide['score'] {
  return (...place) => score(...place) / 4;
}

/** The planes of a tile of the map, block by block. */
export function blocksOf({ depthMap }: BlockOutcome, tile: number, count = 16): number[] {
  return [...(depthMap.blocks.get(tile) ?? new Uint16Array(count).fill(depthMap.planes[tile]))];
}
