// Horizontal bars in groups: one group a row, one bar a series.
import { linearScale, tickLabel } from './scale.js';
import { type Drawing, faint, line, palette, rect, text } from './svg.js';

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

export function barChart({ title, series, bars, most }: BarChart): Drawing {
  const group = thick * series.length + 8;
  const top = 58;
  const bottom = top + group * bars.length;
  const scale = linearScale(0, most ?? Math.max(...bars.flatMap(({ values }) => values.filter(Number.isFinite))));
  const x = (value: number) => labels + plot * scale.at(value);
  const parts = [text(12, 20, title, 'font-size="13" font-weight="600"')];
  series.forEach((name, i) => {
    parts.push(rect(labels + 110 * i, 32, 10, 10, palette[i]), text(labels + 110 * i + 14, 41, name));
  });
  for (const tick of scale.ticks) {
    parts.push(line(x(tick), top - 4, x(tick), bottom, faint));
    parts.push(text(x(tick), bottom + 14, tickLabel(tick), 'text-anchor="middle"'));
  }
  bars.forEach(({ name, values }, row) => {
    const y = top + row * group;
    parts.push(text(labels - 8, y + (thick * series.length) / 2 + 4, name, 'text-anchor="end"'));
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      parts.push(rect(labels, y + i * thick, x(value) - labels, thick - 1, palette[i]));
      parts.push(text(x(value) + 4, y + (i + 1) * thick - 1, tickLabel(Number(value.toPrecision(3))), 'font-size="9"'));
    });
  });
  return { width: labels + plot + 60, height: bottom + 26, body: parts.join('\n') };
}
