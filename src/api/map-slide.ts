// Planning alone: which plane every tile would come from, without writing a slide.

import type { FlattenResult } from '../flatten-slide.js';
import { thumbnailSide } from '../flatten-slide.js';
import { checkOptions } from '../options/check-options.js';
import { openingOptions } from '../options/opening.js';
import { planningOptions } from '../options/planning.js';
import { type ReportingOptions, reportingOptions } from '../options/reporting.js';
import { runningOptions } from '../options/running.js';
import { thumbnailOption, type WritingOptions } from '../options/writing.js';
import { resultLevels } from '../output/result-levels.js';
import { renderThumbnail } from '../output/thumbnail.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import { describeRun, withReadNotes } from './describe-run.js';
import { openInput, type SlideInput, tellOpened } from './open-input.js';
import { type PlanSlideOptions, planSlide } from './plan-slide.js';
import { reportOrigin } from './report-origin.js';

export type MapOptions = OpenOptions & PlanSlideOptions & ReportingOptions & Pick<WritingOptions, 'thumbnail'>;

/** All that can be set of it. */
export const mapOptions = {
  ...openingOptions,
  ...planningOptions,
  ...thumbnailOption,
  ...runningOptions,
  ...reportingOptions,
} as const;

/** Plans a slide; see flattenSlide. The thumbnail shows what would be written. */
export async function mapSlide(input: SlideInput, options: MapOptions = {}): Promise<FlattenResult> {
  checkOptions([mapOptions], options);
  const started = performance.now();
  const { source, close } = await openInput(input, options);
  try {
    const { info } = source;
    tellOpened(info, options.onEvent);
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
    const report = describeRun(
      withReadNotes(source, options.onEvent),
      plan,
      elapsedMs,
      await reportOrigin(info.files, options),
      {},
      undefined,
      source.transfer?.(),
    );
    return { report, map: depthMap, grid: plan.problem.level.grid, planes: info.planes, thumbnail, targetMet };
  } finally {
    await close();
  }
}
