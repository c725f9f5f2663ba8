// How a figure is distributed over slides: a dot a slide, stacked where they meet, over the middle half and the median.
import { bin, max, quantileSorted } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { html, type Markup } from '../drawing/markup.js';
import { px } from '../drawing/plot/drawing.js';

export type StripPlot = {
  readonly title: string;
  readonly values: readonly { readonly name: string; readonly value: number }[];
  readonly format: (value: number) => string;
  /** What the axis counts. */
  readonly unit: 'share' | 'times';
};

const width = 300;
const height = 92;
const [left, right] = [32, width - 32];
const ground = 62;
const largestRadius = 5;
/** Of the font that ticks are named in, about. */
const letterWidth = 7;
/** Of fewer slides nobody wants to know where half of them lie. */
const leastForHalf = 4;

export function stripPlot({ title, values, format, unit }: StripPlot): Markup {
  const known = values.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.value - b.value);
  if (known.length === 0) return html``;
  const sorted = known.map(({ value }) => value);
  const [low, high, median] = [sorted[0], sorted[sorted.length - 1], medianOf(sorted)];
  const [lower, upper] = [0.25, 0.75].map((share) => quantileSorted(sorted, share) ?? median);
  const scale = scaleLinear([low, high], [left, right]);
  const columns = bin<(typeof known)[number], number>()
    .value(({ value }) => scale(value))
    .domain([left, right])
    .thresholds(Math.floor((right - left) / (2 * largestRadius)))(known);
  const radius = Math.min(largestRadius, (ground - 12) / (2 * (max(columns, (column) => column.length) ?? 1)));
  const dots = columns.map((column) =>
    column.map(
      ({ name, value }, i) =>
        html`<circle class="dot" cx="${px(scale(value))}" cy="${px(ground - radius * (2 * i + 1))}" r="${px(radius)}"><title>${name}: ${format(value)}</title></circle>`,
    ),
  );
  const ticks = high === low ? [{ tick: low, name: format(low) }] : namedTicks(scale, unit);
  const axis = ticks.map(({ tick, name }) => {
    return html`<path class="rule" d="M${px(scale(tick))} ${ground}v5"/><text x="${px(scale(tick))}" y="${ground + 20}" text-anchor="middle">${name}</text>`;
  });
  const half = known.length >= leastForHalf;
  const many = `${known.length} ${known.length === 1 ? 'slide' : 'slides'}`;
  const told = `${title} of ${many}: from ${format(low)} to ${format(high)}, median ${format(median)}${half ? `, half of them between ${format(lower)} and ${format(upper)}` : ''}`;
  return html`<figure><figcaption>${title}: median ${format(median)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${told}">
${half && html`<rect class="half" x="${px(scale(lower))}" y="8" width="${px(scale(upper) - scale(lower))}" height="${ground - 8}"/>`}
<path class="rule" d="M${left} ${ground}H${right}"/>${dots}<path class="median" d="M${px(scale(median))} 8V${ground}"/>${axis}
</svg></figure>`;
}

/** As many as have room for their names. */
function namedTicks(scale: ScaleLinear<number, number>, unit: StripPlot['unit']) {
  const named = (count: number) => {
    const name = scale.tickFormat(count, unit === 'share' ? '~%' : '~f');
    return scale.ticks(count).map((tick) => ({ tick, name: name(tick).replace('%', ' %') }));
  };
  const hasRoom = (ticks: ReturnType<typeof named>) =>
    ticks.every(
      ({ tick, name }, i) => i === 0 || scale(tick) - scale(ticks[i - 1].tick) > letterWidth * (name.length + 1),
    );
  return [4, 3, 2, 1].map(named).find(hasRoom) ?? [];
}

/** The middle of sorted values, or the mean of the two in the middle; NaN where there is none. */
export function medianOf(sorted: readonly number[]): number {
  return quantileSorted([...sorted], 0.5) ?? Number.NaN;
}
