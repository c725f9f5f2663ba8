// zflat verify: proof that a flattened slide holds its source's own tiles.

import type { Command } from 'commander';
import { type VerifyOptions, type VerifyReport, verifyOptions, verifySlide } from '../../api/verify-slide.js';
import { SlideError } from '../../errors.js';
import { pickOptions } from '../../options/option-table.js';
import { runningOptions } from '../../options/running.js';
import { counted } from '../../system/format-figures.js';
import { printableLine } from '../../system/printable.js';
import { type NetworkFlags, networkFlags, networkOptionsOf, type TellingFlags, tellingFlags } from '../common-flags.js';
import { describeTiles } from '../describe-result.js';
import { addExamples, addFlags } from '../flags.js';
import { runCommand } from '../run-command.js';

// How the slide was opened is taken from what the flattened one says of itself.
const table = { ...runningOptions, ...networkFlags, ...tellingFlags };

type Given = Pick<VerifyOptions, 'concurrency'> & NetworkFlags & TellingFlags;

export function addVerify(command: Command): void {
  command
    .argument('<files...>', 'the z-stack, as it was given to zflat flatten; last, the slide that zflat wrote')
    .usage('<slide...> <flattened> [options]');
  addFlags(command, table);
  addExamples(command, [
    ['zflat verify smear.ome.tiff flat.ome.tiff', 'exit code 0 if every tile is what it should be'],
  ]);
  command.action((files: string[]) =>
    runCommand<Given>(command, table, async (given, running, { print }) => {
      const flattened = files[files.length - 1];
      const slide = files.slice(0, -1);
      if (slide.length === 0) throw new SlideError('usage', 'expected a slide and the flattened one, got one file');
      const options = {
        ...pickOptions<VerifyOptions>(verifyOptions, given),
        network: networkOptionsOf(given),
        ...running,
      };
      const report = await verifySlide(slide, flattened, options);
      print(given.json ? `${JSON.stringify(report, null, 2)}\n` : verifyText(report));
      return report.verified ? 0 : 1;
    }),
  );
}

function verifyText(report: VerifyReport): string {
  const { verified, tiles, planes, problems, failures } = report;
  const used = planes.map((count, plane) => `${plane}: ${count}`).join(', ');
  const lines = [
    `${verified ? 'verified' : 'NOT verified'}: ${counted(tiles, 'tile')}, ${describeTiles(report)}`,
    `tiles by plane  ${used}`,
    ...problems,
  ];
  if (failures > problems.length) lines.push(`… and ${failures - problems.length} more`);
  return `${lines.map(printableLine).join('\n')}\n`;
}
