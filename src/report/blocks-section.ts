// What choosing planes inside tiles came to.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount, formatPercent } from '../system/format-figures.js';
import { factTable } from './render-page.js';
import type { BlocksSummary } from './run-report.js';

export function blocksSection({ tilesScored, tilesMixed, gain, drift }: BlocksSummary): Markup {
  return html`<h2>Planes inside tiles</h2>
<p>Where the planes in play leave a choice, blocks of 16 pixels were scored one by one from their compressed coefficients, and each is taken from the plane that suits it and its neighbours best. The accuracy above is that of the choice by whole tiles, which this one goes on from.</p>
${factTable([
  ['Tiles whose blocks were scored', formatCount(tilesScored)],
  ['Tiles that mix planes', formatCount(tilesMixed)],
  ['Focus of the scored tiles, against the best single plane of each', formatPercent(gain)],
  ['Drift between planes (mixed up to 0.3)', drift.toFixed(2)],
])}`;
}
