// zflat flatten: the main job.
import { type Command, Option } from 'commander';
import { flattenSlide } from '../../flatten-slide.js';
import { type OutputFormat, outputFormats } from '../../output/create-writer.js';
import {
  addExamples,
  addGrainOption,
  addOpenOptions,
  addPlanOptions,
  addResultOptions,
  addRunOptions,
} from '../common-options.js';
import { describeResult } from '../describe-result.js';
import { targetUnmet } from '../exit-codes.js';
import { type OpenFlags, openOptions, type PlanFlags, planOptions, type RunFlags } from '../options-of.js';
import { slideName } from '../parse-options.js';
import { addPresetOption, withPreset } from '../preset-flags.js';
import { runCommand } from '../run-command.js';
import { checkResultFiles, needsPicture, type ResultFlags, writeResultFiles } from '../write-results.js';

type Flags = OpenFlags &
  PlanFlags &
  RunFlags &
  ResultFlags & { readonly output: string; readonly format: OutputFormat };

export function addFlatten(command: Command): void {
  const formats = Object.entries(outputFormats).map(([name, { description }]) => `${name}: ${description}`);
  command
    .argument('<slide...>', 'a file, a folder, a pattern, or the files of the planes; also by URL (see zflat formats)')
    .requiredOption('-o, --output <file>', 'the slide to write', slideName)
    .addOption(
      new Option('--format <name>', formats.join('; ')).choices(Object.keys(outputFormats)).default('ome-tiff'),
    );
  addPlanOptions(command);
  addPresetOption(command);
  addGrainOption(command);
  addOpenOptions(command);
  addResultOptions(command);
  addRunOptions(command);
  addExamples(command, [
    ['zflat flatten smear.ome.tiff -o flat.ome.tiff', 'keeps 99.9 % of the sharpness, and says how sure that is'],
    ['zflat flatten planes/ -o flat.ome.tiff --z-step 0.5 --report flat.html --heatmap flat.png', 'a file per plane'],
    ['zflat flatten smear.ome.tiff -o flat.ome.tiff --grain block', 'sharper where heights differ within a tile'],
    ['zflat flatten pma://server/Lab/smear.ndpi -o flat.ome.tiff', 'ZFLAT_PMA_USER and ZFLAT_PMA_PASSWORD sign in'],
    [
      'zflat flatten smear.ome.tiff -o flat.ome.tiff --target 0.99 --max-cost 0.05',
      'exit code 4 if 5 % were not enough',
    ],
  ]);
  command.action((slide: string[], given: Flags) =>
    runCommand(given, async (running) => {
      const flags = await withPreset(given, command);
      const { output, format, force, json } = flags;
      await checkResultFiles(flags);
      const thumbnail = needsPicture(flags);
      const options = { ...openOptions(flags), ...planOptions(flags, running), format, force, thumbnail };
      const result = await flattenSlide(slide, output, options);
      await writeResultFiles(result, flags);
      process.stdout.write(json ? `${JSON.stringify(result.report, null, 2)}\n` : describeResult(result.report));
      return result.targetMet ? 0 : targetUnmet;
    }),
  );
}
