import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreTable } from '../../../src/planner/contract/score-table.js';
import { weighTiles } from '../../../src/planner/model/content.js';
import { strongestPlane } from '../../../src/planner/model/evidence.js';
import { expectedLoss, rateTiles, type SlideModel, savings } from '../../../src/planner/model/slide-model.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';
import { SearchQueue } from '../../../src/planner/search/search-queue.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

const [columns, rows, planeCount] = [9, 7, 5];
const tileCount = columns * rows;

function imagine(seed: number) {
  const tile = { width: 16, height: 16 };
  const grid = layTileGrid({ width: 16 * columns, height: 16 * rows }, tile);
  const lengths = { comparable: false, reason: 'imagined without' } as const;
  const table = new ScoreTable({ level: { level: 0, grid }, coarser: [], planeCount, lengths }, 1);
  const numbers = (length: number, what: number) =>
    Float64Array.from({ length }, (_, i) => 0.1 + uniform(seed, what, i));
  const logF = numbers(tileCount * planeCount, 1);
  const best = numbers(tileCount, 3);
  const forecast = {
    logF,
    residualVariance: numbers(tileCount, 2),
    best,
    bestSpread: numbers(tileCount, 4),
    signalFraction: best,
  };
  const model: SlideModel = {
    forecast,
    bestGuesses: Int16Array.from({ length: tileCount }, (_, i) => strongestPlane(logF, planeCount, i)),
    varianceInflation: 1,
    fit: { slope: 1, spread: 1, falloff: 0, meanContent: 0, likelihood: 0 },
    weights: weighTiles(forecast, table),
    lossCalibration: 0.7,
    caution: 1,
    blindLoss: 0,
  };
  return { table, model };
}

/** Looks at one plane more of each tile. */
function scoreOnce(table: ScoreTable, tiles: readonly number[], seed: number): void {
  const looks = tiles.map((tile) => ({ tile, plane: table.scoredPlanes[tile] }));
  const step = table.score(looks, 'search');
  const asked = step.next();
  if (!asked.done) step.next(Float64Array.from(asked.value, (_, i) => 0.2 + uniform(seed, 9, i)));
}

describe('what a search goes by', () => {
  it('should always be as if all tiles were rated anew', () => {
    const rounds = fc.array(
      fc.record({ count: fc.nat(20), varianceInflation: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true })) }),
    );
    fc.assert(
      fc.property(fc.nat(9999), rounds, (seed, all) => {
        const { table, model: first } = imagine(seed);
        let model = first;
        const queue = new SearchQueue(table, { model, risks: rateTiles(table, model) });
        for (const { count, varianceInflation } of all) {
          const tiles = Array.from({ length: count }, () => queue.next()).filter((tile) => tile >= 0);
          scoreOnce(table, tiles, seed);
          model = { ...model, varianceInflation: varianceInflation ?? model.varianceInflation };
          if (varianceInflation === null) queue.rate(tiles, model);
          else queue.rateAll(model);

          const risks = rateTiles(table, model);
          expect(queue.risks).toEqual(risks);
          const { mean, variance } = expectedLoss(risks, model);
          expect(queue.expectedLoss(model).mean).toBeCloseTo(mean, 9);
          expect(queue.expectedLoss(model).variance).toBeCloseTo(variance, 9);
          const saving = savings(risks, model.weights);
          const next = queue.next();
          const largest = saving.reduce((max, each) => Math.max(max, each), 0);
          if (largest === 0) expect(next).toBe(-1);
          else expect([next, queue.saving(next)]).toEqual([saving.indexOf(largest), largest]);
          if (next >= 0) queue.putBack(next);
        }
      }),
    );
  });
});
