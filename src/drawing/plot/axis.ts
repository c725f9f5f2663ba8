// Axes over numbers: where a value lies, which values are named, and the lines of the grid. Scales and ticks are d3's.
import { extent } from 'd3-array';
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { html, type Markup } from '../markup.js';
import { px } from './drawing.js';

/** Values to pixels; what lies beyond an end is drawn at it. */
export type Scale = ScaleContinuousNumeric<number, number>;

export type Axis = {
  readonly label: string;
  /** Logarithmic: values above 0 alone. */
  readonly log?: boolean;
  /** By default what the values need. */
  readonly range?: readonly [number, number];
  /** How a tick is named. */
  readonly format?: (tick: number) => string;
};

/** The scale of an axis over values, from the pixel `start` to the pixel `end`. */
export function scaleOf({ log = false, range }: Axis, values: readonly number[], start: number, end: number): Scale {
  const [low = 1, high = 1] = range ?? extent(values.filter((value) => Number.isFinite(value) && (!log || value > 0)));
  return (log ? scaleLog() : scaleLinear()).domain([low, high]).range([start, end]).clamp(true);
}

/** Values that are named: on a logarithmic axis powers of ten and, where it is short, 2 and 5 times these. */
export function ticksOf(scale: Scale, { log = false }: Axis): number[] {
  if (!log) return scale.ticks(5);
  const [low, high] = scale.domain();
  const leading = high > 300 * low ? ['1'] : ['1', '2', '5'];
  const named = scale.ticks().filter((tick) => leading.includes(tick.toExponential()[0]));
  return named.length > 1 ? named : scale.ticks(4);
}

/** A tick as people write it: 0.1, 12, 1e−4. */
export function tickLabel(tick: number): string {
  const near = Number(tick.toPrecision(6));
  return near !== 0 && Math.abs(near) < 1e-3 ? near.toExponential().replace('e-', 'e−') : String(near);
}

/** Lines of the grid that stand on a horizontal axis at `bottom`, and their names below. */
export function acrossAxis(scale: Scale, axis: Axis, top: number, bottom: number): Markup {
  const { label, format = tickLabel } = axis;
  const [left, right] = scale.range();
  return html`${ticksOf(scale, axis).map((tick) => {
    const x = px(scale(tick));
    return html`<path class="grid" d="M${x} ${top}V${bottom}" stroke="#dddddd"/><text x="${x}" y="${bottom + 14}" text-anchor="middle">${format(tick)}</text>\n`;
  })}<text x="${px((left + right) / 2)}" y="${bottom + 32}" text-anchor="middle">${label}</text>\n`;
}

/** Lines of the grid that run from a vertical axis at `left`, and their names beside it. */
export function upAxis(scale: Scale, axis: Axis, left: number, right: number): Markup {
  const { label, format = tickLabel } = axis;
  const [bottom, top] = scale.range();
  const [x, y] = [left - 46, px((top + bottom) / 2)];
  return html`${ticksOf(scale, axis).map((tick) => {
    const at = px(scale(tick));
    return html`<path class="grid" d="M${left} ${at}H${right}" stroke="#dddddd"/><text x="${left - 6}" y="${px(at + 4)}" text-anchor="end">${format(tick)}</text>\n`;
  })}<text x="${x}" y="${y}" text-anchor="middle" transform="rotate(-90 ${x} ${y})">${label}</text>\n`;
}
