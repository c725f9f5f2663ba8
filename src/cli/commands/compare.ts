// zflat compare: a method and the exhaustive one side by side, on one slide or on several.
import { type Command, Option } from 'commander';
import { type CompareOptions, compareMethods } from '../../api/compare/compare-methods.js';
import { SlideError } from '../../errors.js';
import { type FocusMeasureName, focusMeasureNames } from '../../focus/focus-measure.js';
import { checkOutput, refuseInput } from '../../output/output-file.js';
import { compareToHtml } from '../../report/compare-to-html.js';
import type { CompareBatchReport, CompareReport } from '../../report/run-report.js';
import { type GivenSlide, givenSlides } from '../../slide-source/group-inputs.js';
import { addExamples, addOpenOptions, addPlanOptions, addRunOptions } from '../common-options.js';
import { compareBatch } from '../compare-batch.js';
import { percent } from '../describe-result.js';
import { drawComparison } from '../draw-comparison.js';
import { type OpenFlags, openOptions, type PlanFlags, planOptions, type RunFlags } from '../options-of.js';
import { fileEndingIn } from '../parse-options.js';
import { addPresetOption, withPreset } from '../preset-flags.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

type Flags = OpenFlags &
  PlanFlags &
  RunFlags & {
    readonly output: string;
    readonly judge?: FocusMeasureName;
    readonly reference?: string;
    readonly force?: boolean;
  };

export function addCompare(command: Command): void {
  command
    .argument('<slide...>', 'slides, each a file, a URL, a folder or a pattern; or the files of the planes of one')
    .requiredOption(
      '-o, --output <report>',
      '.html or .json; the other is written beside it',
      fileEndingIn('.html', '.json'),
    )
    .option('--force', 'replace files that exist');
  addPlanOptions(command);
  command.addOption(
    new Option(
      '--judge <name>',
      "focus measure that sharpness is judged by (default: the judge of the preset's evidence, else --measure)",
    ).choices(focusMeasureNames),
  );
  command.option(
    '--reference <slide>',
    "a slide of one plane, sharp by other means, to compare with: the scanner's own extended focus, another program's",
  );
  addPresetOption(command);
  addOpenOptions(command);
  addRunOptions(command);
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
  command.action((slides: string[], given: Flags) =>
    runCommand(given, async (running, { clear, complain }) => {
      const flags = await withPreset(given, command);
      const { force = false, output, judge, reference } = flags;
      const base = output.replace(/\.(html|json)$/i, '');
      for (const file of [`${base}.html`, `${base}.json`]) await checkOutput(file, force);
      if (given.preset !== undefined) await refuseInput(`${base}.json`, [given.preset], 'the preset');
      const options = { ...openOptions(flags), ...planOptions(flags, running), judge, reference };
      const compared = (report: CompareReport) => {
        clear();
        if (!flags.json) process.stdout.write(compareText(report));
      };
      const wanted = await givenSlides(slides, openOptions(flags));
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
      process.stdout.write(flags.json ? json : `written    ${base}.html, ${base}.json\n`);
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
  const title = `${slide.name}: ${plan.tiles} tiles, ${accuracy.tiles} with content, ${plan.planes} planes, judged by ${judge}`;
  const beside = reference
    ? `reference  ${reference.name}: ${percent(reference.sharpness)} % of the sharpness, sharper on ${percent(reference.sharper, 1)} % of the tiles\n`
    : '';
  return `${title}\n${lines.join('\n')}\n${beside}`;
}
