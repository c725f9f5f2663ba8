// What choosing planes inside tiles came to.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount, formatPercent } from '../system/format-figures.js';
import { factTable } from './render-page.js';
import type { BlockAccuracySummary, BlocksSummary } from './run-report.js';

export function blocksSection({ tilesScored, tilesMixed, gain, drift, mixed, accuracy }: BlocksSummary): Markup {
  return html`<h2>Planes inside tiles</h2>
<p>${mixed ? 'Blocks of 16 pixels were scored one by one, and each is taken from the plane that suits it and its neighbours best.' : 'Tiles are of one plane each: blocks were scored on a sample alone, which tells what mixing them would keep.'}${accuracy && keptText(accuracy, mixed)}</p>
${factTable([
  ['Tiles whose blocks were scored', formatCount(tilesScored)],
  ['Tiles that mix planes', formatCount(tilesMixed)],
  ['Focus of the scored tiles, against the best single plane of each', formatPercent(gain)],
  ['Drift between planes (mixed up to 0.3)', drift.toFixed(2)],
])}`;
}

function keptText({ kind, tiles, blocks, retained, tileRetained }: BlockAccuracySummary, mixed: boolean): Markup {
  const from =
    kind === 'exhaustive' ? 'every tile' : `${formatCount(tiles)} ${tiles === 1 ? 'tile' : 'tiles'} drawn by chance`;
  if (blocks === 0) return html` Of ${from}, no block differs from plane to plane by more than noise.`;
  const result = mixed ? html`the result keeps <strong>${formatPercent(retained)}</strong>, and ` : '';
  return html` Of the sharpness that there is, where every block is scored on every plane, ${result}one plane a tile keeps ${formatPercent(tileRetained)}: told by ${formatCount(blocks)} blocks of ${from}, scored on all planes.`;
}
