// The figures of compared methods in one table, which can be copied into another program.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount, formatDuration, formatPercent, formatTimes } from '../system/format-figures.js';
import { retainedText } from './accuracy-section.js';
import type { CompareReport } from './run-report.js';

export type ComparedMethod = CompareReport['methods'][number];

/** Time of the reference over the given time; what takes no measurable time counts as a millisecond. */
export function timesFaster(elapsedMs: number, reference: ComparedMethod): number {
  return Math.max(1, reference.elapsedMs) / Math.max(1, elapsedMs);
}

/** The exhaustive method, against which the others are held. */
export function referenceOf({ methods }: CompareReport): ComparedMethod | undefined {
  return methods.find(({ method }) => method === 'exhaustive');
}

type Row = {
  readonly name: string;
  readonly why: string;
  readonly value: (method: ComparedMethod) => string;
};

/** `id` is the table's, for the button that copies it. */
export function figuresTable(
  { methods, middlePlane, judge }: CompareReport,
  reference: ComparedMethod | undefined,
  id: string,
): Markup {
  const share = (figure: 'agreement' | 'withinOne' | 'worst') => {
    return ({ accuracy }: ComparedMethod) => (accuracy.tiles === 0 ? 'unknown' : formatPercent(accuracy[figure]));
  };
  const rows: Row[] = [
    { name: 'Measure', why: 'what planes were chosen by', value: ({ measure }) => measure },
    {
      name: 'Sharpness kept',
      why: `of what scoring everything finds, over tiles with content, by ${judge}`,
      value: ({ accuracy }) => retainedText(accuracy),
    },
    { name: 'Same plane', why: 'tiles with content whose plane is the exhaustive one', value: share('agreement') },
    { name: 'Within one plane', why: 'the exhaustive plane or one next to it', value: share('withinOne') },
    { name: 'Worst tile', why: 'sharpness kept by the tile that lost most', value: share('worst') },
    {
      name: 'Tiles with content',
      why: 'the tiles that these figures are of',
      value: ({ accuracy }) => formatCount(accuracy.tiles),
    },
    {
      name: 'Cost',
      why: 'pixels decoded to decide, in parts of what the exhaustive method decodes',
      value: ({ plan }) => formatPercent(plan.cost),
    },
    { name: 'Pixels decoded', why: '', value: ({ plan }) => formatCount(plan.pixelsDecoded) },
    { name: 'Bytes read', why: '', value: ({ plan }) => formatCount(plan.bytesRead) },
    { name: 'Rounds of questions', why: '', value: ({ plan }) => formatCount(plan.rounds) },
    { name: 'Time to decide', why: '', value: ({ elapsedMs }) => formatDuration(elapsedMs) },
  ];
  if (reference) {
    const ratio = ({ elapsedMs }: ComparedMethod) => formatTimes(timesFaster(elapsedMs, reference));
    rows.push({ name: 'Speed', why: 'the time of the exhaustive method over its own', value: ratio });
  }
  const { plane, accuracy } = middlePlane;
  const known = (figure: number) => (accuracy.tiles === 0 ? 'unknown' : formatPercent(figure));
  const ofMiddle: Readonly<Record<string, string>> = {
    'Sharpness kept': retainedText(accuracy),
    'Same plane': known(accuracy.agreement),
    'Within one plane': known(accuracy.withinOne),
    'Worst tile': known(accuracy.worst),
    'Tiles with content': formatCount(accuracy.tiles),
  };
  return html`<h2>Side by side</h2>
<div class="scroll"><table id="${id}">
<thead><tr><th scope="col"></th>${methods.map(({ method }) => html`<th scope="col" class="number">${method}</th>`)}<th scope="col" class="number">plane ${plane} alone</th><th scope="col" class="why"></th></tr></thead>
<tbody>
${rows.map(
  ({ name, why, value }) =>
    html`<tr><th scope="row">${name}</th>${methods.map(
      (method) => html`<td class="number">${value(method)}</td>`,
    )}<td class="number">${ofMiddle[name] ?? '–'}</td><td class="why">${why}</td></tr>\n`,
)}</tbody></table></div>
<p class="muted">A comparison writes no slide: what would be written is told by the report of zflat flatten.</p>
<p class="screen"><button type="button" class="copy" data-table="${id}" hidden="hidden">Copy the table</button></p>`;
}
