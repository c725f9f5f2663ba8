// The search for the cheapest setting that keeps the target.
//
//   heat       every candidate, a few seeds each: those that miss everywhere are out
//   final      the cheapest of the others, all seeds, until enough of them have kept the target
//   choice     the cheapest that kept it, give or take; the defaults where they are as good
//   held out   the choice and the defaults, on slides and seeds that nothing was chosen by
import { candidateSettings, isSame } from './candidates.js';
import type { Holding } from './hold-out.js';
import { summarise, type Trial, type TrialSummary, type TunedSlide, trySettings } from './try-settings.js';
import type { LookKind, TunedSettings } from './tuned-settings.js';

/** Seeds a candidate of the first heat is given, and how many of the final must keep the target before it ends. */
const heatSeeds = 2;
const finalists = 8;
/** A target is kept if this share of all runs keep it, and every slide on average. */
const keptShare = 0.9;
/** The defaults are as good where the cheapest other setting costs more than this part of what they cost. */
const asGood = 0.95;
/** Of settings that cost no more than this part above the cheapest, the one that retains most is chosen. */
const aboutTheSame = 0.02;

export type SearchProblem = Holding & {
  readonly target: number;
  /** The measure that all maps are judged by. */
  readonly judge: LookKind;
  /** Ways to score tiles that are tried; the judge is one of them. */
  readonly looks: readonly LookKind[];
  /** Seeds a half. */
  readonly seeds: number;
};

/** A setting and how it did on every slide of a half. */
export type TriedSettings = {
  readonly settings: TunedSettings;
  /** One entry a slide, one trial a seed. */
  readonly trials: readonly (readonly Trial[])[];
  /** Over all slides and seeds. */
  readonly summary: TrialSummary;
  readonly keeps: boolean;
};

export type SettingsSearch = {
  /** All that was tried on the tuning half; the defaults come first. */
  readonly tried: readonly TriedSettings[];
  readonly chosen: Halves;
  readonly usual: Halves;
  readonly verdict: 'default' | 'default, for the chosen setting missed the target on the held-out half' | 'tuned';
};

export type Halves = { readonly tuning: TriedSettings; readonly heldOut: TriedSettings };

/** Told after every replay: how many there were, of how many. */
export type SearchProgress = { readonly runs: number; readonly of: number };

/** Searches; yields after every replay, so that whoever drives it can stop it or tell how far it is. */
export function* searchSettings(problem: SearchProblem): Generator<SearchProgress, SettingsSearch, void> {
  const { target, judge, looks, tuning, heldOut, seeds } = problem;
  const candidates = candidateSettings(target, judge, looks, commonLevels([...tuning, ...heldOut]));
  const few = Math.min(heatSeeds, seeds);
  const finalRuns = (finalists + 2) * (seeds - few) * tuning.length + 2 * seeds * heldOut.length;
  let runs = 0;
  let of = candidates.length * few * tuning.length + finalRuns;
  const replay = function* (settings: TunedSettings, slides: readonly TunedSlide[], first: number, count: number) {
    const trials: Trial[][] = [];
    for (const slide of slides) {
      const own: Trial[] = [];
      for (let seed = first; seed < first + count; seed++) {
        own.push(trySettings(slide, judge, settings, seed));
        of = Math.max(of, ++runs);
        yield { runs, of };
      }
      trials.push(own);
    }
    return triedSettings(settings, trials, target);
  };

  const heat: TriedSettings[] = [];
  for (const settings of candidates) heat.push(yield* replay(settings, tuning, 1, few));

  const tried = new Map(heat.map((each) => [each.settings, each]));
  const [first, last] = [heat[0], heat[heat.length - 1]];
  const cheapestFirst = heat.filter(({ summary }) => summary.met > 0).sort((a, b) => a.summary.cost - b.summary.cost);
  const full = new Set<TriedSettings>();
  for (const each of new Set([first, last, ...cheapestFirst])) {
    if ([...full].filter(({ keeps }) => keeps).length >= finalists) break;
    const more = yield* replay(each.settings, tuning, 1 + few, seeds - few);
    const whole = triedSettings(each.settings, joinTrials(each.trials, more.trials), target);
    tried.set(each.settings, whole);
    full.add(whole);
  }
  const usual = tried.get(first.settings) as TriedSettings;
  const cheapest = cheapestOf([...full].filter(({ keeps }) => keeps)) ?? (tried.get(last.settings) as TriedSettings);
  const defaultWins = usual.keeps && cheapest.summary.cost > asGood * usual.summary.cost;
  const chosen = defaultWins ? usual : cheapest;

  const usualHalves = { tuning: usual, heldOut: yield* replay(usual.settings, heldOut, seeds + 1, seeds) };
  if (isSame(chosen.settings, usual.settings)) {
    return { tried: [...tried.values()], chosen: usualHalves, usual: usualHalves, verdict: 'default' };
  }
  const chosenHeldOut = yield* replay(chosen.settings, heldOut, seeds + 1, seeds);
  const isVetoed = usual.keeps && !chosenHeldOut.keeps && usualHalves.heldOut.summary.met >= chosenHeldOut.summary.met;
  return {
    tried: [...tried.values()],
    chosen: isVetoed ? usualHalves : { tuning: chosen, heldOut: chosenHeldOut },
    usual: usualHalves,
    verdict: isVetoed ? 'default, for the chosen setting missed the target on the held-out half' : 'tuned',
  };
}

/** The cheapest; of those that cost about the same, the one that retains most. */
function cheapestOf(keepers: readonly TriedSettings[]): TriedSettings | undefined {
  const least = Math.min(...keepers.map(({ summary }) => summary.cost));
  return keepers
    .filter(({ summary }) => summary.cost <= (1 + aboutTheSame) * least)
    .reduce<TriedSettings | undefined>(
      (best, each) => (best && best.summary.retained >= each.summary.retained ? best : each),
      undefined,
    );
}

/** What cost more or kept less than another was not worth its cost; the others, from cheap to dear. */
export function paretoFront(tried: readonly TriedSettings[]): TriedSettings[] {
  const front: TriedSettings[] = [];
  const sorted = [...tried].sort((a, b) => a.summary.cost - b.summary.cost || b.summary.retained - a.summary.retained);
  for (const each of sorted) {
    const best = front[front.length - 1];
    if (!best || each.summary.retained > best.summary.retained) front.push(each);
  }
  return front;
}

function triedSettings(settings: TunedSettings, trials: readonly (readonly Trial[])[], target: number): TriedSettings {
  const summary = summarise(trials.flat(), target);
  const keeps = summary.met >= keptShare && trials.every((own) => summarise(own, target).retained >= target);
  return { settings, trials, summary, keeps };
}

function joinTrials(a: readonly (readonly Trial[])[], b: readonly (readonly Trial[])[]): Trial[][] {
  return a.map((own, i) => [...own, ...b[i]]);
}

/** Coarser levels that all slides have. */
function commonLevels(slides: readonly TunedSlide[]): number[] {
  const [first, ...others] = slides.map(({ problem }) => problem.coarser.map(({ level }) => level));
  return first.filter((level) => others.every((levels) => levels.includes(level)));
}
