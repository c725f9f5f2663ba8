import { expect, test } from 'vitest';
import { defaultSynthSettings, toSynthSettings } from '../../src/synth/synth-options.js';

test('what is not given, or undefined, should be the default', () => {
  expect(toSynthSettings({})).toEqual(defaultSynthSettings);
  expect(toSynthSettings({ width: undefined, seed: 3 })).toEqual({ ...defaultSynthSettings, seed: 3 });
});
