// Points and lines over two axes, with a legend to the right.
import { linearScale, logScale, tickLabel } from './scale.js';
import { circle, type Drawing, faint, ink, line, palette, polyline, text } from './svg.js';

export type Series = {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly colour?: string;
  /** Points alone, or joined (the default). */
  readonly joined?: boolean;
};

export type Axis = {
  readonly label: string;
  readonly log?: boolean;
  /** By default what the points need. */
  readonly range?: readonly [number, number];
};

export type LineChart = {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Straight lines that mean something: y = value. */
  readonly marks?: readonly { readonly y: number; readonly name: string }[];
  readonly legend?: boolean;
};

const left = 60;
const top = 34;
const across = 300;
const down = 210;

export function lineChart({ title, x, y, series, marks = [], legend = true }: LineChart): Drawing {
  const xs = scaleOf(
    x,
    series.flatMap(({ points }) => points.map(([value]) => value)),
  );
  const ys = scaleOf(y, [
    ...series.flatMap(({ points }) => points.map(([, value]) => value)),
    ...marks.map((m) => m.y),
  ]);
  const px = (value: number) => left + across * xs.at(value);
  const py = (value: number) => top + down * (1 - ys.at(value));
  const parts = [text(left, 20, title, 'font-size="13" font-weight="600"')];
  for (const tick of xs.ticks) {
    parts.push(line(px(tick), top, px(tick), top + down, faint));
    parts.push(text(px(tick), top + down + 14, tickLabel(tick), 'text-anchor="middle"'));
  }
  for (const tick of ys.ticks) {
    parts.push(line(left, py(tick), left + across, py(tick), faint));
    parts.push(text(left - 6, py(tick) + 4, tickLabel(tick), 'text-anchor="end"'));
  }
  parts.push(text(left + across / 2, top + down + 32, x.label, 'text-anchor="middle"'));
  const middle = top + down / 2;
  parts.push(text(14, middle, y.label, `text-anchor="middle" transform="rotate(-90 14 ${middle})"`));
  for (const mark of marks) {
    parts.push(line(left, py(mark.y), left + across, py(mark.y), ink, 'stroke-dasharray="4 3"'));
    parts.push(text(left + across - 4, py(mark.y) - 4, mark.name, 'text-anchor="end" font-size="10"'));
  }
  series.forEach(({ name, points, colour = palette[0], joined = true }, i) => {
    const own = series[i].colour ?? palette[i % palette.length] ?? colour;
    const placed = points.map(([a, b]) => [px(a), py(b)] as const);
    if (joined) parts.push(polyline(placed, own, 'stroke-width="1.5"'));
    // Past the end of the palette its colours come again, as rings.
    const ring = i >= palette.length ? `fill-opacity="0" stroke="${own}" stroke-width="1.6"` : '';
    for (const [a, b] of placed)
      parts.push(circle(a, b, ring || joined ? 2.6 : 2.2, own, ring || (joined ? '' : 'fill-opacity="0.55"')));
    if (legend) {
      parts.push(
        circle(left + across + 18, top + 8 + 16 * i, 4, own, ring),
        text(left + across + 28, top + 12 + 16 * i, name),
      );
    }
  });
  return { width: left + across + (legend ? 190 : 24), height: top + down + 48, body: parts.join('\n') };
}

function scaleOf({ log = false, range }: Axis, values: readonly number[]) {
  const finite = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const [low, high] = range ?? [Math.min(...finite), Math.max(...finite)];
  return log ? logScale(low, high) : linearScale(low, high);
}
