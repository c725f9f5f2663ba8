// zflat map: plan only.
import type { Command } from 'commander';
import { mapSlide } from '../../api/map-slide.js';
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
import { fileEndingIn } from '../parse-options.js';
import { addPresetOption, withPreset } from '../preset-flags.js';
import { runCommand } from '../run-command.js';
import { checkResultFiles, needsPicture, type ResultFlags, writeResultFiles } from '../write-results.js';

type Flags = OpenFlags & PlanFlags & RunFlags & ResultFlags & { readonly output: string };

export function addMap(command: Command): void {
  command
    .argument('<slide...>', 'a file, a folder, a pattern, or the files of the planes; also by URL (see zflat formats)')
    .requiredOption(
      '-o, --output <file>',
      '.png: heatmap over the slide; .json or .csv: depth map',
      fileEndingIn('.png', '.json', '.csv'),
    );
  addPlanOptions(command);
  addPresetOption(command);
  addGrainOption(command);
  addOpenOptions(command);
  addResultOptions(command);
  addRunOptions(command);
  addExamples(command, [
    ['zflat map smear.ome.tiff -o depth.png', 'see where the specimen lies, without writing a slide'],
    [
      'zflat map https://slides.example.org/smear.ome.tiff -o depth.json',
      'fetches the tiles that are looked at, no more',
    ],
  ]);
  command.action((slide: string[], given: Flags) =>
    runCommand(given, async (running) => {
      const flags = await withPreset(given, command);
      const isPicture = flags.output.toLowerCase().endsWith('.png');
      const files: ResultFlags[] = [
        flags,
        { ...(isPicture ? { heatmap: flags.output } : { depthMap: flags.output }), force: flags.force },
      ];
      for (const each of files) await checkResultFiles(each);
      const thumbnail = files.some(needsPicture);
      const result = await mapSlide(slide, { ...openOptions(flags), ...planOptions(flags, running), thumbnail });
      for (const each of files) await writeResultFiles(result, each);
      process.stdout.write(flags.json ? `${JSON.stringify(result.report, null, 2)}\n` : describeResult(result.report));
      return result.targetMet ? 0 : targetUnmet;
    }),
  );
}
