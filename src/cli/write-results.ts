// Writes what a run is told to write beside its result: report, depth map, heatmap. What draws is loaded where it is drawn.
import type { FlattenResult } from '../flatten-slide.js';
import type { OptionTable } from '../options/option-table.js';
import { depthMapCsv, depthMapJson } from '../report/depth-map-json.js';
import type { RunReport } from '../report/run-report.js';
import { counted, formatPercent } from '../system/format-figures.js';
import { forceFlag } from './common-flags.js';
import { writeBytes, writeText } from './write-file.js';

export type ResultFlags = {
  readonly report?: string | undefined;
  readonly depthMap?: string | undefined;
  readonly heatmap?: string | undefined;
  readonly force?: boolean | undefined;
};

/** Files that are written beside the result. */
export const resultFlags = {
  report: { kind: 'file', endings: ['.json', '.html'], unit: 'file', text: 'write the report: .json or .html' },
  depthMap: { kind: 'file', endings: ['.json', '.csv'], unit: 'file', text: 'write the depth map: .json or .csv' },
  heatmap: { kind: 'file', endings: ['.png'], unit: 'file', text: 'write the heatmap: .png' },
  ...forceFlag,
} as const satisfies OptionTable<ResultFlags>;

/** The files that are asked for. */
export function resultFiles({ report, depthMap, heatmap }: ResultFlags): readonly (string | undefined)[] {
  return [report, depthMap, heatmap];
}

/** Whether a heatmap is drawn: for its own file, or for an HTML report. */
export function needsPicture({ report, heatmap }: ResultFlags): boolean {
  return heatmap !== undefined || (report?.toLowerCase().endsWith('.html') ?? false);
}

/** Writes the files that are asked for; the heatmap is drawn once, for its file and for an HTML report. */
export async function writeResultFiles(result: FlattenResult, flags: ResultFlags): Promise<void> {
  const { report, depthMap, heatmap, force = false } = flags;
  const isPage = report?.toLowerCase().endsWith('.html') ?? false;
  const picture = needsPicture(flags) ? await heatmapOf(result) : undefined;
  if (heatmap !== undefined && picture) await writeBytes(heatmap, picture, force);
  if (depthMap !== undefined) await writeText(depthMap, depthMapText(result, depthMap), force);
  if (report !== undefined) {
    const json = `${JSON.stringify(result.report, null, 2)}\n`;
    await writeText(report, isPage ? await pageOf(result, picture) : json, force);
  }
}

async function pageOf({ report }: FlattenResult, heatmap: Uint8Array | undefined): Promise<string> {
  const { reportToHtml } = await import('../report/to-html.js');
  return reportToHtml(report, { heatmap });
}

function depthMapText({ map, grid, planes }: FlattenResult, file: string): string {
  const depthMap = depthMapJson(map, grid, planes);
  return file.toLowerCase().endsWith('.csv') ? depthMapCsv(depthMap) : `${JSON.stringify(depthMap)}\n`;
}

/** The heatmap of a run, with its figures as title. */
async function heatmapOf({ map, grid, planes, thumbnail, report }: FlattenResult): Promise<Uint8Array> {
  const { renderHeatmap } = await import('../drawing/heatmap/render-heatmap.js');
  return renderHeatmap({ map, grid, planes, thumbnail, title: report.slide.name, facts: heatmapFacts(report) });
}

function heatmapFacts({ plan, accuracy }: RunReport): string[] {
  const [low, high] = accuracy.retainedInterval;
  const interval = accuracy.kind === 'audit' ? ` (95 %: ${formatPercent(low)} - ${formatPercent(high)})` : '';
  return [
    `${plan.method}, ${counted(plan.tiles, 'tile')}, ${counted(plan.planes, 'plane')}`,
    `${formatPercent(plan.cost)} of the pixels decoded`,
    accuracy.tiles === 0
      ? 'sharpness retained: unknown'
      : `${formatPercent(accuracy.retained)} of the sharpness retained${interval}`,
  ];
}
