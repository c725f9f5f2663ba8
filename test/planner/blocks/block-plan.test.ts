import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../experiments/harness/fixtures/pictures.js';
import type { BlockOutcome } from '../../../src/planner/blocks/block-map.js';
import { blockPlan } from '../../../src/planner/blocks/block-plan.js';
import {
  type PlanOutcome,
  type PlanProblem,
  probePixels,
  shownBlocks,
  type TileProbe,
} from '../../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../../src/planner/contract/run-plan-sync.js';
import { blocksPerTile, emptyDepthMap } from '../../../src/slide/depth-map.js';
import { layTileGrid, tileCount, tilePixels } from '../../../src/slide/tile-grid.js';

const tileSide = 64;

/** A slide as its blocks: how sharp each is on each plane, and how bright. */
type Blocks = {
  readonly problem: PlanProblem;
  readonly score: (tile: number, plane: number, row: number, column: number) => number;
  readonly luma: (tile: number, plane: number, row: number, column: number) => number;
};

function problemOf(width: number, height: number, planeCount: number): PlanProblem {
  const grid = layTileGrid({ width, height }, { width: tileSide, height: tileSide });
  const level = { level: 0, grid };
  return { level, coarser: [], planeCount, lengths: { comparable: false, reason: 'there are none' } };
}

/** Focus falls with the distance from the block's height, as steeply everywhere. */
function surface(
  problem: PlanProblem,
  heightOf: (tile: number, row: number, column: number) => number,
  sharpness: (tile: number) => number = () => 1000,
): Blocks {
  return {
    problem,
    score: (tile, plane, row, column) =>
      sharpness(tile) * Math.exp(-0.7 * Math.abs(plane - heightOf(tile, row, column))),
    luma: (tile, _plane, row, column) => 100 + 7 * ((tile + row + column) % 3),
  };
}

function placeOf({ level: { grid } }: PlanProblem, tile: number) {
  return { row: Math.floor(tile / grid.columns), column: tile % grid.columns };
}

/** What an exhaustive plan of whole tiles knows of the slide. */
function planTiles({ problem, score }: Blocks): PlanOutcome {
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
    depthMap.planes[tile] = own.indexOf(Math.max(...own));
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

function replay(slide: Blocks, allowance = Number.POSITIVE_INFINITY) {
  const { problem, score, luma } = slide;
  const probes: TileProbe[] = [];
  const outcome: BlockOutcome = runPlanSync(blockPlan(problem, planTiles(slide), allowance), (probe) => {
    probes.push(probe);
    const { columns, count } = shownBlocks(problem.level, probe);
    const tile = probe.row * problem.level.grid.columns + probe.column;
    const answer = new Float64Array(2 * count);
    for (let block = 0; block < count; block++) {
      const [row, column] = [Math.floor(block / columns), block % columns];
      answer[block] = score(tile, probe.plane, row, column);
      answer[count + block] = luma(tile, probe.plane, row, column);
    }
    return answer;
  });
  return { outcome, probes };
}

/** The planes of a tile of the map, block by block. */
function blocksOf({ depthMap }: BlockOutcome, tile: number, count: number): Uint16Array {
  return depthMap.blocks.get(tile) ?? new Uint16Array(count).fill(depthMap.planes[tile]);
}

const arbitrarySurface = fc
  .record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 200 }),
    planes: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(10_000),
  })
  .map(({ width, height, planes, seed }) => {
    const problem = problemOf(width, height, planes);
    const random = seeded(seed);
    // Two heights a tile, parted by a line
    const parts = Array.from({ length: tileCount(problem.level.grid) }, () => ({
      heights: [Math.floor(planes * random()), Math.floor(planes * random())],
      slope: 2 * random() - 1,
      offset: 4 * random() - 1,
      sharpness: 10 ** (1 + 3 * random()),
    }));
    return surface(
      problem,
      (tile, row, column) => {
        const { heights, slope, offset } = parts[tile];
        return heights[row > slope * column + offset ? 1 : 0];
      },
      (tile) => parts[tile].sharpness,
    );
  });

describe('planning blocks', () => {
  it('should always ask inside the grid, never twice, and count in looks', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { probes } = replay(slide);
        const { grid } = slide.problem.level;
        const asked = probes.map(({ level, plane, row, column }) => [level, plane, row, column].join());
        expect(new Set(asked).size).toBe(asked.length);
        for (const probe of probes) {
          expect(probe).toMatchObject({ level: 0, reason: 'blocks', grain: 'block', subsample: 1 });
          expect(probe.row < grid.rows && probe.column < grid.columns).toBe(true);
          expect(probe.plane < slide.problem.planeCount).toBe(true);
          expect(probePixels(slide.problem, probe)).toBe(tilePixels(grid));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should never spend more than it is allowed, and say what was left alone', () => {
    fc.assert(
      fc.property(arbitrarySurface, fc.nat(40), (slide, allowance) => {
        const whole = replay(slide).probes.length;
        const { probes, outcome } = replay(slide, allowance);
        expect(probes.length).toBeLessThanOrEqual(allowance);
        expect(outcome.notes.some((note) => note.includes('--max-cost'))).toBe(whole > allowance);
      }),
      { numRuns: 60 },
    );
  });

  it('should always name planes that were scored, one a block of a whole tile, the most frequent one for the tile', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { outcome, probes } = replay(slide);
        const { grid } = slide.problem.level;
        const { columns, rows } = blocksPerTile(grid);
        for (const [tile, blocks] of outcome.depthMap.blocks) {
          const scored = probes.filter(({ row, column }) => row * grid.columns + column === tile);
          const planes = new Set(scored.map(({ plane }) => plane));
          expect(blocks.length).toBe(columns * rows);
          expect(new Set(blocks).size).toBeGreaterThan(1);
          for (const plane of blocks) expect(planes).toContain(plane);
          const count = (plane: number) => blocks.filter((other) => other === plane).length;
          const most = Math.max(...[...planes].map(count));
          expect(count(outcome.depthMap.planes[tile])).toBe(most);
        }
        expect(outcome.tilesMixed).toBe(outcome.depthMap.blocks.size);
      }),
      { numRuns: 60 },
    );
  });

  it('should never lose focus against the best single plane of each tile', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { outcome } = replay(slide);
        expect(outcome.gain).toBeGreaterThanOrEqual(1);
        for (const [tile, blocks] of outcome.depthMap.blocks) {
          const { columns, rows } = shownBlocks(slide.problem.level, placeOf(slide.problem, tile));
          const across = blocksPerTile(slide.problem.level.grid).columns;
          const sumOf = (plane: (row: number, column: number) => number) => {
            let sum = 0;
            for (let row = 0; row < rows; row++)
              for (let column = 0; column < columns; column++)
                sum += slide.score(tile, plane(row, column), row, column);
            return sum;
          };
          const mixed = sumOf((row, column) => blocks[row * across + column]);
          for (let plane = 0; plane < slide.problem.planeCount; plane++) {
            expect(mixed).toBeGreaterThan(sumOf(() => plane));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should find a border between two heights, and leave tiles of one height as they are', () => {
    const problem = problemOf(256, 128, 7);
    const slide = surface(problem, (tile, _row, column) => (tile % 4 === 1 && column < 2 ? 1 : 5));
    const { outcome } = replay(slide);
    expect([...outcome.depthMap.blocks.keys()].sort()).toEqual([1, 5]);
    for (const tile of [1, 5]) {
      expect([...blocksOf(outcome, tile, 16)]).toEqual(
        Array.from({ length: 16 }, (_, block) => (block % 4 < 2 ? 1 : 5)),
      );
    }
    expect([0, 2, 3, 4, 6, 7].map((tile) => outcome.depthMap.planes[tile])).toEqual(Array(6).fill(5));
  });

  it('should carry the last blocks on beyond the edge of the slide', () => {
    // 48 x 40 pixels of the last tile show the slide: 3 x 3 blocks
    const problem = problemOf(64 + 48, 40, 5);
    const slide = surface(problem, (_tile, row) => (row < 1 ? 0 : 4));
    const blocks = blocksOf(replay(slide).outcome, 1, 16);
    expect([...blocks]).toEqual([...Array(4).fill(0), ...Array(12).fill(4)]);
  });

  it('should leave blocks that show next to nothing with their neighbours', () => {
    const random = seeded(3);
    const noise = new Map<string, number>();
    const noiseOf = (...key: number[]) => {
      const name = key.join();
      if (!noise.has(name)) noise.set(name, 4 * random());
      return noise.get(name) as number;
    };
    const problem = problemOf(512, 64, 5);
    const sharp = surface(problem, (tile) => tile % 2);
    const slide: Blocks = {
      ...sharp,
      // The right half of each tile is glass
      score: (tile, plane, row, column) =>
        column < 2 ? sharp.score(tile, plane, row, column) : 20 + noiseOf(tile, plane, row, column),
    };
    const { outcome } = replay(slide);
    expect(outcome.tilesScored).toBeGreaterThan(0);
    expect(outcome.tilesMixed).toBe(0);
  });

  it('should mix nothing where planes drift, and say so', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const random = seeded(seed);
        const brightness = Float64Array.from({ length: 4096 }, () => 255 * random());
        const problem = problemOf(512, 256, 5);
        const level = surface(problem, (tile, row) => (tile % 2 === 0 && row < 2 ? 0 : 3));
        const drifting: Blocks = {
          ...level,
          luma: (tile, plane, row, column) => brightness[(tile * 67 + plane * 31 + row * 5 + column) % 4096],
        };
        expect(replay(level).outcome.tilesMixed).toBeGreaterThan(0);
        const { outcome } = replay(drifting);
        expect(outcome.drift).toBeGreaterThan(0.3);
        expect(outcome.depthMap.blocks.size).toBe(0);
        expect(outcome.depthMap.planes).toEqual(planTiles(drifting).depthMap.planes);
        expect(outcome.notes.join()).toContain('do not lie over each other');
      }),
      { numRuns: 20 },
    );
  });

  it('should stay the same whatever unit focus is measured in', () => {
    fc.assert(
      fc.property(arbitrarySurface, fc.constantFrom(1 / 1024, 1 / 8, 64, 4096), (slide, factor) => {
        const scaled = { ...slide, score: (...place: Parameters<Blocks['score']>) => factor * slide.score(...place) };
        const [own, other] = [replay(slide).outcome.depthMap, replay(scaled).outcome.depthMap];
        expect(other.planes).toEqual(own.planes);
        expect([...other.blocks]).toEqual([...own.blocks]);
      }),
      { numRuns: 40 },
    );
  });

  it('should do without planes that lack the tile', () => {
    const problem = problemOf(128, 64, 4);
    const whole = surface(problem, (_tile, row) => (row < 1 ? 0 : 3));
    const holed: Blocks = {
      ...whole,
      score: (tile, plane, row, column) =>
        plane === 0 && tile === 0 ? Number.NaN : whole.score(tile, plane, row, column),
    };
    const outcome = runPlanSync(blockPlan(problem, planTiles(whole), Number.POSITIVE_INFINITY), (probe) => {
      const tile = probe.column;
      return Float64Array.from({ length: 32 }, (_, i) =>
        i < 16 ? holed.score(tile, probe.plane, i >> 2, i & 3) : 100,
      );
    });
    expect([...blocksOf(outcome, 0, 16)]).not.toContain(0);
    expect([...blocksOf(outcome, 1, 16)]).toContain(0);
  });
});
