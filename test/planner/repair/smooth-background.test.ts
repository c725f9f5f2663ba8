import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreTable } from '../../../src/planner/contract/score-table.js';
import { TileRisks } from '../../../src/planner/model/tile-risks.js';
import { smoothBackground } from '../../../src/planner/repair/smooth-background.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

describe('smoothing the background', () => {
  it('should always take the tiles that can lose least, as many as the budget allows', () => {
    const tile = fc.record({ best: fc.constantFrom(51, 60, 60, 90, 140), counted: fc.constantFrom(0.5, 1, 1, 2) });
    const slide = fc.array(tile, { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(slide, fc.nat(1000), fc.nat(110), (tiles, look, percent) => {
        const grid = layTileGrid({ width: tiles.length, height: 1 }, { width: 1, height: 1 });
        const lengths = { comparable: false, reason: 'imagined without' } as const;
        const table = new ScoreTable({ level: { level: 0, grid }, coarser: [], planeCount: 99, lengths }, 1);
        const seen = look % tiles.length;
        table.recall(new Float64Array(99 * tiles.length).fill(Number.NaN).fill(50, 99 * seen, 99 * seen + 1));
        const risks = new TileRisks(tiles.length);
        // No two tiles have one plane: what is smoothed takes another's
        for (const i of tiles.keys()) risks.plane[i] = i + 1;
        const best = Float64Array.from(tiles, (each) => each.best);
        const counted = Float64Array.from(tiles, (each) => each.counted);
        const nothing = new Float64Array(tiles.length);
        const total = counted.reduce((sum, each) => sum + each, 0);
        const weights = {
          best,
          counted,
          content: nothing,
          predicted: nothing,
          rule: { difference: 0, border: 0 },
          total,
        };
        const costs = tiles.map((each) => each.counted * (1 - 50 / each.best));
        const budget = (percent / 100) * costs.reduce((sum, cost) => sum + cost, 0);
        const planes = smoothBackground(table, risks, weights, budget);
        expect(planes[seen]).toBe(seen + 1);
        const others = [...tiles.keys()].filter((i) => i !== seen);
        const smoothed = others.filter((i) => planes[i] !== i + 1);
        const left = others.filter((i) => planes[i] === i + 1);
        const spent = smoothed.reduce((sum, i) => sum + costs[i], 0);
        expect(spent).toBeLessThanOrEqual(budget + 1e-9);
        const cheapest = Math.min(...left.map((i) => costs[i]));
        expect(spent + cheapest).toBeGreaterThan(budget - 1e-9);
        for (const i of smoothed) expect(costs[i]).toBeLessThanOrEqual(cheapest);
      }),
    );
  });
});
