// A page of every kind, with the report that it was made from.
import { compareBatchToHtml, renderSlideSections } from '../../src/report/compare-batch-to-html.js';
import { compareToHtml } from '../../src/report/compare-to-html.js';
import type { CompareBatchReport, CompareReport } from '../../src/report/run-report.js';
import { reportToHtml } from '../../src/report/to-html.js';
import { batchReport, compareReport, exhaustiveMapReport, flattenReport, samplePictures } from './sample-reports.js';

/** Begins as a PNG does. */
const picture = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
export const pages: Record<string, { readonly report: unknown; readonly page: string }> = {
  'a flattened slide': { report: flattenReport, page: reportToHtml(flattenReport, { heatmap: picture }) },
  'a map': { report: exhaustiveMapReport, page: reportToHtml(exhaustiveMapReport, {}) },
  'a comparison': {
    report: compareReport,
    page: compareToHtml(compareReport, samplePictures(['adaptive', 'quadtree', 'exhaustive'])),
  },
  'a batch': { report: batchReport, page: batchPage(batchReport) },
};

export function batchPage(report: CompareBatchReport): string {
  const render = (slide: CompareReport, i: number) =>
    renderSlideSections(slide, samplePictures(slide.methods.map(({ method }) => method)), i);
  return compareBatchToHtml(report, report.slides.map(render));
}
