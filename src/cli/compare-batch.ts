// Several slides compared, one after the other: one that fails does not end the others.

import { type CompareOptions, compareMethods } from '../api/compare/compare-methods.js';
import { nameOfLocation } from '../bytes/location.js';
import type { Markup } from '../drawing/markup.js';
import { isSlideError, throwIfAborted } from '../errors.js';
import { compareBatchToHtml, renderSlideSections } from '../report/compare-batch-to-html.js';
import type { CompareBatchReport, CompareReport } from '../report/run-report.js';
import type { GivenSlide } from '../slide-source/group-inputs.js';
import { software } from '../system/version.js';
import { drawComparison } from './draw-comparison.js';
import { exitCodeOf, unreadableSlide } from './exit-codes.js';

export type ComparedBatch = {
  readonly page: string;
  readonly report: CompareBatchReport;
  /** 0, or that of what failed: 3 where a slide can't be read. */
  readonly exitCode: number;
};

export type BatchListener = {
  readonly compared: (report: CompareReport) => void;
  readonly failed: (error: unknown) => void;
};

/** Compares slides; of each its part of the page is kept, no more. Throws where all fail, and where it is stopped. */
export async function compareBatch(
  given: readonly GivenSlide[],
  options: CompareOptions,
  tell: BatchListener,
): Promise<ComparedBatch> {
  const slides: CompareReport[] = [];
  const sections: Markup[] = [];
  const failed: CompareBatchReport['failed'][number][] = [];
  const exitCodes: number[] = [];
  for (const slide of given) {
    try {
      const result = await compareMethods(slide, options);
      sections.push(renderSlideSections(result.report, await drawComparison(result), slides.length));
      slides.push(result.report);
      tell.compared(result.report);
    } catch (error) {
      throwIfAborted(options.signal);
      // What would be written over a file of a slide can't be written at all.
      if (isSlideError(error, 'usage') && options.outputs?.includes(error.place.file ?? '')) throw error;
      if (slides.length === 0 && failed.length === given.length - 1) throw error;
      failed.push(failureOf(slide, error));
      exitCodes.push(exitCodeOf(error));
      tell.failed(error);
    }
  }
  const report: CompareBatchReport = { schema: 'zflat.compare-batch/1', slides, failed, software };
  const exitCode = exitCodes.includes(unreadableSlide) ? unreadableSlide : (exitCodes[0] ?? 0);
  return { page: compareBatchToHtml(report, sections), report, exitCode };
}

function failureOf(slide: GivenSlide, error: unknown): CompareBatchReport['failed'][number] {
  const paths = typeof slide === 'string' ? [slide] : slide;
  const files = paths.map((path) => nameOfLocation(path));
  if (!isSlideError(error)) return { files, code: 'defect', error: String(error) };
  return {
    files,
    code: error.code,
    error: paths.reduce((text, path, i) => text.replaceAll(path, files[i]), error.message),
  };
}
