// The search for settings, on slides whose every score is known: its figures are counted again, its choice is the cheapest.
import { describe, expect, it } from 'vitest';
import { exactAccuracy } from '../../src/planner/contract/accuracy.js';
import { defaultPlanOptions } from '../../src/planner/contract/plan-options.js';
import { exhaustivePixels, probePixels } from '../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../src/planner/contract/run-plan-sync.js';
import { answerFromCube } from '../../src/planner/contract/score-cube.js';
import { planners } from '../../src/planner/planners.js';
import { candidateSettings, isSame } from '../../src/tuning/candidates.js';
import { makePreset } from '../../src/tuning/make-preset.js';
import { drawPareto } from '../../src/tuning/pareto-picture.js';
import { parsePreset } from '../../src/tuning/preset.js';
import {
  paretoFront,
  type SearchProblem,
  type SettingsSearch,
  searchSettings,
} from '../../src/tuning/search-settings.js';
import { type Trial, type TunedSlide, trySettings } from '../../src/tuning/try-settings.js';
import { defaultSettings, type TunedSettings } from '../../src/tuning/tuned-settings.js';
import { cubeOf } from '../arbitraries/score-cube.js';
import type { EvidencePlan } from '../arbitraries/score-cube-evidence.js';
import type { Surface } from '../arbitraries/score-cube-surface.js';

const judge = { measure: 'box-difference', subsample: 1 } as const;
const half = { measure: 'box-difference', subsample: 2 } as const;

/** A slide of 12 x 12 tiles; every second pixel sees it with some error of its own. */
function imagined(seed: number): TunedSlide {
  const surface: Surface = {
    columns: 12,
    rows: 12,
    planeCount: 5,
    shape: 'gravel',
    fault: 'none',
    background: 0.3,
    halfWidth: 1.5,
    noise: 0.01,
    seed,
  };
  const evidence: EvidencePlan = { lengths: 'noisy', pixels: 'noisy', levels: [1, 2] };
  const { scores, ...cube } = cubeOf({ surface, evidence, cut: 0, rounding: 'up' });
  const coarse = scores.map((score, i) => score * (1 + 0.8 * Math.sin(i)));
  const looks = new Map([
    ['box-difference', scores],
    ['box-difference/2', coarse],
  ]);
  return { ...cube, name: `slide ${seed}`, files: [`${seed}.tiff`], looks };
}

function run(problem: SearchProblem): { readonly search: SettingsSearch; readonly runs: number } {
  const search = searchSettings(problem);
  let runs = 0;
  for (;;) {
    const step = search.next();
    if (step.done) return { search: step.value, runs };
    expect(step.value.runs).toBe(++runs);
    expect(step.value.of).toBeGreaterThanOrEqual(runs);
  }
}

/** Cost and retained sharpness, counted by other means: probe by probe. */
function counted(slide: TunedSlide, { method, measure, scoreLevel, ...options }: TunedSettings, seed: number): Trial {
  const name = options.subsample === 1 ? measure : `${measure}/${options.subsample}`;
  const cube = { ...slide, scores: slide.looks.get(name) as Float64Array };
  const answer = answerFromCube(cube);
  let pixels = 0;
  const given = { ...defaultPlanOptions, ...options, scoreLevel: scoreLevel ?? undefined, seed };
  const outcome = runPlanSync(planners[method](slide.problem, given), (probe) => {
    pixels += probePixels(slide.problem, probe);
    return answer(probe);
  });
  const truth = (slide.looks.get('box-difference') as Float64Array).map((score) => score || 0);
  const { retained } = exactAccuracy(truth, slide.problem.planeCount, outcome.depthMap.planes);
  return { seed, cost: pixels / exhaustivePixels(slide.problem), retained };
}

const slides = [3, 4].map(imagined);
const problem: SearchProblem = {
  target: 0.99,
  judge,
  looks: [judge, half],
  tuning: [slides[0]],
  heldOut: [slides[1]],
  heldOutBy: 'slides',
  seeds: 3,
};
const { search } = run(problem);

describe('the candidates', () => {
  it('should always start with the defaults, end with the exhaustive method, and never repeat one', () => {
    const found = candidateSettings(0.99, judge, [judge, half], [1, 2]);
    expect(found[0]).toEqual(defaultSettings(0.99));
    expect(found.at(-1)?.method).toBe('exhaustive');
    for (const [i, a] of found.entries()) expect(found.findIndex((b) => isSame(a, b))).toBe(i);
    expect(found).toHaveLength(3 * 2 * 3 * 4 + 2);
  });
});

describe('the search', () => {
  it('should always have figures that agree with an independent count', () => {
    const { chosen, usual } = search;
    for (const { tuning, heldOut } of [chosen, usual]) {
      for (const trial of tuning.trials[0]) expectSame(trial, counted(slides[0], tuning.settings, trial.seed));
      for (const trial of heldOut.trials[0]) expectSame(trial, counted(slides[1], heldOut.settings, trial.seed));
      expect(tuning.trials[0].map(({ seed }) => seed)).toEqual([1, 2, 3]);
      expect(heldOut.trials[0].map(({ seed }) => seed)).toEqual([4, 5, 6]);
    }
    for (const { settings, trials } of search.tried) {
      for (const trial of trials[0].slice(0, 1)) expectSame(trial, counted(slides[0], settings, trial.seed));
    }
  });

  it('should always choose what keeps the target, and nothing dearer than the defaults that keep it', () => {
    const { chosen, usual } = search;
    expect(chosen.tuning.keeps).toBe(true);
    if (usual.tuning.keeps) expect(chosen.tuning.summary.cost).toBeLessThanOrEqual(usual.tuning.summary.cost);
    const cheaper = search.tried.filter(
      ({ keeps, summary }) => keeps && summary.runs === 3 && summary.cost < 0.95 * chosen.tuning.summary.cost,
    );
    if (search.verdict === 'tuned') expect(cheaper).toEqual([]);
  });

  it('should always be the same again', () => {
    expect(run(problem).search).toEqual(search);
  });

  it('should always fall back on the exhaustive method where nothing else keeps the target', () => {
    const all = run({ ...problem, target: 1, seeds: 1 }).search;
    expect(all.chosen.tuning.summary).toMatchObject({ cost: 1, retained: 1, met: 1 });
    expect(all.verdict).toBe('default');
  });

  it('should never judge a map by the scores that it was made from, but by those of the judge', () => {
    const settings = { ...defaultSettings(0.99), subsample: 2, method: 'exhaustive' as const };
    expect(trySettings(slides[0], judge, settings, 1).retained).toBeLessThan(1);
    expect(trySettings(slides[0], half, settings, 1).retained).toBe(1);
  });
});

describe('the front', () => {
  it('should only hold settings that none beats in both, and beat or equal all others', () => {
    const front = paretoFront(search.tried).map(({ summary }) => summary);
    for (const a of front) for (const b of front) expect(a.cost < b.cost && a.retained > b.retained).toBe(false);
    for (const { summary } of search.tried) {
      expect(front.some(({ cost, retained }) => cost <= summary.cost && retained >= summary.retained)).toBe(true);
    }
  });
});

describe('the preset of a search', () => {
  it('should always be readable, and name slides without folders', () => {
    const preset = makePreset(problem, search, { software: 'zflat', node: 'v20' });
    expect(parsePreset(JSON.stringify(preset), 'p.json')).toEqual({
      settings: search.chosen.tuning.settings,
      judge: 'box-difference',
    });
    expect(preset.evidence.slides.map(({ files, half: of }) => [...files, of])).toEqual([
      ['3.tiff', 'tuning'],
      ['4.tiff', 'held out'],
    ]);
    expect(preset.evidence.heldOut).toBe('slides');
  });

  it('should always say where only seeds were held out', () => {
    const { evidence } = makePreset({ ...problem, heldOut: problem.tuning, heldOutBy: 'seeds' }, search, {
      software: 'zflat',
      node: 'v20',
    });
    expect(evidence).toMatchObject({ heldOut: 'seeds', text: expect.stringContaining('One slide says nothing') });
  });

  it('should always say where bands were held out, and which', () => {
    const bands = { of: 'rows', each: 2 } as const;
    const given: SearchProblem = { ...problem, heldOut: problem.tuning, heldOutBy: 'bands', bands };
    const { evidence } = makePreset(given, search, { software: 'zflat', node: 'v20' });
    expect(evidence).toMatchObject({ heldOut: 'bands', bands });
    expect(evidence.text).toContain('(every other 2 rows of tiles; other seeds)');
  });

  it('should always come with a picture of all that was tried', () => {
    const picture = drawPareto(search, problem.target);
    // Every setting, the front, the default and the chosen one, each told of in words; and the title of the whole.
    expect(picture.match(/<title>/g)).toHaveLength(search.tried.length + paretoFront(search.tried).length + 3);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });
});

function expectSame(a: Trial, b: Trial): void {
  expect(a.cost).toBeCloseTo(b.cost, 12);
  expect(a.retained).toBe(b.retained);
}
