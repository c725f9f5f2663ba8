// Drawings side by side, under one title.
import { html } from '../../../src/drawing/markup.js';
import type { Drawing } from '../../../src/drawing/plot/drawing.js';

/** `columns` in a row, each with the room of the largest. */
export function panels(drawings: readonly Drawing[], columns: number, title?: string): Drawing {
  const top = title === undefined ? 0 : 34;
  const across = Math.max(...drawings.map(({ width }) => width));
  const down = Math.max(...drawings.map(({ height }) => height));
  const place = (i: number) => `translate(${(i % columns) * across} ${top + Math.floor(i / columns) * down})`;
  const body = html`${title !== undefined && html`<text x="16" y="24" font-size="16" font-weight="600">${title}</text>\n`}${drawings.map(
    (drawing, i) => html`<g transform="${place(i)}">${drawing.body}</g>\n`,
  )}`;
  const rows = Math.ceil(drawings.length / columns);
  return { width: across * Math.min(columns, drawings.length), height: top + down * rows, body };
}
