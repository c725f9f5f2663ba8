// The options that were in force, one a line.
import { html, type Markup } from '../drawing/markup.js';
import { factTable } from './render-page.js';
import type { RunReport } from './run-report.js';

export function optionsSection(options: RunReport['options']): Markup {
  const facts = Object.entries(options).map(([name, value]): [string, string] => [name, optionText(value)]);
  return html`<h2>Options in force</h2>
${facts.length === 0 ? html`<p>None.</p>` : factTable(facts)}`;
}

function optionText(value: string | number | boolean | null): string {
  if (value === null) return 'not set';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
