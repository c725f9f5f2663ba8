// zflat tune: settings for slides of one kind, with the evidence for them.
import { type Command, Option } from 'commander';
import { defaultCacheFolder } from '../../api/tune/number-cache.js';
import { defaultTuning, tuneSlides } from '../../api/tune/tune-slides.js';
import type { FocusMeasureName } from '../../focus/focus-measure.js';
import { checkOutput } from '../../output/output-file.js';
import { addExamples, addOpenOptions, addRunOptions } from '../common-options.js';
import { describePreset } from '../describe-preset.js';
import { type OpenFlags, openOptions, type RunFlags } from '../options-of.js';
import { fileEndingIn, listOf, measureName, numberIn, oneOf } from '../parse-options.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

const whole = { whole: true };

type Flags = OpenFlags &
  RunFlags & {
    readonly output: string;
    readonly target: number;
    readonly measures: readonly FocusMeasureName[];
    readonly subsamples: readonly number[];
    readonly seeds: number;
    readonly cache: string;
    readonly force?: boolean;
  };

export function addTune(command: Command): void {
  const { target, measures, subsamples, seeds } = defaultTuning;
  command
    .argument(
      '<slides...>',
      'slides of one kind, each a file, a folder or a quoted pattern: of several every other is held out, of one every other band of tiles',
    )
    .requiredOption(
      '-o, --output <preset>',
      'the preset, .json; a picture, .svg, is written beside it',
      fileEndingIn('.json'),
    )
    .addOption(new Option('--target <share>', 'sharpness to retain').argParser(numberIn(0, 1)).default(target))
    .addOption(
      new Option('--measures <names>', 'focus measures to try, with commas between; the first judges all')
        .argParser(listOf(measureName))
        .default(measures, measures.join(',')),
    )
    .addOption(
      new Option(
        '--subsamples <numbers>',
        'every n-th pixel to try of the first measure, with commas between: saves time, not cost',
      )
        .argParser(listOf(oneOf(1, 2, 4, 8)))
        .default(subsamples, subsamples.join(',')),
    )
    .addOption(
      new Option('--seeds <n>', 'replays of a setting on each slide, for each half')
        .argParser(numberIn(1, 1000, whole))
        .default(seeds),
    )
    .addOption(
      new Option('--cache <folder>', 'where scores are kept: a run that was stopped goes on from there').default(
        defaultCacheFolder(),
        "zflat in the user's folder for caches",
      ),
    )
    .option('--force', 'replace files that exist');
  addOpenOptions(command);
  addRunOptions(command);
  addExamples(command, [
    ['zflat tune a.ome.tiff b.ome.tiff c.ome.tiff d.ome.tiff -o smears.json', 'what is cheapest for slides like these'],
    ['zflat flatten e.ome.tiff -o flat.ome.tiff --preset smears.json', 'and its use'],
  ]);
  command.action((slides: string[], flags: Flags) =>
    runCommand(flags, async (running) => {
      const { output, force = false, json } = flags;
      const picture = output.replace(/\.json$/i, '.svg');
      for (const file of [output, picture]) await checkOutput(file, force);
      const result = await tuneSlides(slides, { ...flags, ...openOptions(flags), ...running });
      const text = `${JSON.stringify(result.preset, null, 2)}\n`;
      await writeText(picture, result.picture, force);
      await writeText(output, text, force);
      process.stdout.write(json ? text : `${describePreset(result.preset)}written    ${output}, ${picture}\n`);
      return 0;
    }),
  );
}
