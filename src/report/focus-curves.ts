// Focus curves of sampled tiles: how sharp each plane of a tile is, and which plane was chosen.
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, type Markup } from '../drawing/markup.js';
import { px } from '../drawing/plot/drawing.js';
import { counted, formatPercent } from '../system/format-figures.js';
import type { CurveSample } from './run-report.js';

const width = 210;
const height = 118;
const inside = { left: 46, right: 200, top: 12, bottom: 90 };

export function curvesSection(curves: readonly CurveSample[]): Markup {
  if (curves.length === 0) return html``;
  return html`<h2>Focus curves</h2>
<p>How sharp each plane is (from left to right: the lowest to the highest), in parts of the sharpest, on ${counted(curves.length, 'tile')} with content, evenly
spread over the slide. The dot is the sharpest plane, the ring the plane that was chosen; a high and flat curve forgives much, a steep one little.</p>
<div class="curves">
${curves.map((curve) => html`${curveFigure(curve)}\n`)}</div>`;
}

function curveFigure({ row, column, chosen, best, relative }: CurveSample): Markup {
  const last = relative.length - 1;
  const { left, right, top, bottom } = inside;
  const x = scaleLinear([0, last], [left, right]);
  const y = scaleLinear([0, 1], [bottom, top]).clamp(true);
  const at = (plane: number): [number, number] => [px(x(plane)), px(y(relative[plane]))];
  const path = line().digits(1)(relative.map((_, plane) => at(plane))) ?? '';
  const kept = formatPercent(relative[chosen]);
  const told = `Focus curve of the tile in row ${row}, column ${column}: plane ${best} is sharpest, plane ${chosen} was chosen and has ${kept} of it`;
  const circle = (kind: string, plane: number, radius: number) => {
    const [across, up] = at(plane);
    return html`<circle class="${kind}" cx="${across}" cy="${up}" r="${radius}"/>`;
  };
  const planes = x.ticks(Math.min(4, last)).filter((plane) => Number.isInteger(plane));
  return html`<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${told}">
${y.ticks(2).map((share) => html`<path class="rule" d="M${left} ${px(y(share))}H${right}"/><text x="${left - 6}" y="${px(y(share) + 4)}" text-anchor="end">${formatPercent(share)}</text>`)}
<path class="curve" d="${path}"/>
${circle('best', best, 3.5)}${circle('chosen', chosen, 7)}
${planes.map((plane) => html`<text x="${px(x(plane))}" y="${bottom + 18}" text-anchor="middle">${plane}</text>`)}
</svg><figcaption>row ${row}, column ${column}: ${chosen === best ? `plane ${best}` : `${chosen} for ${best}, ${kept}`}</figcaption></figure>`;
}
