// Presets: what is written is read back, and whatever else a file holds is refused.
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { parsePreset } from '../../src/tuning/preset.js';
import { defaultSettings, describeSettings, type TunedSettings } from '../../src/tuning/tuned-settings.js';

const settings: TunedSettings = { ...defaultSettings(0.995), measure: 'dct-mid', scoreLevel: 2, safety: 0.75 };
const textOf = (preset: unknown) => JSON.stringify(preset);
const withSettings = (changed: Record<string, unknown>) =>
  textOf({ schema: 'zflat.preset/1', settings: { ...settings, ...changed } });

/** The message that a text is refused with. */
function refusalOf(text: string): string {
  try {
    parsePreset(text, 'smears.json');
  } catch (error) {
    if (isSlideError(error, 'usage')) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a preset', () => {
  it('should always be read back as it was written', () => {
    expect(parsePreset(withSettings({}), 'smears.json')).toEqual({ settings, judge: undefined });
    const { settings: found } = parsePreset(withSettings({ scoreLevel: null }), 'smears.json');
    expect(found).toEqual({ ...settings, scoreLevel: null });
  });

  it('should always name the measure that its evidence was judged by, and refuse one that there is not', () => {
    const judgedBy = (judge: unknown) => textOf({ schema: 'zflat.preset/1', settings, evidence: { judge } });
    expect(parsePreset(judgedBy('laplacian'), 'smears.json').judge).toBe('laplacian');
    for (const judge of ['eye', 3, null]) expect(refusalOf(judgedBy(judge))).toContain("the preset's judge is damaged");
  });

  it('should never be taken from what is none, naming the file and what to do', () => {
    const cut = withSettings({}).slice(0, -20);
    const wrong: [string, RegExp][] = [
      ['', /no JSON/],
      [cut, /no JSON/],
      ['[]', /no preset/],
      ['null', /no preset/],
      [textOf({ settings }), /schema zflat.preset\/1, got none/],
      [textOf({ schema: 'zflat.preset/2', settings }), /got "zflat.preset\/2"/],
      [textOf({ schema: 'zflat.preset/1' }), /no settings/],
    ];
    for (const [text, reason] of wrong) {
      expect(refusalOf(text)).toMatch(reason);
      expect(refusalOf(text)).toMatch(/^smears.json: .*zflat tune/);
    }
  });

  it('should never be taken with a setting that is unknown, missing or makes no sense', () => {
    expect(refusalOf(withSettings({ speed: 11 }))).toContain('unknown option: speed');
    expect(refusalOf(withSettings({ safety: undefined }))).toContain('safety is missing');
    expect(refusalOf(withSettings({ safety: '1' }))).toContain("safety: expected a share above 0, at most 1, got '1'");
    expect(refusalOf(withSettings({ safety: 2 }))).toContain('safety: expected a share above 0, at most 1, got 2');
    expect(refusalOf(withSettings({ target: 0 }))).toContain('target: expected');
    expect(refusalOf(withSettings({ subsample: 3 }))).toContain('subsample: expected');
    expect(refusalOf(withSettings({ scoreLevel: -1 }))).toContain(
      'scoreLevel: expected a whole number from 0 to 32, got -1',
    );
    expect(refusalOf(withSettings({ measure: 'eye' }))).toContain('measure: expected one of box-difference');
    expect(refusalOf(withSettings({ method: 'toString' }))).toContain('method: expected one of adaptive');
  });
});

describe('the words for settings', () => {
  it('should only tell what differs from the defaults', () => {
    expect(describeSettings(defaultSettings(0.9))).toBe('defaults');
    expect(describeSettings(settings)).toBe('survey of level 2, dct-mid, safety 0.75');
  });
});
