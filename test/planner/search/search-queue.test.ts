import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreBoard } from '../../../src/planner/contract/score-table.js';
import { weighTiles } from '../../../src/planner/model/content.js';
import { strongestPlane } from '../../../src/planner/model/evidence.js';
import { type Belief, lossOutlook, rateTiles, savings } from '../../../src/planner/model/slide-model.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';
import { Prospects } from '../../../src/planner/search/search-queue.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

const [columns, rows, planeCount] = [9, 7, 5];
const tileCount = columns * rows;

function imagine(seed: number) {
  const tile = { width: 16, height: 16 };
  const grid = layTileGrid({ width: 16 * columns, height: 16 * rows }, tile);
  const lengths = { comparable: false, reason: 'imagined without' } as const;
  const board = new ScoreBoard({ level: { level: 0, grid }, coarser: [], planeCount, lengths }, 1);
  const numbers = (length: number, what: number) =>
    Float64Array.from({ length }, (_, i) => 0.1 + uniform(seed, what, i));
  const logF = numbers(tileCount * planeCount, 1);
  const best = numbers(tileCount, 3);
  const forecast = { logF, openness: numbers(tileCount, 2), best, bestSpread: numbers(tileCount, 4), stake: best };
  const belief: Belief = {
    forecast,
    favourites: Int16Array.from({ length: tileCount }, (_, i) => strongestPlane(logF, planeCount, i)),
    widening: 1,
    fit: { slope: 1, spread: 1, falloff: 0, meanContent: 0, likelihood: 0 },
    weights: weighTiles(forecast, board),
    kappa: 0.7,
    caution: 1,
    blindLoss: 0,
  };
  return { board, belief };
}

/** Looks at one plane more of each tile. */
function lookOnce(board: ScoreBoard, tiles: readonly number[], seed: number): void {
  const looks = tiles.map((tile) => ({ tile, plane: board.looked[tile] }));
  const asking = board.look(looks, 'search');
  const asked = asking.next();
  if (!asked.done) asking.next(Float64Array.from(asked.value, (_, i) => 0.2 + uniform(seed, 9, i)));
}

describe('what a search goes by', () => {
  it('should always be as if all tiles were rated anew', () => {
    const rounds = fc.array(fc.record({ count: fc.nat(20), widening: fc.option(fc.double({ min: 0.5, max: 2 })) }));
    fc.assert(
      fc.property(fc.nat(9999), rounds, (seed, all) => {
        const { board, belief: first } = imagine(seed);
        let belief = first;
        const prospects = new Prospects(board, { belief, views: rateTiles(board, belief) });
        for (const { count, widening } of all) {
          const tiles = Array.from({ length: count }, () => prospects.next()).filter((tile) => tile >= 0);
          lookOnce(board, tiles, seed);
          belief = { ...belief, widening: widening ?? belief.widening };
          if (widening === null) prospects.rate(tiles, belief);
          else prospects.rateAll(belief);

          const views = rateTiles(board, belief);
          expect(prospects.views).toEqual(views);
          const { mean, variance } = lossOutlook(views, belief);
          expect(prospects.risked(belief).mean).toBeCloseTo(mean, 9);
          expect(prospects.risked(belief).variance).toBeCloseTo(variance, 9);
          const saving = savings(views, belief.weights);
          const next = prospects.next();
          const largest = saving.reduce((most, each) => Math.max(most, each), 0);
          if (largest === 0) expect(next).toBe(-1);
          else expect([next, prospects.saving(next)]).toEqual([saving.indexOf(largest), largest]);
          if (next >= 0) prospects.putBack(next);
        }
      }),
    );
  });
});
