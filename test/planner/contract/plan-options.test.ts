// What lies beneath planning is heard.
import { describe, expect, it } from 'vitest';
import { defaultPlanOptions } from '../../../src/planner/contract/plan-options.js';
import { ScoreTable } from '../../../src/planner/contract/score-table.js';
import { sampleSize } from '../../../src/planner/model/sample.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

const grid = layTileGrid({ width: 4096, height: 4096 }, { width: 256, height: 256 });
const lengths = { comparable: false, reason: 'none' } as const;
const table = new ScoreTable({ level: { level: 0, grid }, coarser: [], planeCount: 5, lengths }, 1);

describe('the options of planning', () => {
  it('should always draw as many tiles as they say', () => {
    expect(sampleSize(table, defaultPlanOptions)).toBe(6);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 1 })).toBe(16);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 1, mostSample: 10 })).toBe(10);
    expect(sampleSize(table, { ...defaultPlanOptions, samplePerRoot: 0.1, leastSample: 3 })).toBe(3);
  });
});
