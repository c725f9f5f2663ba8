// How a figure is distributed over slides: a dot a slide, dots at one place stacked, a line at the median.
import { html, type Markup } from './html.js';

export type StripPlot = {
  readonly title: string;
  readonly values: readonly { readonly name: string; readonly value: number }[];
  readonly format: (value: number) => string;
};

const width = 300;
const height = 84;
const left = 14;
const right = width - left;
const ground = 58;
const largestRadius = 5;

export function stripPlot({ title, values, format }: StripPlot): Markup {
  const known = values.filter(({ value }) => Number.isFinite(value));
  if (known.length === 0) return html``;
  const sorted = known.map(({ value }) => value).sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const median = medianOf(sorted);
  const x = (value: number) => (high === low ? width / 2 : left + ((value - low) / (high - low)) * (right - left));
  const places = known.map(({ value }) => Math.round((x(value) - left) / (2 * largestRadius)));
  const stacks = new Map<number, number>();
  for (const place of places) stacks.set(place, (stacks.get(place) ?? 0) + 1);
  const radius = Math.min(largestRadius, (ground - 10) / (2 * Math.max(...stacks.values())));
  const below = new Map<number, number>();
  const dots = known.map(({ name, value }, i) => {
    const under = below.get(places[i]) ?? 0;
    below.set(places[i], under + 1);
    const y = ground - radius * (2 * under + 1);
    return html`<circle class="dot" cx="${x(value).toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(2)}"><title>${name}: ${format(value)}</title></circle>`;
  });
  const many = `${known.length} ${known.length === 1 ? 'slide' : 'slides'}`;
  const told = `${title} of ${many}: from ${format(low)} to ${format(high)}, median ${format(median)}`;
  const ends =
    high === low
      ? html`<text x="${width / 2}" y="76" text-anchor="middle">${format(low)}</text>`
      : html`<text x="${left}" y="76">${format(low)}</text><text x="${right}" y="76" text-anchor="end">${format(high)}</text>`;
  return html`<figure><figcaption>${title}: median ${format(median)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${told}">
<path class="rule" d="M${left} ${ground}H${right}"/>${dots}<path class="median" d="M${x(median).toFixed(1)} 6V${ground + 5}"/>${ends}
</svg></figure>`;
}

/** The middle of sorted values, or the mean of the two in the middle. */
export function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
