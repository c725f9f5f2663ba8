// A run's report in a few lines for the terminal.
import type { AccuracySummary, RunReport, TileCounts } from '../report/run-report.js';

/** What was done, how good it is, what it took. */
export function describeResult({ slide, options, plan, accuracy, output, network, elapsedMs }: RunReport): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 9950 ? 2 : 0)} s`;
  const lines = [
    `slide     ${slide.name}: ${slide.width} x ${slide.height} pixels, ${plan.tiles} tiles, ${plan.planes} planes`,
    `planned   ${plan.method}, ${percent(plan.cost, 1)} % of the exhaustive pixels decoded, ${seconds(elapsedMs.plan)}`,
    `retained  ${describeAccuracy(accuracy)}`,
  ];
  if (!plan.targetMet) {
    const why =
      options.maxCost === null ? `was not met: the ${plan.method} method stops` : 'could not be met within --max-cost';
    lines.push(`missed    the target of ${percent(Number(options.target))} % ${why}`);
  }
  if (plan.blocks) {
    const { tilesScored, tilesMixed, gain } = plan.blocks;
    const focus = `${gain >= 1 ? '+' : ''}${percent(gain - 1, 1)} %`;
    lines.push(
      `blocks    ${tilesMixed} tiles mix planes, of ${tilesScored} scored by block: ${focus} focus over whole tiles`,
    );
  }
  if (network) {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const { requests, bytes, fileBytes } = network;
    const whole = fileBytes === undefined ? '' : ` of ${megabytes(fileBytes)}`;
    lines.push(`fetched   ${megabytes(bytes)}${whole} MB in ${requests} requests`);
  }
  if (output) {
    const size = `${(output.bytes / 1e6).toFixed(1)} MB`;
    lines.push(`written   ${output.path}, ${size}: ${describeTiles(output)}; ${seconds(elapsedMs.write)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** "99.95 % (95 %: 99.64 to 100.00) of the sharpness, agreement 96.6 %; audit of 8 tiles". */
function describeAccuracy({
  kind,
  tiles,
  retained,
  retainedInterval: [low, high],
  agreement,
}: AccuracySummary): string {
  if (tiles === 0) return 'unknown: no tile that was scored on every plane has content';
  const interval = kind === 'exhaustive' ? '' : ` (95 %: ${percent(low)} to ${percent(high)})`;
  const source = kind === 'exhaustive' ? 'every tile scored' : `audit of ${tiles} ${tiles === 1 ? 'tile' : 'tiles'}`;
  return `${percent(retained)} %${interval} of the sharpness, agreement ${percent(agreement, 1)} %; ${source}`;
}

/** "262 tiles copied, 79 quilted". */
export function describeTiles({ tilesCopied, tilesQuilted, tilesUnmixed, tilesEncoded }: TileCounts): string {
  const reasons = [
    ...Object.entries(tilesUnmixed).map(([reason, count]) => `${count} ${reason}`),
    ...Object.entries(tilesEncoded).map(([reason, count]) => `${count} encoded: ${reason}`),
  ];
  const quilted = tilesQuilted > 0 ? [`${tilesQuilted} quilted`] : [];
  return [`${tilesCopied} tiles copied`, ...quilted, ...reasons].join(', ');
}

/** A share as percent, without the sign. */
export function percent(share: number, digits = 2): string {
  return (100 * share).toFixed(digits);
}
