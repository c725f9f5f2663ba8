// Where a method was wrong, and by how much: the worst tiles as pictures.

import { html, type Markup } from '../drawing/markup.js';
import { counted, formatPercent } from '../system/format-figures.js';
import type { TilePictures } from './compare-pictures.js';
import { photographOf } from './render-page.js';
import type { WorstTile } from './run-report.js';
import type { SlidePicture } from './slide-picture.js';

/** `middle` is the plane in the middle of the stack; `pictures` may be fewer than tiles. */
export function worstSection(
  method: string,
  tiles: readonly WorstTile[],
  pictures: readonly TilePictures[],
  middle: number,
): Markup {
  if (tiles.length === 0) {
    return html`<h2>Where it was wrong</h2>
<p>Nowhere: the ${method} method took the sharpest plane of every tile with content.</p>`;
  }
  return html`<h2>Where it was wrong, and by how much</h2>
<p>The ${counted(tiles.length, 'tile')} with content on which the ${method} method keeps the least of the sharpness, the worst first. Contrast is stretched, alike on the three pictures of a tile.</p>
<ol class="worst">
${tiles.map((tile, i) => html`${worstItem(tile, pictures[i], middle)}\n`)}</ol>`;
}

function worstItem(tile: WorstTile, pictures: TilePictures | undefined, middle: number): Markup {
  const { row, column, chosen, best, kept, middleKept, shareOfLoss } = tile;
  const figure = (picture: SlidePicture, what: string, text: string) =>
    html`<figure>${photographOf(picture, `The tile in row ${row}, column ${column} on ${what}`)}<figcaption>${text}</figcaption></figure>`;
  return html`<li><p><strong>Row ${row}, column ${column}</strong>: keeps ${formatPercent(kept)}; ${formatPercent(shareOfLoss)} of all that was lost</p>
${
  pictures &&
  html`<div class="planes">
${figure(pictures.chosen, `plane ${chosen}, which was chosen`, `chosen: plane ${chosen}`)}
${figure(pictures.best, `plane ${best}, the sharpest`, `exhaustive: plane ${best}`)}
${figure(pictures.middle, `plane ${middle}, in the middle`, `middle: plane ${middle}, keeps ${formatPercent(middleKept)}`)}
</div>`
}</li>`;
}
