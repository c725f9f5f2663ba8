// zflat verify: proof that a flattened slide holds its source's own tiles.
import type { Command } from 'commander';
import { type VerifyReport, verifySlide } from '../../api/verify-slide.js';
import { SlideError } from '../../errors.js';
import { addExamples, addNetworkOptions, addRunOptions } from '../common-options.js';
import { describeTiles } from '../describe-result.js';
import { type NetworkFlags, networkOptions, type RunFlags } from '../options-of.js';
import { runCommand } from '../run-command.js';

export function addVerify(command: Command): void {
  command
    .argument('<files...>', 'the z-stack, as it was given to zflat flatten; last, the slide that zflat wrote')
    .usage('<slide...> <flattened> [options]');
  addNetworkOptions(command);
  addRunOptions(command);
  addExamples(command, [
    ['zflat verify smear.ome.tiff flat.ome.tiff', 'exit code 0 if every tile is what it should be'],
  ]);
  command.action((files: string[], flags: RunFlags & NetworkFlags) =>
    runCommand(flags, async (running) => {
      const flattened = files[files.length - 1];
      const slide = files.slice(0, -1);
      if (slide.length === 0) throw new SlideError('usage', 'expected a slide and the flattened one, got one file');
      const options = { concurrency: flags.concurrency, network: networkOptions(flags), ...running };
      const report = await verifySlide(slide, flattened, options);
      process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : verifyText(report));
      return report.verified ? 0 : 1;
    }),
  );
}

function verifyText(report: VerifyReport): string {
  const { verified, tiles, planes, problems, failures } = report;
  const used = planes.map((count, plane) => `${plane}: ${count}`).join(', ');
  const lines = [
    `${verified ? 'verified' : 'NOT verified'}: ${tiles} tiles, ${describeTiles(report)}`,
    `tiles by plane  ${used}`,
    ...problems,
  ];
  if (failures > problems.length) lines.push(`… and ${failures - problems.length} more`);
  return `${lines.join('\n')}\n`;
}
