// zflat compare: a method and the exhaustive one side by side, on one slide or on several.

import type { Command } from 'commander';
import { type CompareOptions, compareMethods, compareOptions } from '../../api/compare/compare-methods.js';
import { SlideError } from '../../errors.js';
import { openingOptions } from '../../options/opening.js';
import { pickOptions } from '../../options/option-table.js';
import { compareToHtml } from '../../report/compare-to-html.js';
import type { CompareBatchReport, CompareReport } from '../../report/run-report.js';
import { type GivenSlide, givenSlides } from '../../slide-source/group-inputs.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { counted, formatPercent, percentDigits } from '../../system/format-figures.js';
import { printableLine } from '../../system/printable.js';
import { checkWritten } from '../check-written.js';
import { commandLine } from '../command-line.js';
import {
  forceFlag,
  type NetworkFlags,
  networkFlags,
  networkOptionsOf,
  outputFlag,
  type TellingFlags,
  tellingFlags,
} from '../common-flags.js';
import { compareBatch } from '../compare-batch.js';
import { drawComparison } from '../draw-comparison.js';
import { addExamples, addFlags } from '../flags.js';
import { presetFlag, withPreset } from '../preset-flag.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

const table = {
  ...outputFlag('.html or .json; the other is written beside it', 'report', '.html', '.json'),
  ...compareOptions,
  ...networkFlags,
  ...presetFlag,
  ...forceFlag,
  ...tellingFlags,
};

type Given = CompareOptions & NetworkFlags & TellingFlags & { readonly output: string; readonly force?: boolean };

export function addCompare(command: Command): void {
  command.argument(
    '<slide...>',
    'slides, each a file, a URL, a folder or a pattern (also of several z-stacks); or the files of the planes of one',
  );
  addFlags(command, table);
  command.addHelpText(
    'after',
    `
Several arguments: those that are z-stacks by themselves are slides of their own (the files of one OME-TIFF set
are one slide); where none is, they are the planes of one slide. A mixture is refused. A slide that fails is listed
with its error, the others are compared all the same; the exit code is that of the failure.`,
  );
  addExamples(command, [
    ['zflat compare smear.ome.tiff -o compare.html', 'what the adaptive method costs and keeps'],
    ['zflat compare a.ome.tiff b.ome.tiff c/ -o batch.html', 'three slides on one page, with a summary over them'],
    ['zflat compare smear.ome.tiff -o quadtree.html --method quadtree', 'the same for the quadtree'],
    ['zflat compare scan/ -o compare.html --reference scan/edf.dcm', "beside the scanner's own extended focus"],
  ]);
  command.action((slides: string[]) =>
    runCommand<Given>(command, table, async (said, running, { print, complain }) => {
      const given = await withPreset(said);
      const { force = false, output, reference, json: asJson } = given;
      const base = output.replace(/\.(html|json)$/i, '');
      const outputs = await checkWritten([`${base}.html`, `${base}.json`], { force, preset: said.preset });
      const network = networkOptionsOf(given);
      const options = {
        ...pickOptions<CompareOptions>(compareOptions, given),
        network,
        outputs,
        command: commandLine(process.argv.slice(2)),
        ...running,
      };
      const compared = (report: CompareReport) => {
        if (!asJson) print(compareText(report));
      };
      const wanted = await givenSlides(slides, { ...pickOptions<OpenOptions>(openingOptions, given), network });
      if (reference !== undefined && wanted.length > 1) {
        throw new SlideError('usage', `--reference is of one slide, ${wanted.length} are given`, {
          hint: 'compare them one by one',
        });
      }
      const { page, report, exitCode } =
        wanted.length === 1
          ? await compareOne(wanted[0], options, compared)
          : await compareBatch(wanted, options, { compared, failed: complain });
      const json = jsonText(report);
      await writeText(`${base}.json`, json, force);
      await writeText(`${base}.html`, page, force);
      print(asJson ? json : `written    ${base}.html, ${base}.json\n`);
      return exitCode;
    }),
  );
}

async function compareOne(slide: GivenSlide, options: CompareOptions, compared: (report: CompareReport) => void) {
  const result = await compareMethods(slide, options);
  compared(result.report);
  const page = compareToHtml(result.report, await drawComparison(result));
  return { page, report: result.report, exitCode: 0 };
}

function jsonText(report: CompareReport | CompareBatchReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** A table: a line a method. */
function compareText({ slide, methods, judge, reference }: CompareReport): string {
  const head = ['method', 'cost %', 'time s', 'agreement %', 'within one %', 'retained %', 'worst'];
  const rows = methods.map(({ method, plan, accuracy, elapsedMs }) => [
    method,
    percentDigits(plan.cost),
    (elapsedMs / 1000).toFixed(2),
    percentDigits(accuracy.agreement, 1),
    percentDigits(accuracy.withinOne, 1),
    percentDigits(accuracy.retained),
    accuracy.worst.toFixed(2),
  ]);
  const lines = [head, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(11) : cell.padStart(13))).join(''),
  );
  const [{ plan, accuracy }] = methods;
  const title = `${slide.name}: ${counted(plan.tiles, 'tile')}, ${accuracy.tiles} with content, ${counted(plan.planes, 'plane')}, judged by ${judge}`;
  const beside = reference
    ? `reference  ${printableLine(reference.name)}: ${formatPercent(reference.sharpness)} of the sharpness, sharper on ${formatPercent(reference.sharper)} of the tiles\n`
    : '';
  return `${printableLine(title)}\n${lines.map(printableLine).join('\n')}\n${beside}`;
}
