// A region of the slide before and after, under a slider; side by side where there is no script, and on paper.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount } from '../system/format-figures.js';
import type { RegionPictures } from './compare-pictures.js';
import { photographOf } from './render-page.js';

export function regionSection(
  name: string,
  { level, x, y, middle, flattened, reference }: RegionPictures,
  plane: number,
  referenceName: string | undefined,
): Markup {
  const where = `at x ${formatCount(x)}, y ${formatCount(y)} of level ${level}`;
  return html`<h2>Before and after</h2>
<p>Where flattening gains most: the plane in the middle of the stack (plane ${plane}) and the flattened slide, ${where}.
<span class="screen">Drag over the picture, or move the slider by mouse or arrow keys.</span></p>
<figure class="slider" style="max-width:${Math.max(320, middle.width)}px">
<div class="stack"><div class="after">${photographOf(flattened, `The flattened slide ${name}, ${where}`)}<span class="tag">flattened</span></div>
<div class="before">${photographOf(middle, `Plane ${plane} of ${name}, ${where}`)}<span class="tag">plane ${plane}</span></div></div>
<input class="screen" type="range" min="0" max="100" value="50" aria-label="How much of the picture shows the middle plane"/>
</figure>${
    reference &&
    html`
<figure style="max-width:${Math.max(320, reference.width)}px">${photographOf(reference, `The reference ${referenceName}, ${where}`)}<figcaption>the same in the reference, ${referenceName}</figcaption></figure>`
  }`;
}
