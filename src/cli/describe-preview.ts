// What a dry run foretells, in a few lines for the terminal.
import type { FlattenPreview } from '../api/preview-flatten.js';
import { selectionText } from '../slide/slide-selection.js';
import { counted, formatBytes, formatCount, formatDuration, formatPercent } from '../system/format-figures.js';

export function describePreview({ slide, read, written, seconds }: FlattenPreview): string {
  const { name, width, height, planes, files, selection } = slide;
  const from = files.length === 1 ? files[0] : `${files[0]} … ${files[files.length - 1]} (${files.length})`;
  const size = read.bytes === null ? '' : `, ${formatBytes(read.bytes)}`;
  const chosen = selectionText(selection);
  const share =
    read.scored === 0
      ? 'none of them'
      : `about ${counted(read.scored, 'look')}, ${formatPercent(read.scored / read.tiles)}`;
  const made = written.encoded === null ? 'tiles of one plane copied' : `tiles encoded: ${written.encoded}`;
  const lines = [
    `would read     ${name}: ${formatCount(width)} x ${formatCount(height)} pixels, ${counted(planes, 'plane')}; ${from}${size}`,
    ...(chosen === undefined ? [] : [`would take     ${chosen}`]),
    `would score    ${share} of ${counted(read.tiles, 'tile')} of all planes`,
    `would write    ${written.path}, ${written.format}: ${counted(written.tiles, 'tile')} in ${counted(written.levels, 'level')}, about ${formatBytes(written.bytes)}; ${made}`,
    `would last     about ${formatDuration(1000 * seconds)}`,
  ];
  return `${lines.join('\n')}\n`;
}
