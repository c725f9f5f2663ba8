// zflat tune: settings for slides of one kind, with the evidence for them.

import type { Command } from 'commander';
import { type TuneOptions, tuneOptions, tuneSlides } from '../../api/tune/tune-slides.js';
import { openingOptions } from '../../options/opening.js';
import { pickOptions } from '../../options/option-table.js';
import { givenSlides } from '../../slide-source/group-inputs.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { checkWritten } from '../check-written.js';
import {
  forceFlag,
  type NetworkFlags,
  networkFlags,
  networkOptionsOf,
  outputFlag,
  type TellingFlags,
  tellingFlags,
} from '../common-flags.js';
import { describePreset } from '../describe-preset.js';
import { addExamples, addFlags } from '../flags.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

const table = {
  ...outputFlag('the preset, .json; a picture, .svg, is written beside it', 'preset', '.json'),
  ...tuneOptions,
  ...networkFlags,
  ...forceFlag,
  ...tellingFlags,
};

type Given = TuneOptions & NetworkFlags & TellingFlags & { readonly output: string; readonly force?: boolean };

export function addTune(command: Command): void {
  command.argument(
    '<slides...>',
    'slides of one kind, each a file, a folder or a pattern (also of several z-stacks), or the files of the planes of one: of several every other is held out, of one every other band of tiles',
  );
  addFlags(command, table);
  addExamples(command, [
    ['zflat tune a.ome.tiff b.ome.tiff c.ome.tiff d.ome.tiff -o smears.json', 'what is cheapest for slides like these'],
    ['zflat flatten e.ome.tiff -o flat.ome.tiff --preset smears.json', 'and its use'],
  ]);
  command.action((slides: string[]) =>
    runCommand<Given>(command, table, async (given, running, { print }) => {
      const { output, force = false, json } = given;
      const picture = output.replace(/\.json$/i, '.svg');
      const outputs = await checkWritten([output, picture], { force });
      const network = networkOptionsOf(given);
      const wanted = await givenSlides(slides, { ...pickOptions<OpenOptions>(openingOptions, given), network });
      const options = { ...pickOptions<TuneOptions>(tuneOptions, given), network, outputs, ...running };
      const result = await tuneSlides(wanted, options);
      const text = `${JSON.stringify(result.preset, null, 2)}\n`;
      await writeText(picture, result.picture, force);
      await writeText(output, text, force);
      print(json ? text : `${describePreset(result.preset)}written    ${output}, ${picture}\n`);
      return 0;
    }),
  );
}
