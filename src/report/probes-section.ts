// How often tiles were asked about, and why.
import { formatCount } from '../heatmap/format-count.js';
import { formatBytes, formatPercent, formatTimes } from './format-figures.js';
import { html, type Markup } from './html.js';
import { barOf, factTable } from './render-page.js';
import type { PlanSummary } from './run-report.js';

const purposes: Readonly<Record<keyof PlanSummary['probes'], string>> = {
  survey: 'cheap evidence of where the specimen is and which planes are in play',
  calibrate: 'tiles scored on every plane, to learn how far the evidence can be trusted',
  search: 'tiles whose plane was still undecided',
  audit: 'tiles drawn by chance, likelier where loss is expected, and scored on every plane, to measure the result',
  blocks: 'tiles scored block by block, to choose planes inside them',
};

export function probesSection(plan: PlanSummary): Markup {
  const reasons = Object.keys(purposes) as (keyof typeof purposes)[];
  const most = Math.max(1, ...reasons.map((reason) => plan.probes[reason]));
  return html`<h2>What was looked at</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Looks</th><th scope="col"></th><th scope="col">What they are</th></tr></thead>
<tbody>
${reasons.map(
  (reason) => html`<tr><th scope="row">${reason}</th><td class="number">${formatCount(plan.probes[reason])}</td>
<td class="bars">${barOf(plan.probes[reason] / most)}</td><td class="why">${purposes[reason]}</td></tr>\n`,
)}</tbody></table></div>
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
