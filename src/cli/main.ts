#!/usr/bin/env node
// The command line: one line a command.
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { printableLine } from '../system/printable.js';
import { software } from '../system/version.js';
import { wrongUsage } from './exit-codes.js';
import { guardStandardStreams } from './standard-streams.js';
import { v8Flags } from './v8-flags.js';

type CommandEntry = {
  readonly text: string;
  /** What gives the command its arguments, options and action: loaded where the command is named, for it takes a while. */
  readonly load: () => Promise<(command: Command) => void>;
};

const commands: Readonly<Record<string, CommandEntry>> = {
  info: {
    text: 'format, size, levels, tile grid, planes with their heights, pixel size, codec',
    load: async () => (await import('./commands/info.js')).addInfo,
  },
  flatten: {
    text: 'pick the sharpest plane tile by tile and write one slide',
    load: async () => (await import('./commands/flatten.js')).addFlatten,
  },
  map: {
    text: 'plan only: which plane every tile would come from',
    load: async () => (await import('./commands/map.js')).addMap,
  },
  compare: {
    text: 'adaptive and exhaustive side by side, on one slide or on several',
    load: async () => (await import('./commands/compare.js')).addCompare,
  },
  tune: {
    text: 'settings for slides of one kind, with their evidence: a preset',
    load: async () => (await import('./commands/tune.js')).addTune,
  },
  rank: {
    text: 'the sharpest and the blurriest of a few images of one field, a score each',
    load: async () => (await import('./commands/rank.js')).addRank,
  },
  verify: {
    text: "every tile is one of the source's own, and which; counts what was encoded; fails on a single flipped byte",
    load: async () => (await import('./commands/verify.js')).addVerify,
  },
  synth: {
    text: 'make a z-stacked slide whose true depth map is known',
    load: async () => (await import('./commands/synth.js')).addSynth,
  },
  formats: {
    text: 'what can be read and written, how planes are found, whether tiles are copied',
    load: async () => (await import('./commands/formats.js')).addFormats,
  },
};

const program = new Command('zflat')
  .description(
    'Flattens z-stacked whole-slide images: the sharpest plane, tile by tile, copied byte for byte into one slide.',
  )
  .version(software, '-V, --version')
  .showHelpAfterError('(zflat <command> --help shows options and examples)')
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the slide can not be read or is damaged,
            4 the target was not met within --max-cost, 75 a failure that may pass: try again later,
            129, 130, 143 ended by HUP, INT (Ctrl-C), TERM
`,
  )
  .configureOutput({
    // What it repeats of the command line may be the name of a file.
    outputError: (text, write) => write(`${printableLine(text.trimEnd().replace(/\n(?=\(Did you mean )/, ' '))}\n`),
  })
  .exitOverride((error) => {
    // Help and version end with 0, all else that commander refuses is wrong usage.
    process.exit(error.exitCode === 0 ? 0 : wrongUsage);
  });

guardStandardStreams();
// Without a listener, Node would open a debugger.
process.on('SIGUSR1', () => undefined);
for (const flag of v8Flags) setFlagsFromString(flag);

const words = process.argv.slice(2);
for (const [name, { text, load }] of Object.entries(commands)) {
  const command = program.command(name).description(text);
  if (words.includes(name)) (await load())(command);
}

await program.parseAsync();
