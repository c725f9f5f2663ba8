// Focus curves of sampled tiles: how sharp each plane of a tile is, and which plane was chosen.
import { formatCount } from '../heatmap/format-count.js';
import { formatPercent } from './format-figures.js';
import { html, type Markup } from './html.js';
import type { CurveSample } from './run-report.js';

const width = 200;
const height = 112;
const inside = { left: 12, right: 188, top: 12, bottom: 88 };

export function curvesSection(curves: readonly CurveSample[]): Markup {
  if (curves.length === 0) return html``;
  return html`<h2>Focus curves</h2>
<p>How sharp each plane is, in parts of the sharpest, on ${formatCount(curves.length)} ${curves.length === 1 ? 'tile' : 'tiles'} with content, evenly
spread over the slide. The dot is the sharpest plane, the ring the plane that was chosen; a high and flat curve forgives much, a steep one little.</p>
<div class="curves">
${curves.map((curve) => html`${curveFigure(curve)}\n`)}</div>`;
}

function curveFigure({ row, column, chosen, best, relative }: CurveSample): Markup {
  const last = relative.length - 1;
  const x = (plane: number) => at(inside.left, inside.right, last === 0 ? 0.5 : plane / last);
  const y = (plane: number) => at(inside.bottom, inside.top, Math.min(1, relative[plane]));
  const line = relative.map((_, plane) => `${plane === 0 ? 'M' : 'L'}${x(plane)} ${y(plane)}`).join('');
  const kept = formatPercent(relative[chosen]);
  const told = `Focus curve of the tile in row ${row}, column ${column}: plane ${best} is sharpest, plane ${chosen} was chosen and has ${kept} of it`;
  return html`<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${told}">
<path class="rule" d="M${inside.left} ${inside.top}H${inside.right}M${inside.left} ${inside.bottom}H${inside.right}"/>
<path class="curve" d="${line}"/>
<circle class="best" cx="${x(best)}" cy="${y(best)}" r="3.5"/><circle class="chosen" cx="${x(chosen)}" cy="${y(chosen)}" r="7"/>
<text x="${inside.left}" y="105" text-anchor="middle">0</text><text x="${width / 2}" y="105" text-anchor="middle">plane</text><text x="${inside.right}" y="105" text-anchor="middle">${last}</text>
</svg><figcaption>row ${row}, column ${column}: ${chosen === best ? `plane ${best}` : `${chosen} for ${best}, ${kept}`}</figcaption></figure>`;
}

/** A place between two ends, to a tenth of a pixel. */
function at(from: number, to: number, share: number): string {
  return (from + (to - from) * share).toFixed(1);
}
