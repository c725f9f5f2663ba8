// What can be set of planning: the defaults make sense, what makes none is refused, and what lies beneath is heard.
import { describe, expect, it } from 'vitest';
import { checkPlanOptions } from '../../../src/planner/contract/check-plan-options.js';
import { defaultPlanOptions } from '../../../src/planner/contract/plan-options.js';
import { ScoreTable } from '../../../src/planner/contract/score-table.js';
import { sampleSize } from '../../../src/planner/model/sample.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

const grid = layTileGrid({ width: 4096, height: 4096 }, { width: 256, height: 256 });
const lengths = { comparable: false, reason: 'none' } as const;
const table = new ScoreTable({ level: { level: 0, grid }, coarser: [], planeCount: 5, lengths }, 1);

describe('the options of planning', () => {
  it('should always accept the defaults', () => {
    expect(() => checkPlanOptions(defaultPlanOptions)).not.toThrow();
  });

  it('should never accept what makes no sense', () => {
    const wrong = [{ safety: 0 }, { safety: 1.5 }, { safety: Number.NaN }, { samplePerRoot: 0 }, { leastSample: 0.5 }];
    for (const change of [...wrong, { leastSample: 9, mostSample: 8 }, { mostSample: Number.POSITIVE_INFINITY }]) {
      expect(() => checkPlanOptions({ ...defaultPlanOptions, ...change })).toThrow(Object.keys(change).at(-1));
    }
  });

  it('should always draw as many tiles as they say', () => {
    expect(sampleSize(table, defaultPlanOptions)).toBe(6);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 1 })).toBe(16);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 1, mostSample: 10 })).toBe(10);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 0.1, leastSample: 3 })).toBe(3);
  });
});
