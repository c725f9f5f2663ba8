// Options are refused before anything is opened, in the same words from a program and from the command line.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOptions } from '../../src/api/compare/compare-methods.js';
import { mapOptions } from '../../src/api/map-slide.js';
import { rankOptions } from '../../src/api/rank-images.js';
import { synthesizeOptions } from '../../src/api/synthesize-slide.js';
import { tuneOptions } from '../../src/api/tune/tune-slides.js';
import { verifyOptions } from '../../src/api/verify-slide.js';
import { checkFlags, optionsOf } from '../../src/cli/flags.js';
import { isSlideError } from '../../src/errors.js';
import { flattenOptions } from '../../src/flatten-slide.js';
import { flattenSlide, mapSlide, openSlide, rankImages, synthesizeSlide, tuneSlides } from '../../src/index.js';
import { checkOptions, expectation, matches } from '../../src/options/check-options.js';
import { type AnyTable, defaultsOf, flagOf } from '../../src/options/option-table.js';
import { parseValue } from '../../src/options/parse-value.js';

const tables: Readonly<Record<string, AnyTable>> = {
  flattenOptions,
  mapOptions,
  compareOptions,
  tuneOptions,
  rankOptions,
  verifyOptions,
  synthesizeOptions,
};

/** The message of a refusal; "accepted" where there is none. */
function refusalOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (isSlideError(error, 'usage')) return error.message;
    throw error;
  }
  return 'accepted';
}

const ofProgram = (given: object) => refusalOf(() => checkOptions([flattenOptions], given));

describe('the options of every verb', () => {
  it('should always have defaults that are accepted', () => {
    for (const [name, table] of Object.entries(tables)) {
      expect([name, refusalOf(() => checkOptions([table], defaultsOf(table)))]).toEqual([name, 'accepted']);
    }
  });

  it('should always say what each is for, and of values what stands for them', () => {
    for (const [name, row] of Object.values(tables).flatMap((table) => Object.entries(table))) {
      expect([name, row.text.length > 3]).toEqual([name, true]);
      if (row.kind !== 'switch' && flagOf(name, row) !== null)
        expect([name, typeof row.unit]).toEqual([name, 'string']);
    }
  });
});

describe('checkOptions', () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ target: 99.9 }, 'target: expected a share above 0, at most 1, got 99.9 (99.9 % is 0.999)'],
    [{ target: 0 }, 'target: expected a share above 0, at most 1, got 0'],
    [{ maxCost: 5 }, 'maxCost: expected a share above 0, at most 1, got 5 (5 % is 0.05)'],
    [{ maxCost: 0 }, 'maxCost: expected a share above 0, at most 1, got 0'],
    [{ subsample: 3 }, 'subsample: expected one of 1, 2, 4, 8, got 3'],
    [{ method: 'quick' }, "method: expected one of adaptive, quadtree, exhaustive, got 'quick'"],
    [{ level: 0.5 }, 'level: expected a whole number from 0 to 32, got 0.5'],
    [{ tileSize: 100 }, 'tileSize: expected a whole number from 16 to 4096, a multiple of 16, got 100'],
    [{ zStepUm: 0 }, 'zStepUm: expected a number above 0, got 0'],
    [{ concurrency: 1025 }, 'concurrency: expected a whole number from 1 to 1024, got 1025'],
    [{ channel: -1 }, 'channel: expected an index, which counts from 0, or a name, got -1'],
  ];

  it('should always say what it expected and what it got', () => {
    for (const [given, message] of wrong) expect(ofProgram(given)).toBe(message);
  });

  it('should always refuse in the same words what the command line says, but for the spelling of names', () => {
    for (const [given, message] of wrong) {
      const [[name, value]] = Object.entries(given);
      const row = (flattenOptions as AnyTable)[name];
      const flag = flagOf(name, row) as string;
      const attribute = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const said = optionsOf(flattenOptions, { [attribute]: String(value) });
      // As text, a number below 0 is a name.
      if (name === 'channel') continue;
      expect(refusalOf(() => checkFlags(flattenOptions, said))).toBe(message.replace(name, `--${flag}`));
    }
  });

  it('should always name an unknown option before one that is wrong, and that before one that is missing', () => {
    const table = { ...flattenOptions, output: { kind: 'text', text: 'the slide to write', required: true } } as const;
    const of = (given: object) => refusalOf(() => checkOptions([table], given));
    expect(of({ target: 2, taget: 0.9 })).toMatch(/^unknown option: taget \(the options are .*target/);
    expect(of({ target: 2 })).toMatch(/^target: expected/);
    expect(of({ target: 1 })).toBe('output: it is missing: the slide to write');
  });

  it('should always hold options that bound each other against each other', () => {
    expect(ofProgram({ leastSample: 9, mostSample: 8 })).toBe('mostSample: expected 9 or more, got 8');
    expect(ofProgram({ leastSample: 8, mostSample: 8 })).toBe('accepted');
  });

  it('should always look into what is nested, and never refuse what is undefined', () => {
    expect(ofProgram({ network: { timeoutMs: 0 } })).toMatch(/^network\.timeoutMs: expected a number above 0/);
    expect(ofProgram({ network: { proxy: 'x' } })).toMatch(/^unknown option: proxy/);
    expect(ofProgram({ network: { token: undefined, headers: [['a', 'b']] }, target: undefined })).toBe('accepted');
  });

  it('should only ever accept shares above 0, at most 1', () => {
    fc.assert(
      fc.property(fc.double(), (share) => {
        expect(matches({ kind: 'share' }, share)).toBe(share > 0 && share <= 1);
      }),
    );
  });

  it('should only ever accept numbers within their bounds', () => {
    const bound = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(bound, bound, fc.boolean(), fc.double({ min: -60, max: 60, noNaN: true }), (a, b, whole, value) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const kind = { kind: 'number', from, to, whole } as const;
        expect(matches(kind, value)).toBe(value >= from && value <= to && (!whole || Number.isInteger(value)));
        expect(expectation(kind)).toContain(`from ${from} to ${to}`);
      }),
    );
  });
});

describe('values from text', () => {
  it('should always be what they were written from', () => {
    const { channel, target, subsample, prove } = flattenOptions;
    expect([parseValue(channel, '3'), parseValue(channel, 'DAPI')]).toEqual([3, 'DAPI']);
    expect([parseValue(target, '.999'), parseValue(subsample, '2'), parseValue(prove, 'true')]).toEqual([
      0.999,
      2,
      true,
    ]);
    expect(parseValue(tuneOptions.measures, 'laplacian, brenner')).toEqual(['laplacian', 'brenner']);
  });

  it('should always stay text where they mean nothing, for the check to refuse', () => {
    for (const text of ['', ' ', 'many', '1,5']) {
      const value = parseValue(flattenOptions.target, text);
      expect([text, value, matches(flattenOptions.target, value)]).toEqual([text, text, false]);
    }
  });
});

describe('every verb', () => {
  const nowhere = '/nowhere/smear.ome.tiff';
  const verbs: Readonly<Record<string, (options: never) => Promise<unknown>>> = {
    flatten: (options) => flattenSlide(nowhere, '/nowhere/flat.ome.tiff', options),
    map: (options) => mapSlide(nowhere, options),
    open: (options) => openSlide(nowhere, options),
    rank: (options) => rankImages([nowhere, nowhere], options),
    tune: (options) => tuneSlides([nowhere], options),
    synthesize: (options) => synthesizeSlide('/nowhere/synth.ome.tiff', options),
  };

  it('should always refuse before it opens anything', async () => {
    for (const [name, verb] of Object.entries(verbs)) {
      await expect([name, await verb({ speed: 11 } as never).catch(({ message }: Error) => message)]).toEqual([
        name,
        expect.stringMatching(/^unknown option: speed/),
      ]);
    }
    await expect(flattenSlide(nowhere, '/nowhere/flat', {})).rejects.toThrow('does not say what is to be written');
  });
});

describe('a synthetic slide', () => {
  it('should never be made of what makes no sense', () => {
    const nonsense = [
      ...[{ width: 0 }, { height: 12.5 }, { height: Number.NaN }, { tileSize: -256 }, { planeCount: 0 }],
      ...[{ planeCount: 1001 }, { zStepUm: 0 }, { blurPerPlane: -1 }, { noise: -0.1 }, { noise: Infinity }],
      ...[{ stain: [1, 1, 4.1] }, { stain: [-0.1, 1, 1] }, { stain: [1, 1] }, { exposureDrift: 91 }],
      ...[{ clumpDensity: -1 }, { seed: 0.5 }, { seed: -1 }, { terrain: 'moon' }],
    ];
    for (const given of nonsense) {
      expect([given, refusalOf(() => checkOptions([synthesizeOptions], given))]).toEqual([
        given,
        expect.stringMatching(new RegExp(`^${Object.keys(given)[0]}: expected `)),
      ]);
    }
    expect(refusalOf(() => checkOptions([synthesizeOptions], { terrain: 'moon' }))).toContain('gravel');
  });
});
