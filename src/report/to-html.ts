// The report of a run as a page for people: what slide, what was done, how accurate, at what cost.

import { html, type Markup } from '../drawing/markup.js';
import { counted, formatBytes, formatCount, formatDuration, formatPercent } from '../system/format-figures.js';
import { accuracySection, intervalText, keptByResult, retainedText } from './accuracy-section.js';
import { blocksSection } from './blocks-section.js';
import { optionsSection } from './options-section.js';
import { originSection } from './origin-section.js';
import { countTiles, outputSection } from './output-section.js';
import { planeColours } from './plane-colours.js';
import { costText, probesSection } from './probes-section.js';
import { barOf, notesBox, pictureOf, renderPage } from './render-page.js';
import type { RunReport, SlideSummary } from './run-report.js';
import { slideSection } from './slide-section.js';

export type ReportPictures = {
  /** A PNG. */
  readonly heatmap?: Uint8Array | undefined;
};

/** The report as the text of one HTML file that needs nothing else. */
export function reportToHtml(report: RunReport, { heatmap }: ReportPictures): string {
  const { slide, plan, accuracy, output, options, software } = report;
  const target = typeof options.target === 'number' ? options.target : undefined;
  const body = html`<p class="kind">zflat report</p>
<h1>${slide.name}</h1>
<p class="verdict">${verdict(report)}</p>
${keyFigures(report)}
${notesBox([...slide.notes, ...plan.notes])}
${plan.blocks?.mixed && blocksSection(plan.blocks)}
${accuracySection(accuracy, plan.planes, target)}
${plan.blocks && !plan.blocks.mixed && blocksSection(plan.blocks)}
${heatmap && heatmapSection(heatmap, slide)}
${output && outputSection(output)}
${probesSection(plan)}
<div class="columns">
<section>${slideSection(slide)}</section>
<section>${timeSection(report)}</section>
</div>
${optionsSection(options)}
${originSection(report.origin)}`;
  return renderPage({ title: `${slide.name} – zflat report`, body, data: report, software });
}

/** The run in one sentence. */
function verdict(report: RunReport): string {
  const { plan, output } = report;
  const accuracy = keptByResult(report);
  const kept =
    accuracy.tiles === 0
      ? 'how much of the sharpness is kept could not be measured'
      : `${retainedText(accuracy)} of the sharpness is kept`;
  const done = output ? 'Flattened' : 'Mapped';
  return `${done} from ${counted(plan.planes, 'focal plane')} by the ${plan.method} method: ${kept}, and ${formatPercent(plan.cost)} of the pixels were looked at to decide.`;
}

function keyFigures(report: RunReport): Markup {
  const { plan, output, elapsedMs } = report;
  const accuracy = keptByResult(report);
  const interval = intervalText(accuracy);
  const written = output && countTiles(output);
  const measured = accuracy.kind === 'exhaustive' ? 'measured on the whole slide' : 'one estimate, without a range';
  return html`<dl class="figures">
<div><dt>Sharpness kept</dt><dd class="big">${retainedText(accuracy)}</dd>
<dd class="muted">${accuracy.tiles === 0 ? 'no tile with content was measured' : interval ? `95 % range ${interval}` : measured}</dd></div>
<div><dt>Pixels looked at</dt><dd class="big">${formatPercent(plan.cost)}</dd><dd class="muted">${costText(plan.cost)}</dd></div>
${
  written
    ? html`<div><dt>Tiles not compressed again</dt><dd class="big">${written.all === 0 ? 'none' : formatPercent(written.kept / written.all)}</dd>
<dd class="muted">${formatCount(written.kept)} of ${formatCount(written.all)}, at all levels</dd></div>`
    : html`<div><dt>Tiles decided</dt><dd class="big">${formatCount(plan.tiles)}</dd>
<dd class="muted">${formatCount(plan.tilesWithContent)} with content</dd></div>`
}
<div><dt>Time</dt><dd class="big">${formatDuration(elapsedMs.total)}</dd>
<dd class="muted">deciding took ${formatDuration(elapsedMs.plan)}</dd></div>
</dl>`;
}

function heatmapSection(heatmap: Uint8Array, slide: SlideSummary): Markup {
  return html`<h2>Which plane each tile is taken from</h2>
<figure>${pictureOf(heatmap, `Heatmap of ${slide.name}: the chosen plane of every tile, as a colour over the slide`)}
<figcaption>Every square is a tile, or a block of one, in the colour of the plane it is taken from. Faint colours are less sure. Where tiles are large enough, a mark in the corner says that planes of the tile were really scored.</figcaption>${planeColours(slide)}</figure>`;
}

function timeSection({ elapsedMs, peakRssBytes }: RunReport): Markup {
  const { open, plan, write, total } = elapsedMs;
  const phases = { 'opening the slide': open, deciding: plan, writing: write, altogether: total };
  return html`<h2>Time and memory</h2>
<table><tbody>
${Object.entries(phases).map(
  ([phase, ms]) => html`<tr><th scope="row">${phase}</th><td class="number">${formatDuration(ms)}</td>
<td class="bars">${phase !== 'altogether' && barOf(ms / total)}</td></tr>\n`,
)}<tr><th scope="row">memory, at most</th><td class="number">${formatBytes(peakRssBytes)}</td><td></td></tr>
</tbody></table>`;
}
