// Records the score cube of a slide: every tile of every plane, at the decision level and the coarser ones.
import { defaultMeasure, type FocusMeasureName } from '../../src/focus/focus-measure.js';
import { defaultConcurrency } from '../../src/pipeline/concurrency.js';
import { missingTiles, recordLevel, unrecordedNumbers } from '../../src/pipeline/record-level.js';
import { createProbeScorer } from '../../src/pipeline/score-probe.js';
import { planProblem } from '../../src/plan-slide.js';
import type { ScoreCube } from '../../src/planner/score-cube.js';
import type { OpenOptions } from '../../src/sources/open-options.js';
import { openSlide } from '../../src/sources/open-slide.js';

/** Levels above the decision level that are recorded. */
const depth = 3;

export async function recordCube(
  name: string,
  input: string | readonly string[],
  measure: FocusMeasureName = defaultMeasure,
  options: OpenOptions = {},
  subsample = 1,
): Promise<ScoreCube> {
  const source = await openSlide(input, options);
  try {
    const problem = await planProblem(source, 0);
    const score = createProbeScorer(source, problem, measure);
    const recorded = async (level: number) => {
      const numbers = unrecordedNumbers(problem);
      const missing = missingTiles(problem, level, numbers);
      await recordLevel(problem, { level, subsample, missing }, score, numbers, { concurrency: defaultConcurrency });
      return numbers;
    };
    const evidence = new Map<number, Float64Array>();
    for (const { level } of problem.coarser.slice(0, depth)) evidence.set(level, await recorded(level));
    return { name, problem, scores: await recorded(problem.level.level), evidence };
  } finally {
    await source.close();
  }
}
