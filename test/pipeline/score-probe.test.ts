import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, grey, halved, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { planProblem } from '../../src/api/plan-slide.js';
import { defaultMeasure, pixelMeasures } from '../../src/focus/focus-measure.js';
import { createProbeScorer } from '../../src/pipeline/score-probe.js';
import { answerLength, type TileProbe } from '../../src/planner/contract/plan-rounds.js';
import { lumaOf, type Raster } from '../../src/slide/raster.js';
import { memorySlide } from '../fixtures/memory-slide.js';

const tile = { width: 16, height: 16 };
const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);

const arbitraryStack = fc.record({
  width: fc.integer({ min: 5, max: 70 }),
  height: fc.integer({ min: 5, max: 70 }),
  colour: fc.boolean(),
  seed: fc.nat(500),
});

function planesOf({
  width,
  height,
  colour,
  seed,
}: {
  width: number;
  height: number;
  colour: boolean;
  seed: number;
}): Raster[] {
  return [0, 1].map((z) => sharpPicture({ width, height }, colour ? rgb : grey('uint8'), seed + z));
}

describe('createProbeScorer', () => {
  it('should always score just the part of a tile that shows the slide', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryStack, fc.constantFrom(1, 2, 4), async (stack, subsample) => {
        const planes = planesOf(stack);
        const source = memorySlide(planes, tile, 1);
        const problem = await planProblem(source, 0);
        const score = createProbeScorer(source, problem, defaultMeasure);
        const { columns, rows } = problem.level.grid;
        for (const probe of [
          { row: 0, column: 0 },
          { row: rows - 1, column: columns - 1 },
        ]) {
          const [answer, ...more] = await score({ ...probe, level: 0, plane: 1, subsample, reason: 'search' });
          const shown = {
            width: Math.min(16, stack.width - 16 * probe.column),
            height: Math.min(16, stack.height - 16 * probe.row),
          };
          const luma = lumaOf(cut(planes[1], 16 * probe.column, 16 * probe.row, shown));
          expect(answer).toBe(pixelMeasures['box-difference'](luma, { x: 0, y: 0, ...shown }, subsample));
          expect(more).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('should always answer a coarser tile with one number for every tile below it', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryStack, fc.constantFrom(1, 2), async (stack, level) => {
        const source = memorySlide(planesOf(stack), tile, 3);
        const problem = await planProblem(source, 0);
        const score = createProbeScorer(source, problem, defaultMeasure);
        const { grid } = source.info.levels[level];
        let answers = 0;
        for (let row = 0; row < grid.rows; row++) {
          for (let column = 0; column < grid.columns; column++) {
            const probe: TileProbe = { level, plane: 0, row, column, subsample: 1, reason: 'survey' };
            const answer = await score(probe);
            expect(answer).toHaveLength(answerLength(problem, probe));
            answers += answer.length;
          }
        }
        // Each tile below is answered for; where rounding leaves a coarser level without the last row or column, it is not.
        const { columns, rows } = problem.level.grid;
        const reached = Math.min(rows, grid.rows * 2 ** level) * Math.min(columns, grid.columns * 2 ** level);
        expect(answers).toBe(reached);
      }),
      { numRuns: 40 },
    );
  });

  it('should always give each part of a coarser tile to the tile that it shows', async () => {
    // Texture under one tile of level 0 alone: at level 2, that one alone has any sharpness.
    const side = 64;
    for (const [row, column] of [
      [0, 0],
      [1, 3],
      [3, 2],
    ]) {
      const texture = sharpPicture({ width: side, height: side }, grey('uint8'), 3);
      const inTile = (i: number) => Math.floor(i / side / 16) === row && Math.floor((i % side) / 16) === column;
      const plane = { ...texture, data: Uint8Array.from(texture.data, (value, i) => (inTile(i) ? value : 128)) };
      const source = memorySlide([plane], tile, 3);
      const problem = await planProblem(source, 0);
      const probe: TileProbe = { level: 2, plane: 0, row: 0, column: 0, subsample: 1, reason: 'survey' };
      const answer = await createProbeScorer(source, problem, defaultMeasure)(probe);
      expect(answer[4 * row + column]).toBeGreaterThan(0);
      expect(sum(answer)).toBe(answer[4 * row + column]);
      const picture = halved(halved(plane, 'down'), 'down');
      expect(sum(answer)).toBe(
        pixelMeasures.laplacian(lumaOf(picture), { x: 4 * column, y: 4 * row, width: 4, height: 4 }, 1),
      );
    }
  });

  it('should always answer NaN where the slide has no tile', async () => {
    const source = memorySlide(
      planesOf({ width: 40, height: 40, colour: true, seed: 1 }),
      tile,
      2,
      ({ column }) => column === 1,
    );
    const score = createProbeScorer(source, await planProblem(source, 0), defaultMeasure);
    const base = { plane: 0, row: 0, subsample: 1, reason: 'search' } as const;
    expect(await score({ ...base, level: 0, column: 1 })).toEqual(Float64Array.of(Number.NaN));
    expect(await score({ ...base, level: 1, column: 1 })).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    expect((await score({ ...base, level: 0, column: 0 }))[0]).toBeGreaterThan(0);
  });

  it('should always say which tile can not be decoded', async () => {
    const source = memorySlide(planesOf({ width: 40, height: 40, colour: true, seed: 1 }), tile, 1);
    const short = {
      ...source,
      readTile: async () => ({ bytes: new Uint8Array(5), encoding: source.tileEncoding(0, 0) }),
    };
    const score = createProbeScorer(short, await planProblem(source, 0), defaultMeasure);
    await expect(
      score({ level: 0, plane: 1, row: 2, column: 0, subsample: 1, reason: 'search' }),
    ).rejects.toMatchObject({
      code: 'damaged',
      place: { file: 'memory', level: 0, plane: 1, row: 2, column: 0 },
    });
  });
});
