// How good a result is, in words that promise no more than was measured.
import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../drawing/markup.js';
import { px } from '../drawing/plot/drawing.js';
import { counted, formatPercent } from '../system/format-figures.js';
import type { AccuracySummary, RunReport } from './run-report.js';

/** What is kept, whatever it is measured by. */
export type KeptFigures = Pick<AccuracySummary, 'kind' | 'tiles' | 'retained' | 'retainedInterval'>;

/** What a run keeps at the grain of its result. */
export function keptByResult({ plan: { blocks }, accuracy }: Pick<RunReport, 'plan' | 'accuracy'>): KeptFigures {
  return blocks?.mixed && blocks.accuracy && blocks.accuracy.blocks > 0 ? blocks.accuracy : accuracy;
}

/** "99.96 %", or that it is not known: without a tile that has content, nothing was measured. */
export function retainedText({ tiles, retained }: KeptFigures): string {
  return tiles === 0 ? 'unknown' : formatPercent(retained);
}

/** "99.91 % to 100 %"; undefined where the value is exact or nothing was measured. */
export function intervalText({ tiles, retainedInterval: [low, high] }: KeptFigures): string | undefined {
  return tiles === 0 || low === high ? undefined : `${formatPercent(low)} to ${formatPercent(high)}`;
}

/** `target` is the retained sharpness that was asked for, if any was. */
export function accuracySection(accuracy: AccuracySummary, planes: number, target: number | undefined): Markup {
  const { tiles, kind, agreement, withinOne, worst } = accuracy;
  const interval = intervalText(accuracy);
  if (tiles === 0) {
    return html`<h2>How accurate</h2>
<p>Unknown: none of the tiles that were scored on every plane has content, so there was nothing to measure by.</p>`;
  }
  const scored = counted(tiles, 'tile');
  return html`<h2>How accurate</h2>
<p>Of the sharpness that is to be had by scoring every tile on every plane, the chosen planes keep
<strong>${retainedText(accuracy)}</strong>. ${
    kind === 'exhaustive'
      ? `That was measured, not estimated, on ${scored}.`
      : `That is an estimate from ${scored}, drawn by chance and scored on all ${counted(planes, 'plane')}.`
  } ${interval !== undefined && `With 95 % confidence the true value is in the range ${interval}.`}</p>
${intervalPicture(accuracy, target)}
<p>The sharpest plane itself was chosen on ${formatPercent(agreement)} of these tiles, it or the plane next to it on
${formatPercent(withinOne)}. The worst of ${kind === 'exhaustive' ? 'them' : `the ${counted(tiles, 'audited tile')}`} keeps ${formatPercent(worst)} of its sharpness.</p>
${target !== undefined && html`<p>${targetText(accuracy, target)}</p>`}`;
}

function targetText({ retained, retainedInterval: [low] }: AccuracySummary, target: number): string {
  const asked = `The target was to keep ${formatPercent(target)}`;
  if (retained < target) return `${asked}: it was missed.`;
  return low < target ? `${asked}: met by the estimate, though its range reaches lower.` : `${asked}: it was met.`;
}

const width = 520;
const margin = 30;

/** The estimate as a dot on its range, the target as a line. */
function intervalPicture({ retained, retainedInterval, kind }: AccuracySummary, target: number | undefined): Markup {
  const [low, high] = retainedInterval;
  const lowest = Math.min(low, retained, target ?? 1);
  const start = [0.999, 0.99, 0.95, 0.9, 0.5].find((candidate) => candidate < lowest) ?? 0;
  const scale = scaleLinear([start, 1], [margin, width - margin]);
  const x = (share: number) => px(scale(share));
  const nameTick = scale.tickFormat(5, '~%');
  const ends = `${formatPercent(start)} to 100 %`;
  const found = `kept ${formatPercent(retained)}${kind === 'audit' ? `, 95 % range ${formatPercent(low)} to ${formatPercent(high)}` : ''}`;
  return html`<svg class="interval" viewBox="0 0 ${width} 66" role="img" aria-label="Retained sharpness on a scale from ${ends}: ${found}">
<path d="M${margin} 36H${width - margin}" stroke="currentColor" stroke-opacity=".25"/>
${kind === 'audit' && html`<path d="M${x(low)} 36H${x(high)}" stroke="var(--accent)" stroke-width="8" stroke-opacity=".4"/>`}
${target !== undefined && html`<path d="M${x(target)} 20V48" stroke="currentColor"/><text x="${x(target)}" y="14" text-anchor="middle">target</text>`}
<circle cx="${x(retained)}" cy="36" r="6" fill="var(--accent)"/>
${scale.ticks(5).map((tick) => html`<path d="M${x(tick)} 44v5" stroke="currentColor" stroke-opacity=".4"/><text x="${x(tick)}" y="63" text-anchor="middle">${nameTick(tick).replace('%', ' %')}</text>`)}
</svg>`;
}
