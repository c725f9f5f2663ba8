// How often tiles were asked about, and why.

import { html, type Markup } from '../drawing/markup.js';
import { formatBytes, formatCount, formatPercent, formatTimes } from '../system/format-figures.js';
import { looksTable } from './looks-table.js';
import { factTable } from './render-page.js';
import type { PlanSummary } from './run-report.js';

export function probesSection(plan: PlanSummary): Markup {
  return html`<h2>What was looked at</h2>
${looksTable(plan)}
${factTable([
  ['Method', plan.method],
  ['Tiles decided', `${formatCount(plan.tiles)}, of which ${formatCount(plan.tilesWithContent)} have content`],
  ['Planes', formatCount(plan.planes)],
  [
    'Pixels decoded',
    `${formatCount(plan.pixelsDecoded)} of ${formatCount(plan.exhaustivePixels)}: ${formatPercent(plan.cost)}`,
  ],
  ['Bytes read', `${formatBytes(plan.bytesRead)} (${formatCount(plan.bytesRead)})`],
  ['Rounds of questions', formatCount(plan.rounds)],
])}`;
}

/** How the cost compares with scoring everything, in a few words. */
export function costText(cost: number): string {
  if (!Number.isFinite(cost)) return 'not comparable';
  if (cost === 0) return 'no pixel was decoded';
  if (cost === 1) return 'everything was looked at';
  if (cost > 0.9 && cost < 1.1) return 'about as many as there are';
  return cost < 1 ? `${formatTimes(1 / cost)} fewer than all of them` : `${formatTimes(cost)} as many as there are`;
}
