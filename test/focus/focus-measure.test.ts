import { describe, expect, it } from 'vitest';
import {
  defaultMeasure,
  focusMeasureNames,
  isCoefficientMeasure,
  isFocusMeasure,
  pixelMeasures,
} from '../../src/focus/focus-measure.js';
import * as laws from '../laws/focus-measure-laws.js';

/** What is true of a measure beyond what is true of all. */
type Nature = {
  /** Contrast enters as it is, or squared. */
  readonly power: 1 | 2;
  /** Brightness alone changes nothing. */
  readonly ignoresBrightness: boolean;
  /** Rows and columns count alike. */
  readonly symmetric: boolean;
};

const natures: Record<keyof typeof pixelMeasures, Nature> = {
  'box-difference': { power: 1, ignoresBrightness: true, symmetric: true },
  laplacian: { power: 1, ignoresBrightness: true, symmetric: true },
  tenengrad: { power: 2, ignoresBrightness: true, symmetric: true },
  brenner: { power: 2, ignoresBrightness: true, symmetric: false },
  'normalized-variance': { power: 1, ignoresBrightness: false, symmetric: true },
};

describe.each(Object.entries(natures) as [keyof typeof pixelMeasures, Nature][])('%s', (name, nature) => {
  const measure = pixelMeasures[name];

  it('should never be negative or no number', () => laws.neverNegative(measure));
  it('should always be 0 on even ground', () => laws.nothingOnEvenGround(measure));
  it('should always be lowered by blurring', () => laws.blurringLowers(measure));
  it('should always scale with contrast', () => laws.contrastScales(measure, nature.power));
  it('should never see a difference in a mirror', () => laws.flipsChangeNothing(measure));
  it('should only see the part it is given', () => laws.onlyThePartMatters(measure));
  it('should always be estimated by every n-th pixel', () => laws.subsamplesEstimate(measure));

  if (nature.ignoresBrightness)
    it('should never change with light added', () => laws.addingAConstantChangesNothing(measure));
  else {
    it('should only ever fall with light added: it is measured in parts of the mean', () => {
      const luma = laws.textureLuma(40, 40, 3);
      const lighter = laws.mapped(luma, (value) => value + 1000);
      expect(measure(lighter, laws.whole(luma), 1)).toBeLessThan(measure(luma, laws.whole(luma), 1));
    });
  }

  if (nature.symmetric)
    it('should never see a difference with columns for rows', () => laws.transposingChangesNothing(measure));
  else {
    it('should only see differences along rows', () => {
      const rows = {
        width: 20,
        height: 20,
        data: Uint8Array.from({ length: 400 }, (_, i) => 100 * (Math.floor(i / 20) & 1)),
      };
      const columns = { width: 20, height: 20, data: Uint8Array.from({ length: 400 }, (_, i) => 100 * ((i >> 1) & 1)) };
      expect(measure(rows, laws.whole(rows), 1)).toBe(0);
      expect(measure(columns, laws.whole(columns), 1)).toBeGreaterThan(0);
    });
  }
});

describe('the registry of measures', () => {
  it('should only know its own names', () => {
    expect(focusMeasureNames).toEqual([...Object.keys(natures), 'dct-mid', 'dct-low']);
    expect(focusMeasureNames.filter(isCoefficientMeasure)).toEqual(['dct-mid', 'dct-low']);
    expect(isFocusMeasure(defaultMeasure)).toBe(true);
    for (const other of ['', 'toString', 'constructor', '__proto__', 'Laplacian'])
      expect(isFocusMeasure(other)).toBe(false);
  });
});
