import { describe, expect, it } from 'vitest';
import { micrometresPer } from '../../src/slide/length-unit.js';

describe('micrometresPer', () => {
  it('should always know every unit of length that OME names', () => {
    // OME schema 2016-06, UnitsLength.
    const metric = 'Ym Zm Em Pm Tm Gm Mm km hm dam m dm cm mm µm nm pm fm am zm ym'.split(' ');
    const exponents = [24, 21, 18, 15, 12, 9, 6, 3, 2, 1, 0, -1, -2, -3, -6, -9, -12, -15, -18, -21, -24];
    for (const [i, unit] of metric.entries())
      expect([unit, micrometresPer(unit)]).toEqual([unit, Number(`1e${exponents[i] + 6}`)]);
    const others = { Å: 1e-4, thou: 25.4, in: 25_400, ft: 304_800, yd: 914_400, mi: 1_609_344_000 };
    for (const [unit, um] of Object.entries(others)) expect([unit, micrometresPer(unit)]).toEqual([unit, um]);
    expect(micrometresPer('li')).toBeCloseTo(2116.6667, 3);
    expect(micrometresPer('pt')).toBeCloseTo(352.7778, 3);
    for (const unit of ['ua', 'ly', 'pc']) expect(micrometresPer(unit)).toBeGreaterThan(1e17);
  });

  it('should always know micrometres by all their names', () => {
    for (const unit of [
      'um',
      '\u00b5m',
      '\u03bcm',
      'micron',
      'microns',
      'Micron',
      'micrometer',
      'micrometres',
      ' µm ',
    ]) {
      expect([unit, micrometresPer(unit)]).toEqual([unit, 1]);
    }
  });

  it('should always know units that are spelled out, as OME-Zarr has them', () => {
    const words = { nanometer: 1e-3, millimetre: 1e3, centimeters: 1e4, meter: 1e6, kilometre: 1e9, inch: 25_400 };
    for (const [unit, um] of Object.entries({
      ...words,
      angstrom: 1e-4,
      '\u212b': 1e-4,
      foot: 304_800,
      yards: 914_400,
    })) {
      expect([unit, micrometresPer(unit)]).toEqual([unit, um]);
    }
  });

  it('should never take one unit for another by its case, nor know what is none', () => {
    expect(micrometresPer('Mm')).toBe(1e12);
    for (const unit of ['furlong', 'UM', 'sec', 's', '', 'toString', 'xmeter'])
      expect([unit, micrometresPer(unit)]).toEqual([unit, undefined]);
  });

  it('should always tell lengths that are not calibrated from units that are not known', () => {
    for (const unit of ['pixel', 'pixels', 'reference frame']) expect(micrometresPer(unit)).toBe(0);
  });
});
