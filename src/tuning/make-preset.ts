// From a finished search to a preset: the settings, the figures they rest on, and a sentence that says what to think of them.
import { tileCount } from '../slide/tile-grid.js';
import { formatPercent } from '../system/format-figures.js';
import { type Preset, type PresetEvidence, presetSchema } from './preset.js';
import { type Halves, paretoFront, type SearchProblem, type SettingsSearch } from './search-settings.js';
import { summarise } from './try-settings.js';
import { describeSettings, lookName } from './tuned-settings.js';

export function makePreset(
  problem: SearchProblem,
  search: SettingsSearch,
  made: { readonly software: string; readonly node: string },
): Preset {
  const { target, judge, heldOutBy, bands, seeds } = problem;
  const { chosen, usual, tried } = search;
  const half = (of: keyof Halves) => ({ chosen: chosen[of].summary, default: usual[of].summary });
  const slidesOf = (of: keyof Halves, name: 'tuning' | 'held out') =>
    problem[of].map((slide, i) => ({
      name: slide.name,
      files: slide.files,
      tiles: slide.judged?.reduce((sum, is) => sum + is, 0) ?? tileCount(slide.problem.level.grid),
      planes: slide.problem.planeCount,
      half: name,
      chosen: summarise(chosen[of].trials[i], target),
      default: summarise(usual[of].trials[i], target),
    }));
  const seedsFrom = (first: number) => Array.from({ length: seeds }, (_, i) => first + i);
  const evidence: PresetEvidence = {
    verdict: search.verdict === 'tuned' ? 'tuned' : 'default',
    text: verdictText(problem, search),
    judge: lookName(judge),
    heldOut: heldOutBy,
    ...(bands && { bands }),
    seeds: { tuning: seedsFrom(1), heldOut: seedsFrom(seeds + 1) },
    tried: tried.length,
    halves: { tuning: half('tuning'), heldOut: half('heldOut') },
    slides: [...slidesOf('tuning', 'tuning'), ...slidesOf('heldOut', 'held out')],
    pareto: paretoFront(tried).map(({ settings, summary, keeps }) => ({ settings, ...summary, keeps })),
    ...made,
  };
  return { schema: presetSchema, settings: chosen.tuning.settings, evidence };
}

function verdictText({ target, heldOutBy, bands }: SearchProblem, { chosen, usual, verdict }: SettingsSearch): string {
  const cost = (half: keyof Halves, of: Halves) => formatPercent(of[half].summary.cost);
  const kept = `keeps at least ${formatPercent(target)} of the sharpness`;
  const sentences: string[] = [];
  if (verdict === 'tuned') {
    const before = usual.tuning.keeps ? `the defaults need ${cost('tuning', usual)}` : 'the defaults do not keep it';
    const words = describeSettings(chosen.tuning.settings);
    sentences.push(`Tuned: ${words}. It ${kept} for ${cost('tuning', chosen)} of the exhaustive cost; ${before}.`);
  } else if (verdict === 'default') {
    sentences.push(`The default is as good: it ${kept} for ${cost('tuning', chosen)} of the exhaustive cost.`);
  } else {
    sentences.push('The default stays: what was cheaper on the tuning half missed the target on the held-out half.');
  }
  const { met } = chosen.heldOut.summary;
  const where = {
    slides: 'On the slides held out',
    bands: `On the bands of the slide that were held out (every other ${bands?.each === 1 ? bands.of.slice(0, -1) : `${bands?.each} ${bands?.of}`} of tiles; other seeds)`,
    seeds: 'With other seeds on the same slide, which could not be cut in two halves with content',
  }[heldOutBy];
  const end = chosen.heldOut.keeps ? '' : ': do not rely on it before you have tuned on more slides';
  sentences.push(
    `${where} it cost ${cost('heldOut', chosen)} and kept the target in ${formatPercent(met)} of the runs${end}.`,
  );
  if (heldOutBy !== 'slides') sentences.push('One slide says nothing about others: tune on several.');
  return sentences.join(' ');
}
