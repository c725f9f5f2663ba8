// zflat flatten: the main job.

import type { Command } from 'commander';
import { previewFlatten } from '../../api/preview-flatten.js';
import { type FlattenOptions, flattenOptions, flattenSlide } from '../../flatten-slide.js';
import { pickOptions } from '../../options/option-table.js';
import { checkWritten } from '../check-written.js';
import { commandLine } from '../command-line.js';
import {
  type NetworkFlags,
  networkFlags,
  networkOptionsOf,
  outputFlag,
  type TellingFlags,
  tellingFlags,
} from '../common-flags.js';
import { describePreview } from '../describe-preview.js';
import { describeResult } from '../describe-result.js';
import { targetUnmet } from '../exit-codes.js';
import { addExamples, addFlags } from '../flags.js';
import { presetFlag, withPreset } from '../preset-flag.js';
import { runCommand } from '../run-command.js';
import { needsPicture, type ResultFlags, resultFiles, resultFlags, writeResultFiles } from '../write-results.js';

const table = {
  ...outputFlag('the slide to write', 'file'),
  ...flattenOptions,
  ...networkFlags,
  ...presetFlag,
  ...resultFlags,
  dryRun: { kind: 'switch', default: false, text: 'say what would be read, taken and written, and write nothing' },
  ...tellingFlags,
} as const;

type Given = FlattenOptions &
  NetworkFlags &
  ResultFlags &
  TellingFlags & {
    readonly output: string;
    readonly dryRun?: boolean | undefined;
  };

export function addFlatten(command: Command): void {
  command.argument(
    '<slide...>',
    'a file, a folder, a pattern, or the files of the planes; also by URL (see zflat formats)',
  );
  addFlags(command, table);
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
  command.action((slide: string[]) =>
    runCommand<Given>(command, table, async (said, running, { print }) => {
      const given = await withPreset(said);
      const { force, output } = given;
      const outputs = await checkWritten([output, ...resultFiles(given)], { force, preset: said.preset });
      const options = {
        ...pickOptions<FlattenOptions>(flattenOptions, given),
        network: networkOptionsOf(given),
        command: commandLine(process.argv.slice(2)),
        outputs,
        ...running,
      };
      if (given.dryRun) {
        const preview = await previewFlatten(slide, output, options);
        print(given.json ? `${JSON.stringify(preview, null, 2)}\n` : describePreview(preview));
        return 0;
      }
      const result = await flattenSlide(slide, output, { ...options, thumbnail: needsPicture(given) });
      await writeResultFiles(result, given);
      print(given.json ? `${JSON.stringify(result.report, null, 2)}\n` : describeResult(result.report));
      return result.targetMet ? 0 : targetUnmet;
    }),
  );
}
