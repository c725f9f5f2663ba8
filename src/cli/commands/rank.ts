// zflat rank: the images of one field, one a plane, from sharp to blurred.

import type { Command } from 'commander';
import { type RankOptions, type RankReport, rankImages, rankOptions } from '../../api/rank-images.js';
import { pickOptions } from '../../options/option-table.js';
import { percentDigits } from '../../system/format-figures.js';
import { printableLine } from '../../system/printable.js';
import { type TellingFlags, tellingFlags } from '../common-flags.js';
import { addExamples, addFlags } from '../flags.js';
import { runCommand } from '../run-command.js';

const table = { ...rankOptions, ...tellingFlags };

export function addRank(command: Command): void {
  command.argument('<image...>', 'two images or more: TIFF, JPEG or PNG of one size');
  addFlags(command, table);
  addExamples(command, [['zflat rank z1.jpg z2.jpg z3.jpg', 'which of three planes is in focus']]);
  command.action((images: string[]) =>
    runCommand<RankOptions & TellingFlags>(command, table, async (given, running, { print }) => {
      const report = await rankImages(images, { ...pickOptions<RankOptions>(rankOptions, given), ...running });
      print(given.json ? `${JSON.stringify(report, null, 2)}\n` : rankText(report));
      return 0;
    }),
  );
}

function rankText({ images, measure }: RankReport): string {
  const width = Math.max(...images.map(({ file }) => file.length));
  const lines = images.map(({ file, score, relative }, index) => {
    const remark = index === 0 ? 'sharpest' : index === images.length - 1 ? 'blurriest' : '';
    return `${file.padEnd(width)}  ${score.toFixed(4).padStart(10)}  ${percentDigits(relative, 1).padStart(5)} %  ${remark}`;
  });
  return `${lines.map((line) => printableLine(line.trimEnd())).join('\n')}\n(${measure} per pixel, and in parts of the sharpest)\n`;
}
