// Records the score cube of a slide: every tile of every plane, at the decision level and the coarser ones.
import { lastValueFrom, tap } from 'rxjs';
import { defaultMeasure, type FocusMeasureName } from '../../src/focus/focus-measure.js';
import { defaultConcurrency } from '../../src/pipeline/concurrency.js';
import { mapBounded } from '../../src/pipeline/map-bounded.js';
import { createProbeScorer } from '../../src/pipeline/score-probe.js';
import { planProblem } from '../../src/plan-slide.js';
import type { Level } from '../../src/slide/pyramid.js';
import { tilesUnder } from '../../src/slide/pyramid.js';
import { tileCount, tileIndex } from '../../src/slide/tile-grid.js';
import type { OpenOptions } from '../../src/sources/open-options.js';
import { openSlide } from '../../src/sources/open-slide.js';
import type { ScoreCube } from './score-cube.js';

/** Levels above the decision level that are recorded. */
const depth = 3;

export async function recordCube(
  name: string,
  input: string | readonly string[],
  measure: FocusMeasureName = defaultMeasure,
  options: OpenOptions = {},
): Promise<ScoreCube> {
  const source = await openSlide(input, options);
  try {
    const problem = await planProblem(source, 0);
    const score = createProbeScorer(source, problem, measure);
    const { planeCount, level: decision } = problem;
    const recordLevel = async (level: Level) => {
      const numbers = new Float64Array(tileCount(decision.grid) * planeCount).fill(Number.NaN);
      const probes = Array.from({ length: tileCount(level.grid) * planeCount }, (_, i) => {
        const tile = Math.floor(i / planeCount);
        const row = Math.floor(tile / level.grid.columns);
        const place = { row, column: tile % level.grid.columns, plane: i % planeCount };
        return { ...place, level: level.level, subsample: 1, reason: 'survey' as const };
      });
      const answered = mapBounded(probes, (probe) => score(probe), defaultConcurrency).pipe(
        tap(({ index, result }) => {
          const { row, column, plane } = probes[index];
          const block =
            level === decision
              ? { row, column, rowEnd: row + 1, columnEnd: column + 1 }
              : tilesUnder(decision, level, row, column);
          let at = 0;
          for (let r = block.row; r < block.rowEnd; r++) {
            for (let c = block.column; c < block.columnEnd; c++) {
              numbers[tileIndex(decision.grid, r, c) * planeCount + plane] = result[at++];
            }
          }
        }),
      );
      await lastValueFrom(answered);
      return numbers;
    };
    const evidence = new Map<number, Float64Array>();
    for (const level of problem.coarser.slice(0, depth)) evidence.set(level.level, await recordLevel(level));
    return { name, problem, scores: await recordLevel(decision), evidence };
  } finally {
    await source.close();
  }
}
