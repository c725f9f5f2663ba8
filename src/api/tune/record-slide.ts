// A slide as tuning needs it: every tile scored at every level and in every way under trial, once, and kept for the next time.
import { endWith, map } from 'rxjs';
import { nameOfLocation } from '../../bytes/location.js';
import { SlideError } from '../../errors.js';
import { isCoefficientMeasure } from '../../focus/focus-measure.js';
import { defaultConcurrency } from '../../options/running.js';
import type { EngineEvent } from '../../pipeline/engine-event.js';
import { finished } from '../../pipeline/engine-events.js';
import { missingTiles, recordLevel, unrecordedNumbers } from '../../pipeline/record-level.js';
import { createProbeScorer } from '../../pipeline/score-probe.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { software } from '../../system/version.js';
import { checkMeasurable } from '../../tile-jobs/measure-tile.js';
import type { TunedSlide } from '../../tuning/try-settings.js';
import { type LookKind, lookName } from '../../tuning/tuned-settings.js';
import { openInput, type SlideInput } from '../open-input.js';
import { planProblem, type RunOptions } from '../plan-slide.js';
import { identityOf, NumberCache } from './number-cache.js';

export type RecordSlideOptions = OpenOptions &
  RunOptions & {
    /** The folder where scores are kept. */
    readonly cache: string;
  };

/** Where this slide stands among others, for progress. */
export type SlidePlace = { readonly slide: number; readonly slides: number };

/** Coarser levels are scored in one way whatever tiles of the decision level are scored by. */
const surveyLook: LookKind = { measure: 'laplacian', subsample: 1 };

/**
 * Records a slide. `looks` are the ways to score its tiles; those by coefficients are left out where tiles are no JPEG, but for the
 * first, without which there is no judge: `usage`. What is kept from an earlier run, even one that was stopped, is not scored again. Memory: a number for every tile, plane, level and way.
 */
export async function recordSlide(
  input: SlideInput,
  looks: readonly LookKind[],
  { slide, slides }: SlidePlace,
  options: RecordSlideOptions,
): Promise<TunedSlide> {
  const { concurrency = defaultConcurrency, signal, onEvent } = options;
  const { source, close } = await openInput(input, options);
  try {
    const { info } = source;
    const { name, files, encoding, retiled } = info;
    for (const note of info.notes) onEvent?.({ type: 'note', text: `${name}: ${note}` });
    if (info.planes.length === 1) {
      const hint = 'where each plane is a file of its own, name their folder';
      throw new SlideError('usage', 'the slide has one plane: there is nothing to tune', { file: files[0], hint });
    }
    checkMeasurable(info, looks[0].measure, looks[0].subsample);
    const problem = await planProblem(source, 0);
    const { level: decision, planeCount, coarser } = problem;
    const isJpeg = encoding.codec === 'jpeg' && !retiled;
    const usable = looks.filter(({ measure }) => isJpeg || !isCoefficientMeasure(measure));
    const { channel, timepoint, timepointAsZ, scene, tileSize } = options;
    const identity = await identityOf(files);
    if (!identity) onEvent?.({ type: 'note', text: `scores of ${name} are not kept: it lies on a server` });
    const key = { software, files: identity, channel, timepoint, timepointAsZ, scene, tileSize, planeCount };
    const cache = new NumberCache(options.cache);
    const open = async (level: number, look: LookKind) => {
      const ownKey = { ...key, level, grid: decision.grid, ...look };
      const empty = unrecordedNumbers(problem);
      const numbers = (identity && (await cache.load(ownKey, empty.length))) ?? empty;
      const missing = missingTiles(problem, level, numbers);
      return { level, look, numbers, missing, save: async () => (identity ? cache.save(ownKey, numbers) : undefined) };
    };
    const all = [];
    for (const look of usable) all.push(await open(decision.level, look));
    for (const { level } of coarser) all.push(await open(level, surveyLook));

    const of = all.reduce((sum, { missing }) => sum + missing.length, 0);
    let tiles = 0;
    onEvent?.({ type: 'recording', name, slide, slides, tiles, of });
    for (const { level, look, numbers, missing, save } of all) {
      if (missing.length === 0) continue;
      const score = createProbeScorer(source, problem, look.measure);
      const before = tiles;
      const recorded = recordLevel(
        problem,
        { level, subsample: look.subsample, missing },
        score,
        numbers,
        concurrency,
        save,
      );
      const events = recorded.pipe(
        map((scored): EngineEvent => ({ type: 'recording', name, slide, slides, tiles: before + scored, of })),
        endWith({ type: 'finished', result: undefined } as const),
      );
      try {
        await finished(events, { signal, onEvent });
        tiles += missing.length;
      } finally {
        // Stopped or failed: what was scored stays.
        await save();
      }
    }
    return {
      name,
      files: files.map((file) => nameOfLocation(file)),
      problem,
      looks: new Map(
        all.filter(({ level }) => level === decision.level).map((each) => [lookName(each.look), each.numbers]),
      ),
      evidence: new Map(all.filter(({ level }) => level !== decision.level).map((each) => [each.level, each.numbers])),
    };
  } finally {
    await close();
  }
}
