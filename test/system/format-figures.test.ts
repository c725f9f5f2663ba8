import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counted,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatTimes,
  percentDigits,
} from '../../src/system/format-figures.js';

describe('formatPercent', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.024, '2.4 %'],
    [0.5, '50 %'],
    [0.9, '90 %'],
    [0.9996, '99.96 %'],
    [0.99992, '99.992 %'],
    [0.999999, '99.9999 %'],
    [0.99999999, 'above 99.9999 %'],
    [0.000012, '0.0012 %'],
    [1e-9, 'below 0.0001 %'],
    [1.043, '104.3 %'],
    [Number.NaN, 'unknown'],
  ])('should show %d as %s', (share, shown) => {
    expect(formatPercent(share)).toBe(shown);
  });

  it('should never say all or nothing of what is not quite', () => {
    const shares = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(shares, (share) => {
        expect(['0 %', '100 %']).not.toContain(formatPercent(share));
      }),
    );
  });

  it('should be within a quarter of the distance to all or nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 1 - 1e-5, noNaN: true }), (share) => {
        const shown = Number.parseFloat(formatPercent(share)) / 100;
        expect(Math.abs(shown - share)).toBeLessThanOrEqual(0.26 * Math.min(share, 1 - share) + 1e-12);
      }),
    );
  });
});

describe('counted', () => {
  it('should always be of one or of several', () => {
    expect([0, 1, 2, 1234].map((count) => counted(count, 'tile'))).toEqual([
      '0 tiles',
      '1 tile',
      '2 tiles',
      '1,234 tiles',
    ]);
    expect([1, 3].map((count) => counted(count, 'tile mixes', 'tiles mix'))).toEqual(['1 tile mixes', '3 tiles mix']);
  });
});

describe('percentDigits', () => {
  it('should always have so many decimals', () => {
    expect([percentDigits(0.99951), percentDigits(1, 1), percentDigits(Number.NaN)]).toEqual([
      '99.95',
      '100.0',
      'unknown',
    ]);
  });
});

describe('other figures', () => {
  it('should be as people write them', () => {
    expect([0, 999, 1000, 8666710016, 0.253, -2.5].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '8,666,710,016',
      '0.253',
      '-2.5',
    ]);
    expect([0, 480, 999.6, 12_345, 59_960, 185_000, 7_440_000].map(formatDuration)).toEqual([
      '0 ms',
      '480 ms',
      '1.0 s',
      '12.3 s',
      '1 min 00 s',
      '3 min 05 s',
      '2 h 04 min',
    ]);
    expect([0, 999, 1000, 402_118_904, 1_350_000_000, 999_600_000].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.00 kB',
      '402 MB',
      '1.35 GB',
      '1.00 GB',
    ]);
    expect([1, 3.14, 9.96, 41.6, Number.POSITIVE_INFINITY].map(formatTimes)).toEqual([
      '1.0 times',
      '3.1 times',
      '10 times',
      '42 times',
      'unknown',
    ]);
  });
});
