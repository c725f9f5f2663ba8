// Options that several commands share, each defined once.
import { type Command, Option } from 'commander';
import { defaultMeasure, focusMeasureNames } from '../focus/focus-measure.js';
import { defaultConcurrency } from '../pipeline/concurrency.js';
import { defaultPlanOptions, planGrains } from '../planner/contract/plan-options.js';
import { planners } from '../planner/planners.js';
import { fileEndingIn, headerLine, indexOrName, numberIn, oneOf } from './parse-options.js';

const whole = { whole: true };

/** How files are fetched that are given by URL. */
export function addNetworkOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--header <line>', 'for URLs: send "Name: value" with every request; may be repeated').argParser(
        (line, before: readonly (readonly [string, string])[] = []) => [...before, headerLine(line)],
      ),
    )
    .addOption(
      new Option('--timeout <seconds>', 'for URLs: try again after so long without a byte')
        .argParser(numberIn(0.001, 3600))
        .default(30),
    );
}

/** How a slide is opened. */
export function addOpenOptions(command: Command): Command {
  return addNetworkOptions(command)
    .addOption(
      new Option(
        '--channel <channel>',
        'channel to flatten, by index or name (default: 0, or red, green and blue together)',
      ).argParser(indexOrName),
    )
    .addOption(
      new Option('--timepoint <n>', 'timepoint to flatten')
        .argParser(numberIn(0, Number.POSITIVE_INFINITY, whole))
        .default(0),
    )
    .addOption(
      new Option(
        '--scene <scene>',
        'region to flatten where a file keeps several apart, by index or name (default: the first)',
      ).argParser(indexOrName),
    )
    .addOption(
      new Option('--z-step <um>', 'micrometres between planes, where the slide does not say').argParser(
        numberIn(0, Number.POSITIVE_INFINITY),
      ),
    )
    .addOption(
      new Option(
        '--tile-size <pixels>',
        'side of the tiles laid over planes that have none (default: 256, or that of Zarr chunks and JPEG pictures in CZI)',
      ).argParser(numberIn(16, 4096, whole)),
    );
}

/** How sharpness is measured. */
export function addMeasureOptions(command: Command): Command {
  const subsample = new Option('--subsample <n>', 'score every n-th pixel each way: 1, 2, 4 or 8');
  return command
    .addOption(new Option('--measure <name>', 'focus measure').choices(focusMeasureNames).default(defaultMeasure))
    .addOption(subsample.argParser(oneOf(1, 2, 4, 8)).default(defaultPlanOptions.subsample));
}

/** How planes are chosen. */
export function addPlanOptions(command: Command): Command {
  const { target, seed } = defaultPlanOptions;
  return addMeasureOptions(command)
    .addOption(
      new Option('--method <name>', 'how planes are chosen').choices(Object.keys(planners)).default('adaptive'),
    )
    .addOption(
      new Option('--level <n>', 'the finest level decided and written').argParser(numberIn(0, 32, whole)).default(0),
    )
    .addOption(
      new Option('--score-level <n>', 'the level whose pixels are surveyed (default: chosen by calibration)').argParser(
        numberIn(0, 32, whole),
      ),
    )
    .addOption(new Option('--target <share>', 'sharpness to retain').argParser(numberIn(0, 1)).default(target))
    .option('--prove', 'go on until the whole interval of retained sharpness is at the target')
    .addOption(
      new Option('--max-cost <share>', 'decode at most this share of what the exhaustive method decodes').argParser(
        numberIn(0, Number.POSITIVE_INFINITY),
      ),
    )
    .addOption(
      new Option('--seed <n>', 'seed of the draws of calibration and audit')
        .argParser(numberIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, whole))
        .default(seed),
    );
}

/** What a plane is chosen for. */
export function addGrainOption(command: Command): Command {
  const text = 'choose a plane for every tile, or for blocks of 16 pixels inside them (JPEG tiles)';
  return command.addOption(new Option('--grain <name>', text).choices(planGrains).default('tile'));
}

/** How the work is run and told. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--concurrency <n>', 'tiles in flight at once')
        .argParser(numberIn(1, 1024, whole))
        .default(defaultConcurrency),
    )
    .option('--json', 'print the report as JSON, and nothing else, on standard output')
    .option('--no-progress', 'no progress line');
}

/** Files that are written beside the result. */
export function addResultOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--report <file>', 'write the report: .json or .html').argParser(fileEndingIn('.json', '.html')),
    )
    .addOption(
      new Option('--depth-map <file>', 'write the depth map: .json or .csv').argParser(fileEndingIn('.json', '.csv')),
    )
    .addOption(new Option('--heatmap <file>', 'write the heatmap: .png').argParser(fileEndingIn('.png')))
    .option('--force', 'replace files that exist');
}

/** Examples below a command's help. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const lines = examples.map(([line, meaning]) => `  $ ${line}\n      ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
