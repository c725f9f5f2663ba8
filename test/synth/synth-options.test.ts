import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { defaultSynthSettings, type SynthOptions, toSynthSettings } from '../../src/synth/synth-options.js';

const nonsense: SynthOptions[] = [
  { width: 0 },
  { height: 12.5 },
  { height: Number.NaN },
  { tileSize: -256 },
  { planeCount: 0 },
  { planeCount: 1001 },
  { zStepUm: 0 },
  { blurPerPlane: -1 },
  { noise: -0.1 },
  { noise: Number.POSITIVE_INFINITY },
  { stain: [1, 1, 4.1] },
  { stain: [-0.1, 1, 1] },
  { stain: [1, 1] as never },
  { exposureDrift: -1 },
  { exposureDrift: 91 },
  { clumpDensity: -1 },
  { seed: 0.5 },
  { seed: -1 },
  { terrain: 'moon' as 'flat' },
];

test.each(nonsense)('%j should be refused as wrong usage', (options) => {
  expect(() => toSynthSettings(options)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('a refusal should say what was expected, and what terrains there are', () => {
  try {
    toSynthSettings({ terrain: 'moon' as 'flat' });
    expect.unreachable();
  } catch (error) {
    expect(isSlideError(error, 'usage') && error.message).toContain("expected a terrain, got 'moon'");
    expect(isSlideError(error) && error.hint).toContain('gravel');
  }
});

test('what is not given, or undefined, should be the default', () => {
  expect(toSynthSettings({})).toEqual(defaultSynthSettings);
  expect(toSynthSettings({ width: undefined, seed: 3 })).toEqual({ ...defaultSynthSettings, seed: 3 });
});

test('sound sizes should never be refused', () => {
  const side = fc.integer({ min: 1, max: 2 ** 24 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      expect(toSynthSettings({ width, height })).toMatchObject({ width, height });
    }),
  );
});
