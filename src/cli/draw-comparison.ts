// The maps of a comparison as pictures, beside those of pixels that it came with.
import type { CompareResult } from '../api/compare/compare-methods.js';
import { renderDifference } from '../drawing/heatmap/render-difference.js';
import { renderHeatmap } from '../drawing/heatmap/render-heatmap.js';
import type { ComparePictures } from '../report/compare-pictures.js';
import { formatPercent } from '../system/format-figures.js';

/** The pictures of a comparison: heatmaps of all methods, and of the first how it differs from the exhaustive one. */
export async function drawComparison({
  report,
  maps,
  grid,
  planes,
  content,
  thumbnail,
  worstTiles,
  region,
}: CompareResult): Promise<ComparePictures> {
  const title = report.slide.name;
  const heatmaps: Record<string, Uint8Array> = {};
  const differences: Record<string, Uint8Array> = {};
  const reference = maps[maps.length - 1];
  for (const [i, { method, plan }] of report.methods.entries()) {
    const map = maps[i];
    const facts = [method, `${formatPercent(plan.cost)} of the pixels decoded`];
    heatmaps[method] = await renderHeatmap({ map, grid, planes, thumbnail, title, facts });
    if (map === reference) continue;
    const against = [`${method} against exhaustive`];
    differences[method] = await renderDifference({ map, reference, grid, content, thumbnail, title, facts: against });
  }
  return { heatmaps, differences, worstTiles, region };
}
