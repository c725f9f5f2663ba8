// The whole job on one page: open the slide, plan which plane every tile comes from, write the tiles, report.
import { describeRun, provenanceFacts, withReadNotes } from './api/describe-run.js';
import { openInput, type SlideInput, tellOpened } from './api/open-input.js';
import { type PlanSlideOptions, planSlide } from './api/plan-slide.js';
import { reportOrigin } from './api/report-origin.js';
import { checkOptions } from './options/check-options.js';
import { openingOptions } from './options/opening.js';
import { planningOptions } from './options/planning.js';
import { type ReportingOptions, reportingOptions } from './options/reporting.js';
import { defaultConcurrency, runningOptions } from './options/running.js';
import { type WritingOptions, writingOptions } from './options/writing.js';
import { carriedMetadata } from './output/carried-metadata.js';
import { checkOutput } from './output/check-output.js';
import { createWriter } from './output/create-writer.js';
import { resultLevels } from './output/result-levels.js';
import { checkSlideName } from './output/slide-name.js';
import { renderThumbnail } from './output/thumbnail.js';
import { writeTiles } from './pipeline/write-tiles.js';
import type { RunReport } from './report/run-report.js';
import { outputSummary } from './report/summaries.js';
import type { DepthMap } from './slide/depth-map.js';
import type { FocalPlane } from './slide/focal-planes.js';
import type { Raster } from './slide/raster.js';
import type { TileAddress } from './slide/tile-address.js';
import type { TileGrid } from './slide/tile-grid.js';
import type { OpenOptions } from './slide-source/open-options.js';
import { software } from './system/version.js';

export type FlattenOptions = OpenOptions & PlanSlideOptions & WritingOptions & ReportingOptions;

/** All that can be set of it. */
export const flattenOptions = {
  ...openingOptions,
  ...planningOptions,
  ...writingOptions,
  ...runningOptions,
  ...reportingOptions,
} as const;

export type FlattenResult = {
  readonly report: RunReport;
  /** The chosen plane of every tile of `grid`. */
  readonly map: DepthMap;
  readonly grid: TileGrid;
  readonly planes: readonly FocalPlane[];
  /** A small picture of the result; undefined where none was wanted, or the slide lacks coarser levels and is too large. */
  readonly thumbnail: Raster | undefined;
  /** False where `maxCost` was spent before the target was met: the result is the best so far. */
  readonly targetMet: boolean;
};

/** Longest side of the thumbnail, in pixels. */
export const thumbnailSide = 1400;

/**
 * Flattens a z-stack into one slide at `output`. Throws a SlideError; then nothing is left at `output`, and what was there before is as
 * it was.
 */
export async function flattenSlide(
  input: SlideInput,
  output: string,
  options: FlattenOptions = {},
): Promise<FlattenResult> {
  checkOptions([flattenOptions], options);
  const { force = false, format = 'ome-tiff', concurrency = defaultConcurrency, signal, onEvent } = options;
  const started = performance.now();
  checkSlideName(output, options.format);
  await checkOutput(output, force);

  const { source, close } = await openInput(input, {
    ...options,
    outputs: [output, ...(options.outputs ?? [])],
  });
  try {
    const { info } = source;
    tellOpened(info, onEvent);
    const opened = performance.now();

    const plan = await planSlide(source, options);
    const { depthMap, targetMet } = plan.outcome;
    const planned = performance.now();

    const made = await resultLevels(source, depthMap, options);
    const carried = carriedMetadata(info, options);
    const provenance = { software, depthMap, info: carried.info, facts: provenanceFacts(plan, options, carried.info) };
    const { writer, levels } = await createWriter(output, format, source, made, provenance, force);
    try {
      const counts = await writeTiles(levels, writer, { concurrency, signal, onEvent });
      const readBack = (address: TileAddress) => writer.readBack(address);
      const wanted = options.thumbnail ?? true;
      const thumbnail = wanted ? await renderThumbnail(levels, thumbnailSide, readBack, signal) : undefined;
      const bytes = await writer.finish();
      const ended = performance.now();

      const elapsedMs = {
        open: Math.round(opened - started),
        plan: Math.round(planned - opened),
        write: Math.round(ended - planned),
        total: Math.round(ended - started),
      };
      const written = outputSummary(output, bytes, counts, format === 'ome-tiff' ? carried : undefined);
      const report = describeRun(
        options.deidentify ? carried.info : withReadNotes(source, onEvent),
        plan,
        elapsedMs,
        await reportOrigin(info.files, options.deidentify ? {} : options),
        { format, concurrency },
        written,
        source.transfer?.(),
      );
      return { report, map: depthMap, grid: plan.problem.level.grid, planes: info.planes, thumbnail, targetMet };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    await close();
  }
}
