#!/usr/bin/env node
// The command line: one line a command.
import { Command } from 'commander';
import { software } from '../version.js';
import { addCompareCommand } from './commands/compare.js';
import { addFlattenCommand } from './commands/flatten.js';
import { addFormatsCommand } from './commands/formats.js';
import { addInfoCommand } from './commands/info.js';
import { addMapCommand } from './commands/map.js';
import { addRankCommand } from './commands/rank.js';
import { addSynthCommand } from './commands/synth.js';
import { addVerifyCommand } from './commands/verify.js';
import { wrongUsage } from './exit-codes.js';

const program = new Command('zflat')
  .description(
    'Flattens z-stacked whole-slide images: the sharpest plane, tile by tile, copied byte for byte into one slide.',
  )
  .version(software, '-V, --version')
  .showHelpAfterError('(zflat <command> --help shows options and examples)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 the slide can not be read or is damaged,\n            4 the target was not met within --max-cost\n',
  )
  .exitOverride((error) => {
    // Help and version end with 0, all else that commander refuses is wrong usage.
    process.exit(error.exitCode === 0 ? 0 : wrongUsage);
  });

addInfoCommand(program);
addFlattenCommand(program);
addMapCommand(program);
addCompareCommand(program);
addRankCommand(program);
addVerifyCommand(program);
addSynthCommand(program);
addFormatsCommand(program);

await program.parseAsync();
