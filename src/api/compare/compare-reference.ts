// A picture of the same field that is sharp by other means: the scanner's own extended focus, another program's, a known truth. It is
// measured on the tiles of the slide, beside the planes that were chosen.
import { SlideError } from '../../errors.js';
import type { FocusMeasureName } from '../../focus/focus-measure.js';
import { defaultConcurrency } from '../../options/running.js';
import { runPlan } from '../../pipeline/run-plan.js';
import { createProbeScorer } from '../../pipeline/score-probe.js';
import { bestPlane } from '../../planner/contract/accuracy.js';
import { contentMask } from '../../planner/contract/content.js';
import type { PlanProblem, Rounds } from '../../planner/contract/plan-rounds.js';
import { roundSize, ScoreTable } from '../../planner/contract/score-table.js';
import type { ReferenceSummary } from '../../report/run-report.js';
import type { DepthMap } from '../../slide/depth-map.js';
import type { Level } from '../../slide/pyramid.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { sameGrid } from '../../slide/tile-grid.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { openSlide } from '../../slide-source/open-slide.js';
import { checkMeasurable } from '../../tile-jobs/measure-tile.js';
import { type PlanSlideOptions, planProblem } from '../plan-slide.js';
import { retiledSource } from './retiled-source.js';

export type Reference = {
  readonly source: SlideSource;
  /** Where it lies on the tiles that were decided. */
  readonly level: Level;
  /** F of each tile, by the judge. */
  readonly scores: Float64Array;
};

/**
 * Opens a reference and measures all of its tiles. `usage` where it has several planes, `mismatch` where it is no picture of the tiles of
 * `decided`. To be closed by the caller.
 */
export async function openReference(
  location: string,
  decided: Level,
  measure: FocusMeasureName,
  options: OpenOptions & Pick<PlanSlideOptions, 'concurrency'>,
): Promise<Reference> {
  const { network, outputs, signal, concurrency = defaultConcurrency } = options;
  // Planes without tiles are laid on those of the slide.
  const opened = await openSlide(location, { network, outputs, signal, tileSize: decided.grid.tileWidth });
  try {
    const { source, level } = laidLike(opened, decided);
    checkMeasurable(source.info, measure, 1);
    const problem = await planProblem(source, level.level);
    const scorer = createProbeScorer(source, problem, measure);
    const { outcome } = await runPlan(problem, scoreTiles(problem), scorer, { concurrency, signal });
    return { source, level, scores: outcome };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Every tile: planners score none of a slide of one plane, which leaves nothing to choose. */
function* scoreTiles(problem: PlanProblem): Rounds<Float64Array> {
  const table = new ScoreTable(problem, 1);
  for (let start = 0; start < table.tiles; start += roundSize) {
    const count = Math.min(roundSize, table.tiles - start);
    yield* table.score(
      Array.from({ length: count }, (_, i) => ({ tile: start + i, plane: 0 })),
      'search',
    );
  }
  return table.scores;
}

/** The reference with the tiles that were decided: its own, or cut anew where it has others. */
function laidLike(source: SlideSource, { grid }: Level): { readonly source: SlideSource; readonly level: Level } {
  const { planes, levels, files } = source.info;
  const [file] = files;
  if (planes.length !== 1) {
    const hint = 'name a slide that is sharp everywhere';
    throw new SlideError('usage', `a reference has one plane, this has ${planes.length}`, { file, hint });
  }
  const same = levels.find((level) => sameGrid(level.grid, grid));
  if (same) return { source, level: same };
  const like = levels.find(({ grid: own }) => own.width === grid.width && own.height === grid.height);
  if (like) return { source: retiledSource(source, like, grid), level: { level: like.level, grid } };
  const [{ grid: finest }] = levels;
  const hint = `expected a picture of ${grid.width} x ${grid.height} pixels`;
  throw new SlideError('mismatch', `the reference has ${finest.width} x ${finest.height} pixels`, { file, hint });
}

/** The reference beside the planes of a map, over tiles with content; `oracle` has F of all, [tile][plane]. */
export function summarizeReference(
  { source, scores }: Reference,
  oracle: Float64Array,
  { planes, planeCount }: DepthMap,
): ReferenceSummary {
  const content = contentMask(oracle, planeCount);
  let own = 0;
  let possible = 0;
  let tiles = 0;
  let sharper = 0;
  for (let tile = 0; tile < planes.length; tile++) {
    if (!content[tile]) continue;
    tiles++;
    own += scores[tile];
    possible += oracle[tile * planeCount + bestPlane(oracle, planeCount, tile)];
    if (scores[tile] > oracle[tile * planeCount + planes[tile]]) sharper++;
  }
  const share = (part: number, of: number) => (of > 0 ? part / of : 1);
  return { name: source.info.name, tiles, sharpness: share(own, possible), sharper: tiles > 0 ? sharper / tiles : 0 };
}
