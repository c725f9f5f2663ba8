// The colours of planes in words beside the map, for screens on which the legend in the picture is too small to read.
import { planeColour } from '../drawing/heatmap/colour-scale.js';
import { html, type Markup } from '../drawing/markup.js';
import { formatCount } from '../system/format-figures.js';
import type { SlideSummary } from './run-report.js';

export function planeColours({ planes, zUm }: Pick<SlideSummary, 'planes' | 'zUm'>): Markup {
  const entries = Array.from({ length: planes }, (_, plane) => {
    const [red, green, blue] = planeColour(plane, planes);
    const height = zUm[plane];
    const name =
      height === null || height === undefined ? `plane ${plane}` : `plane ${plane}, ${formatCount(height)} µm`;
    return html`<li><span class="swatch" style="background:rgb(${red},${green},${blue})"></span>${name}</li>`;
  });
  return html`<ul class="legend" aria-label="Colours of the planes">${entries}</ul>`;
}
