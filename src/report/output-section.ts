// What was written, how much of it is the scanner's own bytes, and why the rest is not.
import { formatBytes, formatCount, formatPercent } from './format-figures.js';
import { html, type Markup } from './html.js';
import { factTable } from './render-page.js';
import type { OutputSummary } from './run-report.js';

const explanations: Readonly<Record<string, string>> = {
  'mixed planes': 'coarser tiles that show parts taken from several planes: no tile of the source looks like that',
  'planes stored without tiles': 'the source has no tiles to copy, so a grid was laid over its pixels',
  'planes stored differently': 'the planes differ in codec, colours or sampling, and one file stores all tiles alike',
  'codec is only read': 'zflat reads this codec but does not write it',
  'samples stored high byte first': 'the result stores samples low byte first',
  'level missing in the source': 'the source lacks this level of the pyramid',
  'tile missing in the source': 'the source has a gap here',
};

/** Tiles of the result, at all levels: copied, encoded, and all. */
export function countTiles({ tilesCopied, tilesEncoded }: OutputSummary): {
  copied: number;
  encoded: number;
  all: number;
} {
  const encoded = Object.values(tilesEncoded).reduce((sum, tiles) => sum + tiles, 0);
  return { copied: tilesCopied, encoded, all: tilesCopied + encoded };
}

export function outputSection(output: OutputSummary): Markup {
  const { copied, encoded, all } = countTiles(output);
  const share = (tiles: number) => (all === 0 ? '' : formatPercent(tiles / all));
  const reasons = Object.entries(output.tilesEncoded).filter(([, tiles]) => tiles > 0);
  return html`<h2>What was written</h2>
<p>${
    encoded === 0
      ? 'Every tile was copied byte for byte: the result holds the slide’s own pixels, nothing was compressed again.'
      : 'Copied tiles are the slide’s own, byte for byte. The others had to be made, for these reasons.'
  }</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Tiles, all levels</th><th scope="col" class="number">Count</th><th scope="col" class="number">Share</th><th scope="col">Why</th></tr></thead>
<tbody>
<tr><th scope="row">copied byte for byte</th><td class="number">${formatCount(copied)}</td><td class="number">${share(copied)}</td><td class="why">chosen tiles go through untouched</td></tr>
${reasons.map(
  ([reason, tiles]) => html`<tr><th scope="row">encoded: ${reason}</th><td class="number">${formatCount(tiles)}</td>
<td class="number">${share(tiles)}</td><td class="why">${Object.hasOwn(explanations, reason) && explanations[reason]}</td></tr>\n`,
)}</tbody></table></div>
${factTable([
  ['File', output.path],
  ['Size', `${formatBytes(output.bytes)} (${formatCount(output.bytes)} bytes)`],
])}`;
}
