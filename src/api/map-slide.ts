// Planning alone: which plane every tile would come from, without writing a slide.

import type { FlattenResult } from '../flatten-slide.js';
import { thumbnailSide } from '../flatten-slide.js';
import { resultLevels } from '../output/result-levels.js';
import { renderThumbnail } from '../output/thumbnail.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import { openSlide } from '../slide-source/open-slide.js';
import { describeRun } from './describe-run.js';
import { type PlanSlideOptions, planSlide } from './plan-slide.js';

export type MapOptions = OpenOptions &
  PlanSlideOptions & {
    /** Whether a small picture of what would be written is made, from tiles of a coarser level; true by default. */
    readonly thumbnail?: boolean | undefined;
  };

/** Plans a slide; see flattenSlide. The thumbnail shows what would be written. */
export async function mapSlide(input: string | readonly string[], options: MapOptions = {}): Promise<FlattenResult> {
  const started = performance.now();
  const source = await openSlide(input, options);
  try {
    const { info } = source;
    options.onEvent?.({ type: 'opened', name: info.name, planes: info.planes.length });
    const opened = performance.now();
    const plan = await planSlide(source, options);
    const planned = performance.now();
    const { depthMap, targetMet } = plan.outcome;
    // Levels that the source lacks would be made of the finest, which the thumbnail then is made of.
    const picture = async () => {
      const levels = (await resultLevels(source, depthMap)).slice(0, source.info.levels.length);
      return renderThumbnail(levels, thumbnailSide, undefined, options.signal);
    };
    const thumbnail = (options.thumbnail ?? true) ? await picture() : undefined;
    const elapsedMs = {
      open: Math.round(opened - started),
      plan: Math.round(planned - opened),
      write: 0,
      total: Math.round(performance.now() - started),
    };
    const report = describeRun(info, plan, elapsedMs, {}, undefined, source.transfer?.());
    return { report, map: depthMap, grid: plan.problem.level.grid, planes: info.planes, thumbnail, targetMet };
  } finally {
    await source.close();
  }
}
