// Comparisons of several slides on one page: a summary over them, then all that is told of each.

import { html, Markup } from '../drawing/markup.js';
import { counted, formatCount, formatDuration, formatPercent, formatTimes } from '../system/format-figures.js';
import type { ComparePictures } from './compare-pictures.js';
import { compareSections } from './compare-to-html.js';
import { referenceOf, timesFaster } from './figures-table.js';
import { pageScript } from './page-script.js';
import { renderPage } from './render-page.js';
import type { CompareBatchReport, CompareReport } from './run-report.js';
import { medianOf, stripPlot } from './strip-plot.js';

/** A figure of a slide: a column of the table, and a plot where it has one. */
type Figure = {
  readonly name: string;
  readonly value: (slide: CompareReport) => number;
  readonly format: (value: number) => string;
  /** What the axis of its plot counts. */
  readonly plot?: 'share' | 'times';
};

const figures: readonly Figure[] = [
  { name: 'Sharpness kept', value: ofContent('retained'), format: formatPercent, plot: 'share' },
  { name: 'Same plane', value: ofContent('agreement'), format: formatPercent, plot: 'share' },
  { name: 'Worst tile', value: ofContent('worst'), format: formatPercent, plot: 'share' },
  {
    name: 'Middle plane alone keeps',
    value: ({ middlePlane: { accuracy } }) => (accuracy.tiles === 0 ? Number.NaN : accuracy.retained),
    format: formatPercent,
    plot: 'share',
  },
  { name: 'Cost', value: ({ methods: [{ plan }] }) => plan.cost, format: formatPercent, plot: 'share' },
  { name: 'Faster than exhaustive', value: speedOf, format: formatTimes, plot: 'times' },
  { name: 'Time to decide', value: ({ methods: [{ elapsedMs }] }) => elapsedMs, format: formatDuration },
  { name: 'Tiles with content', value: ({ methods: [{ accuracy }] }) => accuracy.tiles, format: formatCount },
  { name: 'Planes', value: ({ slide }) => slide.planes, format: formatCount },
  {
    name: 'Megapixels',
    value: ({ slide }) => (slide.width * slide.height) / 1e6,
    format: (megapixels) => megapixels.toFixed(1),
  },
];

/** The comparisons as the text of one HTML file; `sections` are what renderSlideSections made, in the order of the slides. */
export function compareBatchToHtml(report: CompareBatchReport, sections: readonly Markup[]): string {
  const { slides, failed, software } = report;
  const count = slides.length === 1 ? 'One slide' : counted(slides.length, 'slide');
  const title = `${count} – zflat comparison`;
  const body = html`<p class="kind">zflat comparison</p>
<h1>${count}</h1>
<p class="verdict">${verdict(slides)}</p>
<p>${judgesText(slides)}</p>
${failedSection(failed)}<h2>All slides</h2>
${summaryTable(slides)}
<h2>How the figures are distributed</h2>
<p class="screen">A dot is a slide: point at it to see which. The line is the median. ${slides.length > 3 && 'Half of the slides lie in the shaded part.'}</p>
<div class="strips">
${figures.map(
  ({ name, value, format, plot }) =>
    plot &&
    stripPlot({
      title: name,
      values: slides.map((slide) => ({ name: nameOf(slide), value: value(slide) })),
      format,
      unit: plot,
    }),
)}</div>
${slides.map(
  (slide, i) => html`<article id="slide-${i}" class="slide">
<h2>${nameOf(slide)}</h2>
${sections[i]}
</article>\n`,
)}`;
  return renderPage({ title, wide: true, body, script: pageScript, data: report, software });
}

/** All that is told of one slide of a batch: what remains of its pictures once they are on the page. `index` is its place. */
export function renderSlideSections(report: CompareReport, pictures: ComparePictures, index: number): Markup {
  const { text } = compareSections(report, pictures, `slide-${index}-`);
  // Under the slide's own heading. Text of slides is escaped: what looks like a heading is one.
  return new Markup(text.replaceAll('<h2', '<h3').replaceAll('</h2>', '</h3>'));
}

function verdict(slides: readonly CompareReport[]): string {
  const [{ method }] = slides[0].methods;
  const [kept, cost, speed] = [ofContent('retained'), ({ methods: [{ plan }] }: CompareReport) => plan.cost, speedOf];
  const range = (value: (slide: CompareReport) => number, format: (value: number) => string) => {
    const sorted = slides
      .map(value)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    if (sorted.length === 0) return 'an unknown part';
    if (sorted.length === 1) return format(sorted[0]);
    const ends = `${format(sorted[0])} to ${format(sorted[sorted.length - 1])}`;
    return `${format(medianOf(sorted))} (median; ${ends})`;
  };
  const on = slides.length === 1 ? 'On one slide' : `On ${counted(slides.length, 'slide')}`;
  return `${on}, the ${method} method kept ${range(kept, formatPercent)} of the sharpness, looked at ${range(cost, formatPercent)} of the pixels and was ${range(speed, formatTimes)} as fast as exhaustive.`;
}

function judgesText([{ judge, options }]: readonly CompareReport[]): string {
  const preset = typeof options.preset === 'string' ? `, with the settings of the preset ${options.preset}` : '';
  return `Sharpness is judged by ${judge} on every tile of every plane${preset}.`;
}

function failedSection(failed: CompareBatchReport['failed']): Markup {
  if (failed.length === 0) return html``;
  const count = failed.length === 1 ? 'One slide' : counted(failed.length, 'slide');
  return html`<section class="notes" id="failed"><h2>${count} could not be compared</h2><ul>
${failed.map(({ files, error }) => html`<li><strong>${files.join(', ')}</strong>: ${withoutFile(error, files[0])}</li>\n`)}</ul></section>
`;
}

/** Errors mostly begin with the file, which stands there already. */
function withoutFile(error: string, file: string): string {
  return error.startsWith(`${file}: `) ? error.slice(file.length + 2) : error;
}

function summaryTable(slides: readonly CompareReport[]): Markup {
  const head = (name: string, number: boolean) =>
    html`<th scope="col"${number ? new Markup(' class="number"') : ''}><button type="button">${name}</button></th>`;
  return html`<p class="muted">An audit is right where the true value lies in its 95 % range. <span class="screen">Press a heading to sort by it, again to turn the order round.</span></p>
<div class="scroll"><table id="summary" class="sortable">
<thead><tr>${head('Slide', false)}${figures.map(({ name }) => head(name, true))}${head('Audit', false)}</tr></thead>
<tbody>
${slides.map((slide, i) => {
  const audit = auditText(slide);
  return html`<tr><th scope="row" data-value="${nameOf(slide)}"><a href="#slide-${i}">${nameOf(slide)}</a></th>${figures.map(
    ({ value, format }) => {
      const figure = value(slide);
      return html`<td class="number" data-value="${Number.isNaN(figure) ? -1 : figure}">${format(figure)}</td>`;
    },
  )}<td data-value="${audit}">${audit}</td></tr>\n`;
})}</tbody></table></div>
<p class="screen"><button type="button" class="copy" data-table="summary" hidden="hidden">Copy the table</button></p>`;
}

/** The name of a slide, and of its file where that is not the same. */
function nameOf({ slide: { name, files } }: CompareReport): string {
  const file = files.length === 1 ? files[0] : `${files[0]} …`;
  return file === name || files.length === 0 ? name : `${name} (${file})`;
}

/** Whether the interval of the audit holds the true value. */
function auditText({ methods: [{ audit, auditTruth }] }: CompareReport): string {
  if (!audit || !auditTruth || audit.tiles === 0 || auditTruth.tiles === 0) return 'none';
  const [low, high] = audit.retainedInterval;
  return auditTruth.retained >= low && auditTruth.retained <= high ? 'right' : 'wrong';
}

/** A figure of the first method, NaN where no tile has content. */
function ofContent(figure: 'retained' | 'agreement' | 'worst') {
  return ({ methods: [{ accuracy }] }: CompareReport) => (accuracy.tiles === 0 ? Number.NaN : accuracy[figure]);
}

function speedOf(report: CompareReport): number {
  const [first] = report.methods;
  return timesFaster(first.elapsedMs, referenceOf(report) ?? first);
}
