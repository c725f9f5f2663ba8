import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../experiments/harness/fixtures/pictures.js';
import { probedTiles, probePixels, shownBlocks, type TileProbe } from '../../../src/planner/contract/plan-rounds.js';
import { blocksPerTile } from '../../../src/slide/depth-map.js';
import { tileCount, tilePixels } from '../../../src/slide/tile-grid.js';
import {
  type BlockSlide,
  blockProblem,
  blocksOf,
  isBackground,
  placeOf,
  planTiles,
  replayBlocks,
  surface,
} from './block-slide.js';

const arbitrarySurface = fc
  .record({
    width: fc.integer({ min: 1, max: 500 }),
    height: fc.integer({ min: 1, max: 500 }),
    planes: fc.integer({ min: 2, max: 9 }),
    levels: fc.integer({ min: 1, max: 2 }),
    seed: fc.nat(10_000),
  })
  .map(({ width, height, planes, levels, seed }) => {
    const problem = blockProblem(width, height, planes, levels);
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

/** Tiles of the decision level that a probe decodes: its own, of every plane asked about. */
function looksOf({ level, plane, row, column, blocks }: TileProbe): string[] {
  if (level !== 0) return [];
  return (blocks?.ask === 'choice' ? blocks.planes : [plane]).map((each) => [row, column, each].join());
}

describe('planning blocks', () => {
  it('should always ask inside the grid, never twice, and count in looks', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { problem } = slide;
        const { probes } = replayBlocks(slide);
        const looks = probes.flatMap(looksOf);
        expect(new Set(looks).size).toBe(looks.length);
        const above = probes.filter(({ level }) => level === 1).map((probe) => JSON.stringify(probe));
        expect(new Set(above).size).toBe(above.length);
        for (const probe of probes) {
          const { grid } = [problem.level, ...problem.coarser][probe.level];
          expect(probe).toMatchObject({ reason: 'blocks', subsample: 1 });
          expect(probe.row < grid.rows && probe.column < grid.columns).toBe(true);
          expect(probe.plane < problem.planeCount).toBe(true);
          expect(probePixels(problem, probe)).toBe(tilePixels(grid) * probedTiles(problem, probe));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should never spend more than it is allowed, and say what was left alone', () => {
    fc.assert(
      fc.property(arbitrarySurface, fc.nat(400), (slide, allowance) => {
        const spent = (probes: readonly TileProbe[]) =>
          probes.reduce((sum, probe) => sum + probePixels(slide.problem, probe), 0) /
          tilePixels(slide.problem.level.grid);
        const { probes, outcome } = replayBlocks(slide, { allowance });
        expect(spent(probes)).toBeLessThanOrEqual(allowance);
        if (spent(replayBlocks(slide).probes) <= allowance / 3) expect(outcome.notes).toEqual([]);
        if (allowance === 0) expect(outcome.notes.join()).toContain('--max-cost');
      }),
      { numRuns: 60 },
    );
  });

  it('should open the tiles that gain most where not all can be paid for', () => {
    const problem = blockProblem(64 * 16, 64 * 16, 3);
    const slide = surface(
      problem,
      (_tile, row) => (row < 2 ? 0 : 2),
      (tile) => (tile % 4 === 0 ? 4000 : 100),
    );
    const whole = replayBlocks(slide).probes.reduce((sum, probe) => sum + probedTiles(problem, probe), 0);
    const { outcome } = replayBlocks(slide, { allowance: Math.floor(0.9 * whole) });
    expect(outcome.notes.join()).toContain('--max-cost');
    for (let tile = 0; tile < 256; tile += 4) {
      if (!isBackground(tile)) expect(new Set(blocksOf(outcome, tile)).size).toBe(2);
    }
  });

  it('should always name planes that were scored, one a block of a whole tile, the most frequent one for the tile', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { outcome, probes } = replayBlocks(slide);
        const { grid } = slide.problem.level;
        const { columns, rows } = blocksPerTile(grid);
        const looks = new Set(probes.flatMap(looksOf));
        for (const [tile, blocks] of outcome.depthMap.blocks) {
          const { row, column } = placeOf(slide.problem, tile);
          expect(blocks.length).toBe(columns * rows);
          const planes = new Set(blocks);
          expect(planes.size).toBeGreaterThan(1);
          for (const plane of planes) expect(looks).toContain([row, column, plane].join());
          const count = (plane: number) => blocks.filter((other) => other === plane).length;
          expect(count(outcome.depthMap.planes[tile])).toBe(Math.max(...[...planes].map(count)));
        }
        expect(outcome.tilesMixed).toBe(outcome.depthMap.blocks.size);
      }),
      { numRuns: 60 },
    );
  });

  it('should never lose focus against the best single plane of each tile', () => {
    fc.assert(
      fc.property(arbitrarySurface, (slide) => {
        const { outcome } = replayBlocks(slide);
        expect(outcome.gain).toBeGreaterThanOrEqual(0.997);
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
    const problem = blockProblem(64 * 12, 64 * 12, 7);
    const hasBorder = (tile: number) => tile % 5 === 1;
    const slide = surface(problem, (tile, _row, column) => (hasBorder(tile) && column < 2 ? 1 : 5));
    const { outcome, probes } = replayBlocks(slide);
    for (let tile = 0; tile < 144; tile++) {
      if (isBackground(tile)) continue;
      const expected = Array.from({ length: 16 }, (_, block) => (hasBorder(tile) && block % 4 < 2 ? 1 : 5));
      expect(blocksOf(outcome, tile)).toEqual(expected);
    }
    // Undrawn tiles of one height are settled a level above
    const choices = probes.filter(({ blocks }) => blocks?.ask === 'choice');
    for (const { row, column } of choices) expect(hasBorder(12 * row + column)).toBe(true);
  });

  it('should open tiles that a plan of tiles takes for background, where a speck lies in them', () => {
    const problem = blockProblem(64 * 12, 64 * 12, 5);
    const isSpeck = (tile: number, row: number, column: number) => tile === 76 && row === 1 && column === 2;
    const slide = surface(
      problem,
      (...place) => (isSpeck(...place) ? 1 : 3),
      (...place) => (isSpeck(...place) ? 90 : 10),
    );
    const random = seeded(5);
    const noise = Float64Array.from({ length: 4096 }, () => random());
    const noisy: BlockSlide = {
      ...slide,
      score: (tile, plane, row, column) =>
        (isSpeck(tile, row, column) ? slide.score(tile, plane, row, column) : 10) +
        2 * noise[(tile * 83 + plane * 19 + row * 5 + column) % 4096],
    };
    const tiles = { ...planTiles(noisy), content: new Float64Array(144) };
    tiles.depthMap.planes.fill(3);
    const { outcome } = replayBlocks(noisy, {}, tiles);
    expect(blocksOf(outcome, 76)[1 * 4 + 2]).toBe(1);
  });

  it('should leave faint things beside a strong edge on their own plane', () => {
    const problem = blockProblem(64 * 3, 64, 5, 1);
    // The edge is five times as sharp as what lies beside it, and four planes away
    const slide = surface(
      problem,
      (_tile, _row, column) => (column < 2 ? 0 : 4),
      (_tile, _row, column) => (column < 2 ? 500 : 100),
    );
    const { outcome } = replayBlocks(slide, { quantum: 5 });
    expect(blocksOf(outcome, 0)).toEqual(Array.from({ length: 16 }, (_, block) => (block % 4 < 2 ? 0 : 4)));
  });

  it('should score all planes where the level above does not tell of the one below', () => {
    const problem = blockProblem(64 * 12, 64 * 12, 6);
    const slide = surface(problem, (tile, row) => (tile % 2 === 0 && row < 2 ? 1 : 4));
    const blind: BlockSlide = { ...slide, above: (_tile, plane) => 100 - plane };
    const { outcome, probes } = replayBlocks(blind);
    expect(probes.some(({ blocks }) => blocks?.ask === 'shortlist')).toBe(false);
    expect(new Set(probes.flatMap(looksOf)).size).toBe(144 * 6);
    expect(blocksOf(outcome, 0)).toEqual(Array.from({ length: 16 }, (_, block) => (block < 8 ? 1 : 4)));
    expect(outcome.accuracy?.retained).toBe(1);
  });

  it('should leave whole tiles on the plane that the plan of tiles has found by scoring all, and correct guesses', () => {
    const slide = surface(blockProblem(64 * 6, 64 * 4, 5), () => 3);
    for (const looked of [0, 5]) {
      const tiles = planTiles(slide);
      tiles.depthMap.planes.fill(2);
      tiles.depthMap.looked.fill(looked);
      const { planes } = replayBlocks(slide, {}, tiles).outcome.depthMap;
      for (let tile = 0; tile < 24; tile++) if (!isBackground(tile)) expect(planes[tile]).toBe(looked === 5 ? 2 : 3);
    }
  });

  it('should score everything where that is asked for', () => {
    const slide = surface(blockProblem(64 * 12, 64 * 12, 6), (tile, row) => (tile % 2 === 0 && row < 2 ? 1 : 4));
    const { probes, outcome } = replayBlocks(slide, { everything: true });
    expect(new Set(probes.flatMap(looksOf)).size).toBe(144 * 6);
    expect(outcome.accuracy).toMatchObject({ retained: 1, worst: 1 });
  });

  it('should carry the last blocks on beyond the edge of the slide', () => {
    // 48 x 40 pixels of the last tile show the slide: 3 x 3 blocks
    const slide = surface(blockProblem(64 + 48, 40, 5), (_tile, row) => (row < 1 ? 0 : 4));
    expect(blocksOf(replayBlocks(slide).outcome, 1)).toEqual([...Array(4).fill(0), ...Array(12).fill(4)]);
  });

  it('should leave blocks that show next to nothing with their neighbours', () => {
    const random = seeded(3);
    const noise = Float64Array.from({ length: 4096 }, () => 4 * random());
    const sharp = surface(blockProblem(64 * 10, 64 * 4, 5), (tile) => tile % 2);
    const slide: BlockSlide = {
      ...sharp,
      // The right half of each tile is background
      score: (tile, plane, row, column) =>
        column < 2 && !isBackground(tile)
          ? sharp.score(tile, plane, row, column)
          : 20 + noise[(tile * 67 + plane * 31 + row * 7 + column) % 4096],
    };
    const { outcome } = replayBlocks(slide);
    expect(outcome.tilesScored).toBeGreaterThan(0);
    expect(outcome.tilesMixed).toBe(0);
  });

  it('should mix nothing where planes drift, and say so and what it costs', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const random = seeded(seed);
        const brightness = Float64Array.from({ length: 4096 }, () => 255 * random());
        const problem = blockProblem(512, 256, 5);
        const level = surface(problem, (tile, row) => (tile % 2 === 0 && row < 2 ? 0 : 3));
        const drifting: BlockSlide = {
          ...level,
          luma: (tile, plane, row, column) => brightness[(tile * 67 + plane * 31 + row * 5 + column) % 4096],
        };
        expect(replayBlocks(level).outcome.tilesMixed).toBeGreaterThan(0);
        const { outcome } = replayBlocks(drifting);
        expect(outcome.drift).toBeGreaterThan(0.3);
        expect(outcome.isMixed).toBe(false);
        expect(outcome.depthMap.blocks.size).toBe(0);
        expect(outcome.depthMap.planes).toEqual(planTiles(drifting).depthMap.planes);
        expect(outcome.notes.join()).toMatch(/do not lie over each other.*one plane a tile keeps [789]\d/);
      }),
      { numRuns: 20 },
    );
  });

  it('should ask no more than the sample where tiles can not be mixed, and say what mixing would keep', () => {
    const slide = surface(blockProblem(64 * 12, 64 * 12, 5), (tile, row) => (tile % 2 === 0 && row < 2 ? 0 : 3));
    const { outcome, probes } = replayBlocks(slide, { obstacle: 'tiles are of stone' });
    expect(probes.every(({ blocks }) => blocks?.ask === 'scores')).toBe(true);
    expect(outcome.depthMap.planes).toEqual(planTiles(slide).depthMap.planes);
    expect(outcome.notes.join()).toMatch(/not mixed: tiles are of stone; one plane a tile keeps [789]\d/);
  });

  it('should stay the same whatever unit focus is measured in', () => {
    fc.assert(
      fc.property(arbitrarySurface, fc.constantFrom(1 / 1024, 1 / 8, 64, 4096), (slide, factor) => {
        const scaled = {
          ...slide,
          score: (...place: Parameters<BlockSlide['score']>) => factor * slide.score(...place),
        };
        const own = replayBlocks(slide).outcome.depthMap;
        const other = replayBlocks(scaled, { quantum: factor * 1e-6 }).outcome.depthMap;
        expect(other.planes).toEqual(own.planes);
        expect([...other.blocks]).toEqual([...own.blocks]);
      }),
      { numRuns: 40 },
    );
  });

  it('should do without planes that lack the tile', () => {
    const whole = surface(blockProblem(128, 64, 4), (_tile, row) => (row < 1 ? 0 : 3));
    const holed: BlockSlide = {
      ...whole,
      score: (tile, plane, row, column) =>
        plane === 0 && tile === 0 ? Number.NaN : whole.score(tile, plane, row, column),
    };
    const { outcome } = replayBlocks(holed, {}, planTiles(whole));
    expect(blocksOf(outcome, 0)).not.toContain(0);
    expect(blocksOf(outcome, 1)).toContain(0);
  });
});
