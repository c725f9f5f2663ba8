// Points and lines over two axes, with a legend: cost against loss, and whatever else hangs together. Paths and symbols are d3's.
import { line, type SymbolType, symbol, symbolCircle, symbolDiamond, symbolStar } from 'd3-shape';
import { html, type Markup } from '../markup.js';
import { type Axis, acrossAxis, type Scale, scaleOf, upAxis } from './axis.js';
import { type Drawing, palette, px } from './drawing.js';

export type Series = {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** What is told of each point where it is pointed at. */
  readonly titles?: readonly string[];
  /** By default the next of the palette. */
  readonly colour?: string;
  /** Points alone, or joined (the default). */
  readonly joined?: boolean;
  /** What is told apart by its form too; circles by default. */
  readonly form?: 'circle' | 'diamond' | 'star';
  /** Area of a point, in square pixels. */
  readonly size?: number;
};

export type LineChart = {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Straight lines that mean something: y = value. */
  readonly marks?: readonly { readonly y: number; readonly name: string }[];
  readonly legend?: boolean;
  /** Size of the plot without what stands around it. */
  readonly plot?: { readonly width: number; readonly height: number };
};

const left = 62;
const top = 34;
const forms: Readonly<Record<NonNullable<Series['form']>, SymbolType>> = {
  circle: symbolCircle,
  diamond: symbolDiamond,
  star: symbolStar,
};

export function lineChart(chart: LineChart): Drawing {
  const { title, x, y, series, marks = [], legend = true, plot = { width: 300, height: 210 } } = chart;
  const [right, bottom] = [left + plot.width, top + plot.height];
  const points = series.flatMap((each) => each.points);
  const xs = scaleOf(
    x,
    Array.from(points, ([value]) => value),
    left,
    right,
  );
  const ys = scaleOf(y, [...points.map(([, value]) => value), ...marks.map((mark) => mark.y)], bottom, top);
  const looks = series.map((each, i) => ({ ...each, ...lookOf(each, i) }));
  const body = html`<text x="${left}" y="20" font-size="13" font-weight="600">${title}</text>
${acrossAxis(xs, x, top, bottom)}${upAxis(ys, y, left, right)}${marks.map((mark) => {
  const at = px(ys(mark.y));
  return html`<path class="mark" d="M${left} ${at}H${right}" stroke="#222222" stroke-dasharray="4 3"/><text x="${right - 4}" y="${px(at - 4)}" text-anchor="end" font-size="10">${mark.name}</text>\n`;
})}${looks.map((look) => seriesOf(look, xs, ys))}${
  legend &&
  looks.map((look, i) => {
    const y = top + 8 + 16 * i;
    return html`${pointAt(look, right + 18, y)}<text x="${right + 30}" y="${y + 4}">${look.name}</text>\n`;
  })
}`;
  return { width: right + (legend ? 190 : 24), height: bottom + 48, body };
}

type Look = Series & {
  readonly paint: string;
  readonly shape: string;
  readonly filled: boolean;
  readonly faint: boolean;
};

/** Past the end of the palette its colours come again, as rings. */
function lookOf({ colour, joined = true, form = 'circle', size = joined ? 21 : 18 }: Series, i: number) {
  return {
    paint: colour ?? palette[i % palette.length],
    joined,
    filled: i < palette.length,
    faint: !joined && form === 'circle',
    shape: symbol(forms[form], size).digits(1)() ?? '',
  };
}

function seriesOf(look: Look, xs: Scale, ys: Scale): Markup {
  const { points, titles, joined, paint } = look;
  const placed = points.map(([a, b]): [number, number] => [px(xs(a)), px(ys(b))]);
  const path = line().digits(1)(placed) ?? '';
  return html`${joined && points.length > 1 && html`<path d="${path}" fill="none" stroke="${paint}" stroke-width="1.5"/>\n`}${placed.map(
    ([x, y], i) => html`${pointAt(look, x, y, titles?.[i])}\n`,
  )}`;
}

function pointAt({ shape, paint, filled, faint }: Look, x: number, y: number, title?: string): Markup {
  const inside = filled
    ? faint
      ? html` fill-opacity="0.75"`
      : ''
    : html` fill-opacity="0" stroke="${paint}" stroke-width="1.6"`;
  return html`<path transform="translate(${x} ${y})" d="${shape}" fill="${paint}"${inside}>${title !== undefined && html`<title>${title}</title>`}</path>`;
}
