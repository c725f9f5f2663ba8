// When a report was made, by which command, of which input.
import { html, type Markup } from '../drawing/markup.js';
import { factTable } from './render-page.js';
import type { ReportOrigin } from './run-report.js';

export function originSection(origin: ReportOrigin | undefined): Markup {
  if (!origin) return html``;
  const { date, command, input } = origin;
  return html`<h2>Where this comes from</h2>
${factTable([
  ['Date', date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
  ...(command === null ? [] : [['Command', html`<code>${command}</code>`] as const]),
  ['Input, SHA-256', input ?? 'not known: it does not lie in files of the machine'],
])}${input !== null && html`\n<p class="muted">Of the length, the first and the last 65,536 bytes of each file.</p>`}`;
}
