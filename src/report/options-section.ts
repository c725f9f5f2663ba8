// The options that were in force, one a line, with what they mean.
import { html, type Markup } from '../drawing/markup.js';
import { comparingOptions } from '../options/comparing.js';
import type { AnyTable } from '../options/option-table.js';
import { planningOptions } from '../options/planning.js';
import { runningOptions } from '../options/running.js';
import { writingOptions } from '../options/writing.js';
import type { RunReport } from './run-report.js';

const rows: AnyTable = { ...planningOptions, ...comparingOptions, ...writingOptions, ...runningOptions };

export function optionsSection(options: RunReport['options']): Markup {
  const entries = Object.entries(options);
  if (entries.length === 0) return html`<h2>Options in force</h2>\n<p>None.</p>`;
  return html`<h2>Options in force</h2>
<table class="facts"><tbody>
${entries.map(
  ([name, value]) =>
    html`<tr><th scope="row">${name}</th><td>${optionText(value)}</td><td class="why">${Object.hasOwn(rows, name) && rows[name].text}</td></tr>\n`,
)}</tbody></table>`;
}

function optionText(value: string | number | boolean | null): string {
  if (value === null) return 'not set';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
