import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heightLabels, labelledPlanes } from '../../../src/drawing/heatmap/plane-legend.js';
import { evenPlanes } from '../../../src/slide/focal-planes.js';
import { formatCount, formatShare } from '../../../src/system/format-figures.js';

describe('labelledPlanes', () => {
  it('should always name both ends, in order, and never so many that their lines touch', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 65_536 })), (count) => {
        const rowHeight = Math.min(26, 460 / count);
        const named = labelledPlanes(count, rowHeight);
        expect(named[0]).toBe(0);
        expect(named[named.length - 1]).toBe(count - 1);
        for (let i = 1; i < named.length; i++) {
          expect(named[i]).toBeGreaterThan(named[i - 1]);
          expect((named[i] - named[i - 1]) * rowHeight).toBeGreaterThanOrEqual(22);
        }
      }),
    );
  });

  it('should name all where there is room, else round numbers', () => {
    expect(labelledPlanes(7, 26)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(labelledPlanes(60, 460 / 60)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 59]);
  });
});

describe('heightLabels', () => {
  it('should give all heights the decimals of the finest', () => {
    expect(heightLabels(evenPlanes(3, 1))).toEqual(['0', '1', '2']);
    expect(heightLabels(evenPlanes(3, 0.75))).toEqual(['0.00', '0.75', '1.50']);
    expect(heightLabels(evenPlanes(3, 1 / 3))).toEqual(['0.000', '0.333', '0.667']);
    expect(heightLabels(evenPlanes(2))).toEqual(['', '']);
    expect(
      heightLabels([
        { plane: 0, zUm: -1.5 },
        { plane: 1, zUm: undefined },
      ]),
    ).toEqual(['-1.5', '']);
  });
});

describe('figures in pictures', () => {
  it('should be short, and never say all or nothing of what is not quite', () => {
    expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
    const shares = [0, 0.0004, 0.001, 0.034, 0.0996, 0.123, 0.9949, 0.9999, 1];
    expect(shares.map(formatShare)).toEqual([
      '0 %',
      '< 0.1 %',
      '0.1 %',
      '3.4 %',
      '10 %',
      '12 %',
      '99 %',
      '> 99 %',
      '100 %',
    ]);
  });
});
