import { describe, expect, it } from 'vitest';
import { planProblem } from '../../src/api/plan-slide.js';
import { createBlockScorer } from '../../src/pipeline/score-blocks.js';
import { unpackChoice } from '../../src/planner/blocks/decide-tile.js';
import { answerLength, blockSideAt, shownBlocks, type TileProbe } from '../../src/planner/contract/plan-rounds.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { TileAddress } from '../../src/slide/tile-address.js';
import { type BlockMeasure, blockNumbers } from '../../src/tile-jobs/block-jobs.js';
import { jpegSlide, jpegTileSide } from '../fixtures/jpeg-slide.js';

const size = { width: 150, height: 100 };
const slideOf = (change?: (address: TileAddress, bytes: Uint8Array) => Uint8Array | undefined) =>
  jpegSlide({ ...size, planes: 3, levels: 2, seed: 3, ...(change && { change }) });
const ask = { plane: 0, subsample: 1, reason: 'blocks' } as const;

describe.each<BlockMeasure>(['coefficients', 'pixels'])('answers about blocks by %s', (measure) => {
  it('should always be the scores of what a tile shows, then the mean luma, on both levels', async () => {
    const source = slideOf();
    const problem = await planProblem(source, 0);
    const score = createBlockScorer(source, problem, measure);
    for (const level of [problem.level, ...problem.coarser]) {
      for (let row = 0; row < level.grid.rows; row++) {
        for (let column = 0; column < level.grid.columns; column++) {
          const place = { level: level.level, row, column, plane: 2 };
          const probe: TileProbe = { ...ask, ...place, blocks: { ask: 'scores' } };
          const side = blockSideAt(problem, level);
          const { count } = shownBlocks(level, probe, side);
          const answer = await score(probe);
          expect(answer.length).toBe(answerLength(problem, probe));
          const shown = {
            width: Math.min(jpegTileSide, level.grid.width - jpegTileSide * column),
            height: Math.min(jpegTileSide, level.grid.height - jpegTileSide * row),
          };
          const tile = (await source.readTile(place)) as EncodedTile;
          expect([...answer]).toEqual([...(await blockNumbers(tile, shown, side, measure))]);
          for (const mean of answer.subarray(count)) expect(mean > 0 && mean < 256).toBe(true);
        }
      }
    }
  });

  it('should always choose as the scores of the planes say, without those that lack the tile', async () => {
    const source = slideOf(({ plane, row }, bytes) => (plane === 1 && row === 0 ? undefined : bytes));
    const problem = await planProblem(source, 0);
    const score = createBlockScorer(source, problem, measure);
    for (const row of [0, 1]) {
      const probe: TileProbe = {
        ...ask,
        level: 0,
        row,
        column: 0,
        blocks: { ask: 'choice', planes: [0, 1, 2], own: 0, noise: 1 },
      };
      const answer = await score(probe);
      expect(answer.length).toBe(answerLength(problem, probe));
      const choice = unpackChoice(Float64Array.from(answer));
      const scores = await Promise.all([0, 1, 2].map((plane) => score({ ...probe, plane, blocks: { ask: 'scores' } })));
      const focus = [...(choice?.blocks ?? [])].reduce((sum, plane, block) => sum + scores[plane][block], 0);
      expect(choice?.focus).toBeCloseTo(focus, 2);
      if (row === 0) expect(choice?.blocks).not.toContain(1);
    }
  });

  it('should list for the tiles below the plane on which each is sharp', async () => {
    const source = slideOf();
    const problem = await planProblem(source, 0);
    const blocks = { ask: 'shortlist', own: [1, 0, 0, 0], noise: 20 } as const;
    const probe: TileProbe = { ...ask, level: 1, row: 0, column: 0, blocks };
    const answer = await createBlockScorer(source, problem, measure)(probe);
    expect(answer.length).toBe(answerLength(problem, probe));
    // In focus from tile to tile: 0 1 / 1 2. The first has it from the start in 1, and needs 0
    for (const [tile, plane] of [0, 1, 1, 2].entries()) expect(answer[3 * tile + plane]).toBeGreaterThan(0);
  });

  it('should say NaN where the slide has no tile, and which tile can not be read', async () => {
    const missing = slideOf(() => undefined);
    const problem = await planProblem(missing, 0);
    const probe: TileProbe = { ...ask, level: 0, row: 1, column: 2, blocks: { ask: 'scores' } };
    // 22 x 36 pixels: 2 x 3 blocks
    expect([...(await createBlockScorer(missing, problem, measure)(probe))]).toEqual(Array(12).fill(Number.NaN));
    const damaged = slideOf(({ plane }, bytes) => (plane === 1 ? bytes.subarray(0, 40) : bytes));
    const choice = { ask: 'choice', planes: [0, 1, 2], own: 0, noise: 1 } as const;
    const answer = createBlockScorer(damaged, problem, measure)({ ...probe, row: 0, column: 1, blocks: choice });
    await expect(answer).rejects.toMatchObject({
      code: 'damaged',
      place: { file: 'memory', level: 0, plane: 1, row: 0, column: 1 },
    });
  });
});
