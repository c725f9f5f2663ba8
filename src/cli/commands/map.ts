// zflat map: plan only.

import type { Command } from 'commander';
import { type MapOptions, mapOptions, mapSlide } from '../../api/map-slide.js';
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
import { describeResult } from '../describe-result.js';
import { targetUnmet } from '../exit-codes.js';
import { addExamples, addFlags } from '../flags.js';
import { presetFlag, withPreset } from '../preset-flag.js';
import { runCommand } from '../run-command.js';
import { needsPicture, type ResultFlags, resultFiles, resultFlags, writeResultFiles } from '../write-results.js';

const table = {
  ...outputFlag('.png: heatmap over the slide; .json or .csv: depth map', 'file', '.png', '.json', '.csv'),
  ...mapOptions,
  ...networkFlags,
  ...presetFlag,
  ...resultFlags,
  ...tellingFlags,
};

type Given = MapOptions & NetworkFlags & ResultFlags & TellingFlags & { readonly output: string };

export function addMap(command: Command): void {
  command.argument(
    '<slide...>',
    'a file, a folder, a pattern, or the files of the planes; also by URL (see zflat formats)',
  );
  addFlags(command, table);
  addExamples(command, [
    ['zflat map smear.ome.tiff -o depth.png', 'see where the specimen lies, without writing a slide'],
    [
      'zflat map https://slides.example.org/smear.ome.tiff -o depth.json',
      'fetches the tiles that are looked at, no more',
    ],
  ]);
  command.action((slide: string[]) =>
    runCommand<Given>(command, table, async (said, running, { print }) => {
      const given = await withPreset(said);
      const { output, force, json } = given;
      const isPicture = output.toLowerCase().endsWith('.png');
      const files: ResultFlags[] = [given, { ...(isPicture ? { heatmap: output } : { depthMap: output }), force }];
      const outputs = await checkWritten(files.flatMap(resultFiles), { force, preset: said.preset });
      const options = {
        ...pickOptions<MapOptions>(mapOptions, given),
        network: networkOptionsOf(given),
        command: commandLine(process.argv.slice(2)),
        outputs,
        ...running,
      };
      const result = await mapSlide(slide, { ...options, thumbnail: files.some(needsPicture) });
      for (const each of files) await writeResultFiles(result, each);
      print(json ? `${JSON.stringify(result.report, null, 2)}\n` : describeResult(result.report));
      return result.targetMet ? 0 : targetUnmet;
    }),
  );
}
