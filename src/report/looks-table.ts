// What looking cost: by reason and by level.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount, formatPercent } from '../system/format-figures.js';
import { barOf } from './render-page.js';
import type { PlanSummary } from './run-report.js';

type Reason = keyof PlanSummary['probes'];

const purposes: Readonly<Record<Reason, string>> = {
  survey: 'cheap evidence of where the specimen is and which planes are in play',
  calibrate: 'tiles scored on every plane, to learn how far the evidence can be trusted',
  search: 'tiles whose plane was still undecided',
  audit: 'tiles drawn by chance, likelier where loss is expected, and scored on every plane, to measure the result',
  blocks: 'tiles scored block by block, to choose planes inside them',
};

type Line = { readonly level: string; readonly probes: number; readonly pixels: number };

/** A line a reason; one more for each level where a reason has several. */
export function looksTable({ probes, looks, exhaustivePixels }: PlanSummary): Markup {
  const reasons = Object.keys(purposes) as Reason[];
  const lines = (reason: Reason): Line[] => {
    const own = looks.filter((look) => look.reason === reason);
    const byLevel = own.map(({ level, ...counts }) => ({ ...counts, level: String(level) }));
    if (own.length === 1) return byLevel;
    return [{ level: own.length === 0 ? '–' : 'all', probes: probes[reason], pixels: pixelsOf(own) }, ...byLevel];
  };
  const pixelsOf = (some: typeof looks) => some.reduce((sum, { pixels }) => sum + pixels, 0);
  const most = Math.max(1, ...reasons.map((reason) => pixelsOf(looks.filter((look) => look.reason === reason))));
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Level</th><th scope="col" class="number">Looks</th><th scope="col" class="number">Pixels</th><th scope="col" class="number">Cost</th><th scope="col"></th><th scope="col" class="why">What they are</th></tr></thead>
<tbody>
${reasons.map((reason) =>
  lines(reason).map(
    ({ level, probes, pixels }, i) =>
      html`<tr><th scope="row">${reason}</th><td class="number">${level}</td><td class="number">${formatCount(probes)}</td><td class="number">${formatCount(pixels)}</td>
<td class="number">${formatPercent(pixels / exhaustivePixels)}</td><td class="bars">${barOf(pixels / most)}</td><td class="why">${i === 0 && purposes[reason]}</td></tr>\n`,
  ),
)}</tbody></table></div>`;
}
