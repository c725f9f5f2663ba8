// What a slide of any size takes: looks, rounds, and memory by the tile.
import { describe, expect, it } from 'vitest';
import { planLargeSlide } from '../../experiments/harness/time/plan-large-slide.js';
import type { TileProbe } from '../../src/planner/contract/plan-rounds.js';
import { roundSize, ScoreTable } from '../../src/planner/contract/score-table.js';
import { TileRisks } from '../../src/planner/model/tile-risks.js';
import { onAllPlanes, surveyLevel } from '../../src/planner/survey/survey.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';

const tile = { width: 256, height: 256 };

describe('a large slide', () => {
  it('should always be planned from its lengths with few looks in few rounds', () => {
    const size = { columns: 120, rows: 100, planeCount: 15 };
    const { tiles, planes, probes, rounds, outcome } = planLargeSlide(size);
    expect([tiles, planes]).toEqual([12_000, 15]);
    expect(outcome.targetMet).toBe(true);
    expect(outcome.evidence?.name).toBe('compressed lengths');
    const looked = outcome.depthMap.looked.reduce((sum, count) => sum + count, 0);
    expect(probes).toBe(looked);
    expect(probes).toBeLessThan(0.03 * tiles * planes);
    expect(rounds).toBeLessThan(30);
  });

  it('should take hardly more looks where risks may lag than where they may not', () => {
    // One more row of tiles, and they may
    const [exact, lagging] = [199, 200].map((rows) => planLargeSlide({ columns: 250, rows, planeCount: 7 }));
    expect([exact.tiles, lagging.tiles]).toEqual([49_750, 50_000]);
    expect([exact.outcome.targetMet, lagging.outcome.targetMet]).toEqual([true, true]);
    expect(lagging.probes).toBeLessThan(1.15 * exact.probes);
  });

  it('should always be the same slide', () => {
    const size = { columns: 30, rows: 20, planeCount: 5 };
    expect(planLargeSlide(size).outcome).toEqual(planLargeSlide(size).outcome);
  });

  it('should never be held as a list of objects: risks take 31 bytes a tile', () => {
    const risks = new TileRisks(1000);
    const arrays = Object.values(risks) as { readonly byteLength: number }[];
    expect(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(31 * 1000);
  });

  it('should never be surveyed in one round', () => {
    const grid = layTileGrid({ width: 60 * 256, height: 50 * 256 }, tile);
    const coarse = { level: 1, grid: layTileGrid({ width: 30 * 256, height: 25 * 256 }, tile) };
    const lengths = { comparable: false, reason: 'imagined without' } as const;
    const problem = { level: { level: 0, grid }, coarser: [coarse], planeCount: 15, lengths };
    const asked: TileProbe[][] = [];
    const rounds = surveyLevel(new ScoreTable(problem, 1), coarse);
    for (let step = rounds.next(); !step.done; ) {
      asked.push([...step.value]);
      step = rounds.next(new Float64Array(4 * step.value.length).fill(7));
    }
    expect(asked.map(({ length }) => length)).toEqual([roundSize, 30 * 25 * 15 - roundSize]);
    const order = asked.flat().map(({ row, column, plane }) => ({ tile: row * 30 + column, plane }));
    expect(order).toEqual([
      ...onAllPlanes(
        Array.from({ length: 30 * 25 }, (_, i) => i),
        15,
      ),
    ]);
  });
});
