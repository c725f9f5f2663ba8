// What was written, how much of it is the scanner's own bytes, and why the rest is not.

import { html, type Markup } from '../drawing/markup.js';
import { formatBytes, formatCount, formatPercent } from '../system/format-figures.js';
import { factTable } from './render-page.js';
import type { OutputSummary } from './run-report.js';

const explanations: Readonly<Record<string, string>> = {
  'mixed planes': 'tiles that show parts of several planes, which differ in codec or quantisation',
  'not mixed: quantisation': 'streams of several planes that can’t be mixed: the plane of most blocks is shown',
  'not mixed: damaged': 'a stream is damaged: another plane is shown in its place',
  'not mixed in full: damaged': 'a stream is damaged: its blocks show the plane that most others have',
  'planes stored without tiles': 'the source has no tiles to copy, so a grid was laid over its pixels',
  'planes stored differently': 'the planes differ in codec, colours or sampling, and one file stores all tiles alike',
  'codec is only read': 'zflat reads this codec but does not write it',
  'samples stored high byte first': 'the result stores samples low byte first',
  'level missing in the source': 'the source lacks this level of the pyramid',
  'tile missing in the source': 'the source has a gap here',
};

/** Tiles of the result, at all levels; `kept` hold no coefficient and no byte but the source's own. */
export function countTiles({ tilesCopied, tilesQuilted, tilesUnmixed, tilesEncoded }: OutputSummary) {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((all, tiles) => all + tiles, 0);
  const kept = tilesCopied + tilesQuilted + sum(tilesUnmixed);
  const encoded = sum(tilesEncoded);
  return { kept, encoded, all: kept + encoded };
}

export function outputSection(output: OutputSummary): Markup {
  const { encoded, all } = countTiles(output);
  const { tilesCopied: copied, tilesQuilted: quilted } = output;
  const share = (tiles: number) => (all === 0 ? '' : formatPercent(tiles / all));
  const named = (kind: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([reason, tiles]) => ({ reason, tiles, kind }));
  const reasons = [...named('', output.tilesUnmixed), ...named('encoded: ', output.tilesEncoded)].filter(
    ({ tiles }) => tiles > 0,
  );
  return html`<h2>What was written</h2>
<p>${
    encoded > 0
      ? 'Copied tiles are the slide’s own, byte for byte. The others had to be made, for these reasons.'
      : quilted > 0
        ? 'No tile was compressed again: each is copied byte for byte, or put together from the compressed blocks of several planes.'
        : 'Every tile was copied byte for byte: the result holds the slide’s own pixels, nothing was compressed again.'
  }</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Tiles, all levels</th><th scope="col" class="number">Count</th><th scope="col" class="number">Share</th><th scope="col" class="why">Why</th></tr></thead>
<tbody>
<tr><th scope="row">copied byte for byte</th><td class="number">${formatCount(copied)}</td><td class="number">${share(copied)}</td><td class="why">chosen tiles go through untouched</td></tr>
${
  quilted > 0 &&
  html`<tr><th scope="row">quilted</th><td class="number">${formatCount(quilted)}</td><td class="number">${share(quilted)}</td><td class="why">every block of 16 pixels has the coefficients that the scanner wrote for its plane</td></tr>`
}
${reasons.map(
  ({
    reason,
    tiles,
    kind,
  }) => html`<tr><th scope="row">${kind}${reason}</th><td class="number">${formatCount(tiles)}</td>
<td class="number">${share(tiles)}</td><td class="why">${Object.hasOwn(explanations, reason) && explanations[reason]}</td></tr>\n`,
)}</tbody></table></div>
${factTable([
  ['File', output.path],
  ['Size', `${formatBytes(output.bytes)} (${formatCount(output.bytes)} bytes)`],
  ...metadataFacts(output),
])}`;
}

/** What may tell whose slide it is. */
function metadataFacts({ pictures = [], carried = [], removed = [] }: OutputSummary): [string, string][] {
  const all = [...pictures.map((kind) => `${kind} image`), ...carried];
  return [
    ...(all.length === 0 ? [] : [['Carried over', all.join(', ')] as [string, string]]),
    ...(removed.length === 0 ? [] : [['Left out', removed.join(', ')] as [string, string]]),
  ];
}
