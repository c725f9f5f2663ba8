// One setting on one slide: what it costs and what it truly keeps, counted on the slide's score cube.

import type { ScoreCube } from '../planner/contract/score-cube.js';
import { replayPlan, truthOf } from '../planner/replay-plan.js';
import { retainedOf } from './retained.js';
import { type LookKind, lookName, plannerOptions, type TunedSettings } from './tuned-settings.js';

/** A slide, recorded: its score cube with the decision level scored in several ways. */
export type TunedSlide = Omit<ScoreCube, 'scores'> & {
  /** Names, without folders. */
  readonly files: readonly string[];
  /** By lookName: F at the decision level, [tile][plane]. */
  readonly looks: ReadonlyMap<string, Float64Array>;
  /** 1 for tiles whose sharpness counts, where not all do. */
  readonly judged?: Uint8Array;
};

/** One replay. */
export type Trial = {
  readonly seed: number;
  /** Pixels decoded, in parts of what the exhaustive method decodes. */
  readonly cost: number;
  /** Sharpness retained, by the judge. */
  readonly retained: number;
};

/** Replays settings on a slide, on all of it; whatever it looks with, the map is judged by the scores of `judge`. */
export function trySettings(slide: TunedSlide, judge: LookKind, settings: TunedSettings, seed: number): Trial {
  const { cost, outcome } = replayPlan({ ...slide, scores: scoresBy(slide, settings) }, settings.method, {
    ...plannerOptions(settings),
    seed,
  });
  const { planes } = outcome.depthMap;
  const scores = scoresBy(slide, judge);
  const { problem, judged } = slide;
  const retained = judged
    ? retainedOf(scores, problem.planeCount, planes, judged)
    : truthOf({ ...slide, scores }, planes).retained;
  return { seed, cost, retained };
}

/** The scores of a slide that were recorded in this way. */
export function scoresBy({ looks, name }: TunedSlide, kind: LookKind): Float64Array {
  const scores = looks.get(lookName(kind));
  if (!scores) throw new RangeError(`${name} was not recorded by ${lookName(kind)}`);
  return scores;
}

/** Many replays in a few figures. */
export type TrialSummary = {
  readonly runs: number;
  readonly cost: number;
  readonly retained: number;
  readonly leastRetained: number;
  /** Share of runs that kept the target. */
  readonly met: number;
};

export function summarise(trials: readonly Trial[], target: number): TrialSummary {
  const mean = (of: (trial: Trial) => number) => trials.reduce((sum, trial) => sum + of(trial), 0) / trials.length;
  return {
    runs: trials.length,
    cost: mean(({ cost }) => cost),
    retained: mean(({ retained }) => retained),
    leastRetained: Math.min(...trials.map(({ retained }) => retained)),
    met: mean(({ retained }) => (retained >= target ? 1 : 0)),
  };
}
