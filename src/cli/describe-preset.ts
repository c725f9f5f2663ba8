// What tuning came to, in a few lines for the terminal.

import { counted, formatPercent, percentDigits } from '../system/format-figures.js';
import { printableLine } from '../system/printable.js';
import type { Preset } from '../tuning/preset.js';

/** The verdict, and a table: a line a slide and half, the chosen setting beside the default. */
export function describePreset({ settings, evidence }: Preset): string {
  const head = ['slide', 'half', 'tiles', 'cost %', 'retained %', 'met %', 'default %', 'retained %', 'met %'];
  const rows = evidence.slides.map(({ name, files, half, tiles, chosen, default: usual }) => [
    files.length === 1 ? files[0] : name,
    half,
    String(tiles),
    ...[chosen, usual].flatMap(({ cost, retained, met }) => [
      percentDigits(cost),
      percentDigits(retained, 3),
      percentDigits(met, 0),
    ]),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const lines = [head, ...rows].map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  const { tuning } = evidence.seeds;
  const facts = `${counted(evidence.tried, 'setting')} tried, up to ${counted(tuning.length, 'seed')} a slide, judged by ${evidence.judge}`;
  const rule = `target ${formatPercent(settings.target)}: kept where nine of ten runs keep it, and every slide on average`;
  return `${lines.map(printableLine).join('\n')}\n${facts}\n${rule}\n${evidence.text}\n`;
}
