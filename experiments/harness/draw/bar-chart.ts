// Horizontal bars in groups: one group a row, one bar a series.
import { html } from '../../../src/drawing/markup.js';
import { scaleOf, tickLabel, ticksOf } from '../../../src/drawing/plot/axis.js';
import { type Drawing, palette, px } from '../../../src/drawing/plot/drawing.js';

export type BarChart = {
  readonly title: string;
  readonly series: readonly string[];
  readonly bars: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Where the axis ends; by default at the longest bar. */
  readonly most?: number;
};

const labels = 150;
const plot = 330;
const thick = 9;
const top = 58;

export function barChart({ title, series, bars, most }: BarChart): Drawing {
  const group = thick * series.length + 8;
  const bottom = top + group * bars.length;
  const longest = most ?? Math.max(...bars.flatMap(({ values }) => values.filter(Number.isFinite)));
  const axis = { label: '', range: [0, longest] } as const;
  const scale = scaleOf(axis, [], labels, labels + plot);
  const legend = series.map(
    (name, i) =>
      html`<rect x="${labels + 110 * i}" y="32" width="10" height="10" fill="${palette[i]}"/><text x="${labels + 110 * i + 14}" y="41">${name}</text>\n`,
  );
  const grid = ticksOf(scale, axis).map((tick) => {
    const x = px(scale(tick));
    return html`<path class="grid" d="M${x} ${top - 4}V${bottom}" stroke="#dddddd"/><text x="${x}" y="${bottom + 14}" text-anchor="middle">${tickLabel(tick)}</text>\n`;
  });
  const bar = (value: number, i: number, y: number) => {
    const width = px(scale(value) - labels);
    return html`<rect x="${labels}" y="${y + i * thick}" width="${width}" height="${thick - 1}" fill="${palette[i]}"/><text x="${px(labels + width + 4)}" y="${y + (i + 1) * thick - 1}" font-size="9">${tickLabel(Number(value.toPrecision(3)))}</text>\n`;
  };
  const rows = bars.map(({ name, values }, row) => {
    const y = top + row * group;
    return html`<text x="${labels - 8}" y="${px(y + (thick * series.length) / 2 + 4)}" text-anchor="end">${name}</text>\n${values.map((value, i) => Number.isFinite(value) && bar(value, i, y))}`;
  });
  const body = html`<text x="12" y="20" font-size="13" font-weight="600">${title}</text>\n${legend}${grid}${rows}`;
  return { width: labels + plot + 60, height: bottom + 26, body };
}
