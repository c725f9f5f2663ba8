// A run's report in a few lines for the terminal.

import type {
  AccuracySummary,
  BlocksSummary,
  OutputSummary,
  RunReport,
  SlideSummary,
  TileCounts,
} from '../report/run-report.js';
import { selectionText } from '../slide/slide-selection.js';
import { counted, formatBytes, formatDuration, formatPercent, percentDigits } from '../system/format-figures.js';
import { printableLine } from '../system/printable.js';

/** What was done, how good it is, what it took. */
export function describeResult({ slide, options, plan, accuracy, output, network, elapsedMs }: RunReport): string {
  const lines = [
    `slide     ${slide.name}: ${slide.width} x ${slide.height} pixels, ${counted(plan.tiles, 'tile')}, ${counted(plan.planes, 'plane')}`,
    ...takenLines(slide),
    ...(plan.planes === 1
      ? [`planned   ${describeOnePlane(output)}`]
      : [
          `planned   ${plan.method}, ${formatPercent(plan.cost)} of the exhaustive pixels decoded, ${formatDuration(elapsedMs.plan)}`,
          ...describeKept(plan.blocks, accuracy),
        ]),
  ];
  if (!plan.targetMet) {
    const why =
      options.maxCost === null ? `was not met: the ${plan.method} method stops` : 'could not be met within --max-cost';
    lines.push(`missed    the target of ${formatPercent(Number(options.target))} ${why}`);
  }
  if (plan.blocks?.mixed) {
    const { tilesScored, tilesMixed, gain } = plan.blocks;
    const focus = `${gain >= 1 ? '+' : ''}${percentDigits(gain - 1, 1)} %`;
    lines.push(
      `blocks    ${counted(tilesMixed, 'tile mixes', 'tiles mix')} planes, of ${tilesScored} scored by block: ${focus} focus over whole tiles`,
    );
  }
  if (network) {
    const { requests, bytes, fileBytes } = network;
    const whole = fileBytes === undefined ? '' : ` of ${formatBytes(fileBytes)}`;
    lines.push(`fetched   ${formatBytes(bytes)}${whole} in ${counted(requests, 'request')}`);
  }
  if (output) {
    lines.push(
      `written   ${output.path}, ${formatBytes(output.bytes)}: ${describeTiles(output)}; ${formatDuration(elapsedMs.write)}`,
    );
    lines.push(...metadataLines(output));
  }
  return `${lines.map(printableLine).join('\n')}\n`;
}

/** What may tell whose slide it is, carried over or left out. */
function metadataLines({ pictures = [], carried = [], removed = [] }: OutputSummary): string[] {
  const telling = pictures.filter((kind) => kind !== 'thumbnail');
  const shown = telling.length === 0 ? '' : `: ${telling.join(' and ')} may show names (--no-label, --no-macro)`;
  const all = [...pictures.map((kind) => `${kind} image`), ...carried];
  return [
    ...(all.length === 0 ? [] : [`carried   ${all.join(', ')}${shown}; --deidentify leaves all of it out`]),
    ...(removed.length === 0 ? [] : [`left out  ${removed.join(', ')}`]),
  ];
}

/** What was taken, where there was a choice: files, channel, timepoint, scene. */
function takenLines({ files, selection }: SlideSummary): string[] {
  const chosen = selectionText(selection);
  const taken = [
    ...(files.length > 1 ? [`${files[0]} … ${files[files.length - 1]} (${files.length})`] : []),
    ...(chosen === undefined ? [] : [chosen]),
  ];
  return taken.length === 0 ? [] : [`taken     ${taken.join('; ')}`];
}

/** What is kept at the grain of the result, and at that of tiles. */
function describeKept(blocks: BlocksSummary | undefined, accuracy: AccuracySummary): string[] {
  const byTile = describeAccuracy(accuracy);
  if (!blocks?.mixed || !blocks.accuracy || blocks.accuracy.blocks === 0) return [`retained  ${byTile}`];
  const { kind, tiles, retained, retainedInterval, tileRetained } = blocks.accuracy;
  const [low, high] = retainedInterval;
  const interval = kind === 'exhaustive' ? '' : ` (95 %: ${formatPercent(low)} to ${formatPercent(high)})`;
  const source = kind === 'exhaustive' ? 'every tile scored' : `audit of ${counted(tiles, 'tile')}`;
  const whole = `one plane a tile would keep ${formatPercent(tileRetained)}`;
  return [
    `retained  ${formatPercent(retained)}${interval} of the sharpness of blocks; ${whole}; ${source}`,
    `by tile   ${byTile}`,
  ];
}

/** "one plane: copied", or why tiles of the finest level and others were encoded. */
function describeOnePlane(output: TileCounts | undefined): string {
  const reasons = Object.keys(output?.tilesEncoded ?? {});
  if (!output) return 'one plane: nothing to choose';
  return reasons.length === 0 ? 'one plane: copied' : `one plane: encoded because of ${reasons.join(', ')}`;
}

/** "99.95 % (95 %: 99.64 % to 100 %) of the sharpness, agreement 96.6 %; audit of 8 tiles". */
function describeAccuracy({
  kind,
  tiles,
  retained,
  retainedInterval: [low, high],
  agreement,
}: AccuracySummary): string {
  if (tiles === 0) return 'unknown: no tile that was scored on every plane has content';
  const interval = kind === 'exhaustive' ? '' : ` (95 %: ${formatPercent(low)} to ${formatPercent(high)})`;
  const source = kind === 'exhaustive' ? 'every tile scored' : `audit of ${counted(tiles, 'tile')}`;
  return `${formatPercent(retained)}${interval} of the sharpness, agreement ${formatPercent(agreement)}; ${source}`;
}

/** "262 tiles copied, 79 quilted". */
export function describeTiles({ tilesCopied, tilesQuilted, tilesUnmixed, tilesEncoded }: TileCounts): string {
  const reasons = [
    ...Object.entries(tilesUnmixed).map(([reason, count]) => `${count} ${reason}`),
    ...Object.entries(tilesEncoded).map(([reason, count]) => `${count} encoded: ${reason}`),
  ];
  const quilted = tilesQuilted > 0 ? [`${tilesQuilted} quilted`] : [];
  return [`${counted(tilesCopied, 'tile')} copied`, ...quilted, ...reasons].join(', ');
}
