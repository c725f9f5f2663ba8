// zflat compare: a method and the exhaustive one side by side.
import type { Command } from 'commander';
import { type CompareResult, compareMethods } from '../../compare-methods.js';
import { renderDifference } from '../../heatmap/render-difference.js';
import { renderHeatmap } from '../../heatmap/render-heatmap.js';
import { checkOutput } from '../../output/output-file.js';
import type { ComparePictures } from '../../report/compare-pictures.js';
import { compareToHtml } from '../../report/compare-to-html.js';
import type { CompareReport } from '../../report/run-report.js';
import { addExamples, addOpenOptions, addPlanOptions, addRunOptions } from '../common-options.js';
import { percent } from '../describe-result.js';
import { type OpenFlags, openOptions, type PlanFlags, planOptions, type RunFlags } from '../options-of.js';
import { fileEndingIn } from '../parse-options.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

type Flags = OpenFlags & PlanFlags & RunFlags & { readonly output: string; readonly force?: boolean };

export function addCompare(command: Command): void {
  command
    .argument('<slide...>', 'a file, a folder, a pattern, or the files of the planes')
    .requiredOption(
      '-o, --output <report>',
      '.html or .json; the other is written beside it',
      fileEndingIn('.html', '.json'),
    )
    .option('--force', 'replace files that exist');
  addPlanOptions(command);
  addOpenOptions(command);
  addRunOptions(command);
  addExamples(command, [
    ['zflat compare smear.ome.tiff -o compare.html', 'what the adaptive method costs and keeps'],
    ['zflat compare smear.ome.tiff -o quadtree.html --method quadtree', 'the same for the quadtree'],
  ]);
  command.action((slide: string[], flags: Flags) =>
    runCommand(flags, async (running) => {
      const { force = false, output } = flags;
      const base = output.replace(/\.(html|json)$/i, '');
      for (const file of [`${base}.html`, `${base}.json`]) await checkOutput(file, force);
      const result = await compareMethods(slide, { ...openOptions(flags), ...planOptions(flags, running) });
      const json = `${JSON.stringify(result.report, null, 2)}\n`;
      await writeText(`${base}.json`, json, force);
      await writeText(`${base}.html`, compareToHtml(result.report, await pictures(result)), force);
      process.stdout.write(flags.json ? json : `${compareText(result.report)}written    ${base}.html, ${base}.json\n`);
      return 0;
    }),
  );
}

/** Heatmaps of all methods, and of the first how it differs from the exhaustive one. */
async function pictures({
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
    const facts = [method, `${percent(plan.cost, 1)} % of the pixels decoded`];
    heatmaps[method] = await renderHeatmap({ map, grid, planes, thumbnail, title, facts });
    if (map === reference) continue;
    const against = [`${method} against exhaustive`];
    differences[method] = await renderDifference({ map, reference, grid, content, thumbnail, title, facts: against });
  }
  return { heatmaps, differences, worstTiles, region };
}

/** A table: a line a method. */
function compareText({ slide, methods }: CompareReport): string {
  const head = ['method', 'cost %', 'time s', 'agreement %', 'within one %', 'retained %', 'worst'];
  const rows = methods.map(({ method, plan, accuracy, elapsedMs }) => [
    method,
    percent(plan.cost),
    (elapsedMs / 1000).toFixed(2),
    percent(accuracy.agreement, 1),
    percent(accuracy.withinOne, 1),
    percent(accuracy.retained),
    accuracy.worst.toFixed(2),
  ]);
  const lines = [head, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(11) : cell.padStart(13))).join(''),
  );
  const [{ plan, accuracy }] = methods;
  const title = `${slide.name}: ${plan.tiles} tiles, ${accuracy.tiles} with content, ${plan.planes} planes`;
  return `${title}\n${lines.join('\n')}\n`;
}
